"""Requests that ask need their scopes again when they continue: MCP, Authorization, Scope Challenge Handling."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.authoring import Context, completion, prompt, resource, tool
from runtime.storage.documents import exchange_store
from tests.unit.mcp.conftest import Server, app_of, caller, events, result

NARROW, WIDE, WIDEST = caller(), caller(scope="mcp mcp:admin"), caller(scope="mcp mcp:admin mcp:audit")
CAN: dict[str, Any] = {"elicitation": {}}
ANYTHING = {"type": "object"}
ANSWER = {"action": "accept", "content": {}}
runs: list[str] = []


@tool(scopes=["mcp:admin"])
def wipe(context: Context) -> str:
    """Wipe everything, once a user is sure, and return the scopes of the caller."""
    runs.append("wipe")
    context.elicit("Sure?", ANYTHING, key="sure")
    return " ".join(sorted(context.scopes))


@prompt(scopes=["mcp:admin"])
def confess(context: Context, sin: str = "none") -> str:
    """Confess, once a user is sure."""
    runs.append("confess")
    context.elicit("Sure?", ANYTHING, key="sure")
    return sin


@resource("test://secret/{name}", scopes=["mcp:admin"])
def secret(name: str, context: Context) -> str:
    """A secret, once a user is sure."""
    runs.append("secret")
    context.elicit("Sure?", ANYTHING, key="sure")
    return name


@completion(secret, "name")
def names(value: str, context: Context) -> list[str]:
    """Names of secrets, once a user is sure."""
    runs.append("names")
    context.elicit("Sure?", ANYTHING, key="sure")
    return [value]


@tool
def harmless() -> str:
    """Be there."""
    return "harmless"


MEMBERS = (wipe, confess, secret, names, harmless)
ARGUMENT = {"argument": {"name": "name", "value": "a"}}
REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("tools/call", {"name": "wipe"}),
    ("prompts/get", {"name": "confess"}),
    ("resources/read", {"uri": "test://secret/a"}),
    ("completion/complete", {"ref": {"type": "ref/resource", "uri": "test://secret/{name}"}, **ARGUMENT}),
]
IDS = [method for method, _ in REQUESTS]


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    runs.clear()
    return serve(*MEMBERS)


def begin(
    server: Server, method: str, params: dict[str, Any], authorizer: dict[str, str] = WIDE
) -> tuple[str, dict[str, Any]]:
    """Send a request that asks; the id to resume from, and the question."""
    answer = server.legacy(method, params, headers=server.session(CAN, authorizer), authorizer=authorizer)
    question = events(answer)[-1]
    return str(question["id"]), question["data"]


def reply(server: Server, question: dict[str, Any], authorizer: dict[str, str]) -> dict[str, Any]:
    return server.post({"jsonrpc": "2.0", "id": question["id"], "result": ANSWER}, authorizer)


def check_challenge(answer: dict[str, Any]) -> None:
    assert answer["statusCode"] == 403
    assert 'error="insufficient_scope", scope="mcp:admin"' in answer["headers"]["WWW-Authenticate"]
    assert answer["json"]["error"]["data"] == {"requiredScopes": ["mcp:admin"]}


@pytest.mark.parametrize(("method", "params"), REQUESTS, ids=IDS)
def test_a_token_without_the_scopes_neither_answers_nor_resumes(
    server: Server, method: str, params: dict[str, Any]
) -> None:
    """2025-11-25, Resumability; a refused token changes nothing, so the right token can continue at once."""
    last, question = begin(server, method, params)
    store = exchange_store(server.table)
    kept = store.get(last.rpartition("_")[0], 0)
    check_challenge(reply(server, question, NARROW))
    check_challenge(server.get(NARROW, **{"Last-Event-ID": last}))
    assert store.get(last.rpartition("_")[0], 0) == kept
    assert reply(server, question, WIDE)["statusCode"] == 202
    answered = store.get(last.rpartition("_")[0], 0)
    check_challenge(server.get(NARROW, **{"Last-Event-ID": last}))
    assert store.get(last.rpartition("_")[0], 0) == answered
    assert len(runs) == 1
    assert "result" in events(server.get(WIDE, **{"Last-Event-ID": last}))[-1]["data"]
    assert len(runs) == 2
    check_challenge(server.get(NARROW, **{"Last-Event-ID": last.rpartition("_")[0] + "_0"}))


@pytest.mark.parametrize(
    ("begun", "answering", "resuming"), [(WIDEST, WIDE, WIDEST), (WIDEST, WIDEST, WIDE), (WIDE, WIDEST, WIDEST)]
)
def test_a_resumed_run_has_the_scopes_that_all_its_tokens_have(
    server: Server, begun: dict[str, str], answering: dict[str, str], resuming: dict[str, str]
) -> None:
    last, question = begin(server, "tools/call", {"name": "wipe"}, begun)
    assert reply(server, question, answering)["statusCode"] == 202
    done = events(server.get(resuming, **{"Last-Event-ID": last}))[-1]["data"]
    assert done["result"]["content"][0]["text"] == "mcp mcp:admin"


@pytest.mark.parametrize(("method", "params"), REQUESTS, ids=IDS)
def test_what_is_gone_by_now_is_a_clear_error_and_still_closed(
    server: Server, method: str, params: dict[str, Any]
) -> None:
    last, question = begin(server, method, params)
    reply(server, question, WIDE)
    following = Server(app_of(harmless), server.clock, server.table)
    check_challenge(following.get(NARROW, **{"Last-Event-ID": last}))
    answer = events(following.get(WIDE, **{"Last-Event-ID": last}))[-1]["data"]
    assert answer["error"]["code"] in {-32602, -32002}
    check_challenge(following.get(NARROW, **{"Last-Event-ID": last}))


def test_what_needs_more_by_now_is_not_run_with_less(server: Server) -> None:
    @tool(name="wipe", scopes=["mcp:admin", "mcp:audit"])
    def stricter() -> str:
        """Wipe everything, under a stricter rule."""
        raise AssertionError

    last, question = begin(server, "tools/call", {"name": "wipe"})
    reply(server, question, WIDE)
    following = Server(app_of(stricter), server.clock, server.table)
    assert following.get(WIDE, **{"Last-Event-ID": last})["statusCode"] == 403
    answer = events(following.get(WIDEST, **{"Last-Event-ID": last}))[-1]["data"]
    assert answer["error"]["data"] == {"requiredScopes": ["mcp:admin", "mcp:audit"]}


@pytest.mark.parametrize(("method", "params"), REQUESTS[:3], ids=IDS[:3])
def test_a_modern_retry_is_held_to_scopes_before_anything_runs(
    server: Server, method: str, params: dict[str, Any]
) -> None:
    """2026-07-28, Multi Round-Trip Requests: each round is a request of its own."""
    first = result(server.modern(method, params, capabilities=CAN, authorizer=WIDE))
    retry = {**params, "inputResponses": {"sure": ANSWER}, "requestState": first["requestState"]}
    check_challenge(server.modern(method, retry, capabilities=CAN, authorizer=NARROW))
    assert len(runs) == 1
    assert result(server.modern(method, retry, capabilities=CAN, authorizer=WIDE))["resultType"] == "complete"
