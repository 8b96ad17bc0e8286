"""Tasks are held to scopes with every request about them, and run with what all of these have.

Tasks extension (SEP-2663), Security Considerations: "Servers MUST perform authentication and authorization checks on
each task-related request"; MCP 2026-07-28, Authorization, Scope Challenge Handling.
"""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.authoring import Context, Form, tool
from runtime.mcp.worker import TaskRunner
from runtime.storage.documents import task_store
from tests.unit.conftest import Clock
from tests.unit.mcp.conftest import Server, app_of, caller, events, result

TASKS: dict[str, Any] = {"extensions": {"io.modelcontextprotocol/tasks": {}}, "elicitation": {}}
NARROW, WIDE, WIDEST = caller(), caller(scope="mcp mcp:admin"), caller(scope="mcp mcp:admin mcp:audit")
YES = {"inputResponses": {"sure": {"action": "accept", "content": {}}}}
ANYTHING = {"type": "object"}


@tool(task="required", scopes=["mcp:admin"])
def wipe(context: Context) -> list[str]:
    """Wipe everything, once a user is sure, and return the scopes of the caller."""
    context.elicit("Sure?", ANYTHING, key="sure")
    return sorted(context.scopes)


@tool(task="required", scopes=["mcp:admin"])
def wipe_twice(context: Context) -> list[str]:
    """Wipe everything, once a user is sure twice, and return the scopes of the caller."""
    context.ask({"sure": Form("Sure?", ANYTHING), "really": Form("Really?", ANYTHING)})
    return sorted(context.scopes)


@tool(task="required")
def other() -> str:
    """Be there, so that the server has tasks."""
    return "other"


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(wipe, wipe_twice, other)


def start(server: Server, authorizer: dict[str, str] = WIDE, name: str = "wipe") -> str:
    begun = server.modern("tools/call", {"name": name}, capabilities=TASKS, authorizer=authorizer)
    return str(result(begun)["taskId"])


def ask(server: Server, method: str, task_id: str, authorizer: dict[str, str], **params: Any) -> dict[str, Any]:
    asked = {"taskId": task_id, **params}
    return server.modern(f"tasks/{method}", asked, capabilities=TASKS, authorizer=authorizer)


def listen(server: Server, task_ids: list[str], authorizer: dict[str, str]) -> dict[str, Any]:
    asked = {"notifications": {"taskIds": task_ids}}
    return server.modern("subscriptions/listen", asked, capabilities=TASKS, authorizer=authorizer)


def check_challenge(answer: dict[str, Any], scopes: str = "mcp:admin") -> None:
    assert answer["statusCode"] == 403
    assert answer["json"]["error"]["data"] == {"requiredScopes": scopes.split()}
    assert f'error="insufficient_scope", scope="{scopes}"' in answer["headers"]["WWW-Authenticate"]


@pytest.mark.parametrize("method", ["get", "update", "cancel"])
def test_a_token_without_the_scopes_of_the_tool_neither_reads_nor_steers_its_task(server: Server, method: str) -> None:
    task_id = start(server)
    kept = task_store(server.table).get(task_id, 0)
    check_challenge(ask(server, method, task_id, NARROW, **(YES if method == "update" else {})))
    assert task_store(server.table).get(task_id, 0) == kept
    assert ask(server, method, task_id, WIDE, **(YES if method == "update" else {}))["statusCode"] == 200


def test_nor_does_it_listen_to_the_task(server: Server) -> None:
    task_id = start(server)
    check_challenge(listen(server, ["unknown", task_id], NARROW))
    told = events(listen(server, [task_id], WIDE))
    assert told[0]["data"]["params"]["notifications"] == {"taskIds": [task_id]}


def test_nor_does_it_write_down_that_the_worker_was_lost(server: Server, clock: Clock) -> None:
    server.worker.hold = True
    task_id = start(server)
    clock.now += 900 + 121
    kept = task_store(server.table).get(task_id, 0)
    for answer in (ask(server, "get", task_id, NARROW), listen(server, [task_id], NARROW)):
        check_challenge(answer)
    assert task_store(server.table).get(task_id, 0) == kept
    assert result(ask(server, "get", task_id, WIDE))["status"] == "failed"


@pytest.mark.parametrize(("begun", "resumed"), [(WIDEST, WIDE), (WIDE, WIDEST)])
def test_a_resumed_task_has_the_scopes_that_both_tokens_have(
    server: Server, begun: dict[str, str], resumed: dict[str, str]
) -> None:
    task_id = start(server, begun)
    assert result(ask(server, "update", task_id, resumed, **YES))["resultType"] == "complete"
    done = result(ask(server, "get", task_id, WIDE))
    assert done["result"]["content"][0]["text"] == '["mcp","mcp:admin"]'


def test_every_token_that_answers_counts_not_only_the_last_one(server: Server) -> None:
    task_id = start(server, WIDEST, "wipe_twice")
    result(ask(server, "update", task_id, WIDE, **YES))
    really = {"inputResponses": {"really": {"action": "accept", "content": {}}}}
    result(ask(server, "update", task_id, WIDEST, **really))
    done = result(ask(server, "get", task_id, WIDEST))
    assert done["result"]["content"][0]["text"] == '["mcp","mcp:admin"]'


def with_app(server: Server, *members: Any) -> Server:
    """Return a server with the app of the next deployment, on the same stores and worker."""
    following = Server(app_of(*members), server.clock, server.table, server.worker)
    runner = TaskRunner(following.app, task_store(server.table), server.clock, wait=lambda _: None)
    server.worker.run = lambda task_id: runner.run(task_id, lambda: 60.0)
    return following


def test_the_task_of_a_tool_that_is_gone_fails_and_says_so(server: Server) -> None:
    task_id = start(server)
    following = with_app(server, other)
    check_challenge(ask(following, "get", task_id, NARROW))
    assert result(ask(following, "update", task_id, WIDE, **YES))["resultType"] == "complete"
    failed = result(ask(following, "get", task_id, WIDE))
    assert (failed["status"], failed["error"]["code"]) == ("failed", -32602)
    assert "is no longer a tool of this server" in failed["error"]["message"]
    check_challenge(ask(following, "get", task_id, NARROW))


def test_a_tool_that_needs_more_by_now_is_not_run_with_what_its_task_was_started_with(server: Server) -> None:
    @tool(name="wipe", task="required", scopes=["mcp:admin", "mcp:audit"])
    def stricter(context: Context) -> str:
        """Wipe everything, under a stricter rule."""
        raise AssertionError

    task_id = start(server)
    following = with_app(server, stricter)
    check_challenge(ask(following, "update", task_id, WIDE, **YES), "mcp:admin mcp:audit")
    result(ask(following, "update", task_id, WIDEST, **YES))
    failed = result(ask(following, "get", task_id, WIDEST))
    assert (failed["status"], failed["error"]["data"]) == ("failed", {"requiredScopes": ["mcp:admin", "mcp:audit"]})


def test_another_client_learns_nothing_of_a_task_whatever_its_scopes(server: Server) -> None:
    task_id = start(server)
    stranger = caller("eve")
    foreign, unknown = ask(server, "get", task_id, stranger), ask(server, "get", "x" * 32, stranger)
    assert foreign["json"]["error"] == unknown["json"]["error"]
    assert events(listen(server, [task_id], stranger))[0]["data"]["params"]["notifications"] == {}
