"""Tasks: the extension io.modelcontextprotocol/tasks."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.authoring import Context, ToolError, tool
from tests.unit.conftest import Clock
from tests.unit.mcp.conftest import Server, caller, events, result, text

TASKS: dict[str, Any] = {"extensions": {"io.modelcontextprotocol/tasks": {}}}
CAN = {**TASKS, "elicitation": {}}
OK = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}


@tool
def quick() -> str:
    """Answer at once."""
    return "quick"


@tool(task="optional")
def slow(seconds: int = 0) -> str:
    """Take a while."""
    return f"slept {seconds}"


@tool(task="required")
def endless() -> str:
    """Take too long for anything but a task."""
    raise ToolError("gave up")


@tool(task="optional")
def confirm(context: Context) -> str:
    """Ask twice."""
    first = context.elicit("Sure?", OK, key="sure").content
    second = context.elicit("Really?", OK, key="really").content
    context.pause()
    return f"{first} {second}"


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(quick, slow, endless, confirm)


def start(server: Server, name: str, **more: Any) -> dict[str, Any]:
    more.setdefault("capabilities", CAN)
    return result(server.modern("tools/call", {"name": name}, **more))


def ask(server: Server, method: str, task_id: str, **more: Any) -> dict[str, Any]:
    more.setdefault("capabilities", CAN)
    return server.modern(f"tasks/{method}", {"taskId": task_id, **more.pop("params", {})}, **more)


def test_a_task_is_a_handle_first_and_its_result_later(server: Server) -> None:
    """Task Creation and Task Polling."""
    server.worker.hold = True
    created = start(server, "slow")
    assert created["resultType"] == "task"
    assert created["status"] == "working"
    assert created["ttlMs"] == 24 * 3600 * 1000
    assert isinstance(created["pollIntervalMs"], int)
    assert created["createdAt"].endswith("Z")
    working = result(ask(server, "get", created["taskId"]))
    assert (working["status"], working["resultType"]) == ("working", "complete")
    assert "result" not in working
    server.worker.run(created["taskId"])
    done = result(ask(server, "get", created["taskId"]))
    assert done["status"] == "completed"
    assert done["result"] == {"content": [{"type": "text", "text": "slept 0"}], "isError": False}


def test_a_tool_error_completes_the_task(server: Server) -> None:
    """Task Status: failed is for JSON-RPC errors alone."""
    done = result(ask(server, "get", start(server, "endless")["taskId"]))
    assert (done["status"], done["result"]["isError"]) == ("completed", True)


def test_other_tools_and_other_clients_get_their_result_at_once(server: Server) -> None:
    """Capability Negotiation: no task for a client that did not declare the extension on this request."""
    assert text(server.modern("tools/call", {"name": "quick"}, capabilities=TASKS)) == "quick"
    assert text(server.modern("tools/call", {"name": "slow"})) == "slept 0"
    assert text(server.legacy("tools/call", {"name": "slow"})) == "slept 0"


def test_a_tool_that_must_run_as_a_task_names_the_missing_extension(server: Server) -> None:
    answer = server.modern("tools/call", {"name": "endless"})
    assert (answer["statusCode"], answer["json"]["error"]["code"]) == (400, -32021)
    assert answer["json"]["error"]["data"] == {"requiredCapabilities": TASKS}


def test_the_extension_is_announced(server: Server, serve: Callable[..., Server]) -> None:
    assert result(server.modern("server/discover"))["capabilities"]["extensions"] == TASKS["extensions"]


def test_questions_are_surfaced_and_answered_through_the_task(server: Server) -> None:
    """Task Update Requests."""
    task_id = start(server, "confirm")["taskId"]
    waiting = result(ask(server, "get", task_id))
    assert waiting["status"] == "input_required"
    assert waiting["inputRequests"]["sure"]["method"] == "elicitation/create"
    answers = {"inputResponses": {"sure": {"action": "accept", "content": {"ok": True}}, "unknown": {}}}
    acknowledged = result(ask(server, "update", task_id, params=answers))
    assert {name: acknowledged[name] for name in acknowledged if name != "_meta"} == {"resultType": "complete"}
    waiting = result(ask(server, "get", task_id))
    assert list(waiting["inputRequests"]) == ["really"]
    answers = {"inputResponses": {"really": {"action": "accept", "content": {"ok": False}}}}
    ask(server, "update", task_id, params=answers)
    done = result(ask(server, "get", task_id))
    assert done["result"]["content"][0]["text"] == "{'ok': True} {'ok': False}"


def test_a_question_that_is_asked_again_has_a_new_name(server: Server) -> None:
    """Task Polling: a key is never reused once a response for it was delivered."""
    task_id = start(server, "confirm")["taskId"]
    ask(server, "update", task_id, params={"inputResponses": {"sure": {"action": "accept", "content": {"ok": "?"}}}})
    (name,) = result(ask(server, "get", task_id))["inputRequests"]
    assert name != "sure"
    ask(server, "update", task_id, params={"inputResponses": {name: {"action": "accept", "content": {"ok": True}}}})
    assert list(result(ask(server, "get", task_id))["inputRequests"]) == ["really"]


def test_a_client_that_cannot_be_asked_has_its_task_failed(server: Server) -> None:
    task_id = start(server, "confirm", capabilities=TASKS)["taskId"]
    failed = result(ask(server, "get", task_id))
    assert (failed["status"], failed["error"]["code"]) == ("failed", -32021)


def test_a_cancelled_task_stays_cancelled(server: Server) -> None:
    """Task Cancellation."""
    server.worker.hold = True
    task_id = start(server, "slow")["taskId"]
    assert result(ask(server, "cancel", task_id))["resultType"] == "complete"
    server.worker.run(task_id)
    assert result(ask(server, "get", task_id))["status"] == "cancelled"
    assert result(ask(server, "cancel", task_id))["resultType"] == "complete"


def test_a_task_whose_worker_was_lost_has_failed(server: Server, clock: Clock) -> None:
    server.worker.hold = True
    task_id = start(server, "slow")["taskId"]
    clock.now += 900 + 120
    assert result(ask(server, "get", task_id))["status"] == "working"
    clock.now += 1
    failed = result(ask(server, "get", task_id))
    assert failed["status"] == "failed"
    assert failed["error"]["code"] == -32603
    server.worker.run(task_id)
    assert result(ask(server, "get", task_id))["status"] == "failed"


def test_a_task_is_gone_after_its_time(server: Server, clock: Clock) -> None:
    task_id = start(server, "slow")["taskId"]
    clock.now += 24 * 3600
    assert ask(server, "get", task_id)["json"]["error"]["code"] == -32602


@pytest.mark.parametrize("method", ["get", "update", "cancel"])
def test_a_task_is_visible_to_its_own_client_alone(server: Server, method: str) -> None:
    task_id = start(server, "slow")["taskId"]
    params: dict[str, Any] = {"inputResponses": {}} if method == "update" else {}
    foreign = ask(server, method, task_id, params=params, authorizer=caller("eve"))
    unknown = ask(server, method, "x" * 32, params=params)
    assert foreign["json"]["error"] == unknown["json"]["error"]
    assert foreign["json"]["error"]["code"] == -32602


@pytest.mark.parametrize("method", ["get", "update", "cancel"])
def test_task_methods_need_the_extension(server: Server, method: str) -> None:
    params: dict[str, Any] = {"inputResponses": {}} if method == "update" else {}
    answer = ask(server, method, "x", params=params, capabilities={})
    assert (answer["statusCode"], answer["json"]["error"]["code"]) == (400, -32021)


def test_listening_tells_the_state_of_tasks_and_ends(server: Server) -> None:
    """2026-07-28, Subscriptions, Acknowledgment and Graceful Closure; tasks extension, Task Status Notifications."""
    task_id = start(server, "slow")["taskId"]
    asked = {"notifications": {"taskIds": [task_id, "unknown"], "toolsListChanged": True}}
    sent = [event["data"] for event in events(server.modern("subscriptions/listen", asked, capabilities=CAN, id=9))]
    assert sent[0]["method"] == "notifications/subscriptions/acknowledged"
    assert sent[0]["params"]["notifications"] == {"taskIds": [task_id]}
    assert sent[1]["method"] == "notifications/tasks"
    assert sent[1]["params"]["status"] == "completed"
    assert {message["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"] for message in sent[:2]} == {9}
    assert sent[2]["result"]["resultType"] == "complete"
    answer = server.modern("subscriptions/listen", asked, capabilities={})
    assert answer["json"]["error"]["code"] == -32021


@tool(task="optional")
def huge(context: Context, size: int) -> str:
    """Answer at length."""
    runs.append(size)
    return "x" * size


runs: list[int] = []


def test_an_event_that_is_delivered_twice_runs_the_tool_once(serve: Callable[..., Server]) -> None:
    runs.clear()
    server = serve(huge)
    server.worker.hold = True
    created = result(server.modern("tools/call", {"name": "huge", "arguments": {"size": 1}}, capabilities=TASKS))
    server.worker.run(created["taskId"])
    server.worker.run(created["taskId"])
    assert runs == [1]


def test_what_is_too_large_to_keep_is_told_and_nothing_is_lost(serve: Callable[..., Server]) -> None:
    server = serve(huge, confirm)
    created = result(server.modern("tools/call", {"name": "huge", "arguments": {"size": 500_000}}, capabilities=TASKS))
    failed = result(ask(server, "get", created["taskId"]))
    assert (failed["status"], "too large" in failed["error"]["message"]) == ("failed", True)
    large = {"name": "huge", "arguments": {"size": 1, "note": "x" * 500_000}}
    refused = server.modern("tools/call", large, capabilities=TASKS)
    assert (refused["statusCode"], refused["json"]["error"]["code"]) == (200, -32602)


def test_a_legacy_client_cannot_call_a_tool_that_must_run_as_a_task(server: Server) -> None:
    assert server.legacy("tools/call", {"name": "endless"})["json"]["error"]["code"] == -32021
