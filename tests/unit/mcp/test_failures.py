"""Failures inside a resource, a prompt or a completion, and their errors."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from runtime.authoring import ClientRefused, Context, NoSuchResource, ToolError, completion, prompt, resource
from runtime.records.errors import StoreUnavailable
from tests.unit.mcp.conftest import Server, events, result

SECRET = "a-connection-string"
TICKETS = {"web": {1: "first"}}
NAME = {"type": "object", "properties": {"name": {"type": "string"}}}


@resource("tickets://{team}/{number}")
def ticket(team: str, number: int) -> str:
    """One ticket of a team."""
    if number == 0:
        raise NoSuchResource
    if number < 0:
        raise ToolError("the archive is closed")
    return TICKETS[team][number]


@prompt
def ill(kind: str) -> str:
    """Fail."""
    raise ToolError("not on Sundays") if kind == "told" else RuntimeError(SECRET)


@prompt
def polite(context: Context) -> str:
    """Ask, and do not mind the refusal."""
    return str(context.elicit("Who?", NAME, key="who").content)


@completion(ill, "kind")
def kinds(value: str) -> list[str]:
    """Fail."""
    raise ClientRefused(value) if value == "told" else RuntimeError(SECRET)


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(ticket, ill, polite, kinds)


def suggest(value: str) -> dict[str, Any]:
    return {"ref": {"type": "ref/prompt", "name": "ill"}, "argument": {"name": "kind", "value": value}}


@pytest.mark.parametrize("era", ["modern", "legacy"])
@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("resources/read", {"uri": "tickets://web/2"}),
        ("prompts/get", {"name": "ill", "arguments": {"kind": "other"}}),
        ("completion/complete", suggest("other")),
    ],
)
def test_an_unexpected_failure_is_an_error_with_the_id_of_its_request(
    server: Server, era: str, method: str, params: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """2026-07-28, Basic, Responses: an error MUST include the same ID as the request it corresponds to."""
    with caplog.at_level(logging.ERROR):
        answer = getattr(server, era)(method, params, id="mine")
    error = answer["json"]["error"]
    assert (answer["statusCode"], answer["json"]["id"], error["code"]) == (200, "mine", -32603)
    assert error["data"] == {"requestId": "request-1"}
    assert SECRET not in answer["body"]
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("resources/read", {"uri": "tickets://web/-1"}, "the archive is closed"),
        ("prompts/get", {"name": "ill", "arguments": {"kind": "told"}}, "not on Sundays"),
        ("completion/complete", suggest("told"), "told"),
    ],
)
@pytest.mark.parametrize("era", ["modern", "legacy"])
def test_a_tool_error_is_returned_with_its_message(
    server: Server, era: str, method: str, params: dict[str, Any], reason: str
) -> None:
    answer = getattr(server, era)(method, params, id=5)
    assert (answer["statusCode"], answer["json"]["id"]) == (200, 5)
    assert answer["json"]["error"] == {"code": -32603, "message": reason}


@pytest.mark.parametrize(("era", "code"), [("modern", -32602), ("legacy", -32002)])
def test_a_resource_can_raise_that_it_does_not_exist(server: Server, era: str, code: int) -> None:
    """Resources, Error Handling: -32602 in 2026-07-28, -32002 before it."""
    error = getattr(server, era)("resources/read", {"uri": "tickets://web/0"})["json"]["error"]
    assert (error["code"], error["data"]["uri"]) == (code, "tickets://web/0")


def test_a_client_that_refuses_a_prompts_question_gets_the_prompts_error(server: Server) -> None:
    session = server.session({"elicitation": {}})
    question = events(server.legacy("prompts/get", {"name": "polite"}, id=7, headers=session))[-1]
    refusal = {"jsonrpc": "2.0", "id": question["data"]["id"], "error": {"code": -1, "message": "no"}}
    assert server.post(refusal, **session)["statusCode"] == 202
    (answer,) = events(server.get(**session, **{"Last-Event-ID": question["id"]}))
    assert answer["data"] == {"jsonrpc": "2.0", "id": 7, "error": {"code": -32603, "message": "no"}}


def test_a_failure_in_a_batch_is_one_entry_of_it(server: Server) -> None:
    """2025-03-26, Batching."""
    read = {"jsonrpc": "2.0", "method": "resources/read"}
    batch = [{**read, "id": number, "params": {"uri": f"tickets://web/{number}"}} for number in (1, 2)]
    answers = server.post(batch)["json"]
    assert [answer.get("error", {}).get("code") for answer in answers] == [None, -32603]
    assert [answer["id"] for answer in answers] == [1, 2]


def test_an_outage_is_a_server_error_with_the_id_of_its_request(serve: Callable[..., Server]) -> None:
    """The request is not the cause, so the alarms of the API must see it."""

    @resource("test://remote")
    def remote() -> str:
        """What a store holds."""
        raise StoreUnavailable("get")

    answer = serve(remote).legacy("resources/read", {"uri": "test://remote"}, id=3)
    assert (answer["statusCode"], answer["json"]["id"], answer["json"]["error"]["code"]) == (500, 3, -32603)
    assert result(serve(ticket).legacy("ping", id=4)) == {}
