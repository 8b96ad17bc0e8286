"""Tools that start in the request and continue as a task, and tasks that are cancelled during a pause."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.authoring import Context, DefinitionError, tool
from runtime.mcp.worker import TaskRunner
from runtime.storage.documents import task_store
from tests.unit.conftest import Clock
from tests.unit.mcp.conftest import Server, result, text

CAN: dict[str, Any] = {"extensions": {"io.modelcontextprotocol/tasks": {}}, "elicitation": {}}
NAME = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
ALICE = {"who": {"action": "accept", "content": {"name": "Alice"}}}


@tool(task="optional", detaches=True)
def welcome(context: Context, short: bool = False) -> str:
    """Ask who it is, and welcome them at length."""
    answer = context.elicit("Who is it?", NAME, key="who").content or {}
    if not short:
        context.detach()
    return f"Welcome, {answer['name']}!"


@tool(task="optional")
def patient(context: Context) -> str:
    """Wait twice."""
    context.pause()
    RUNS.append("went on")
    context.pause()
    return "waited"


RUNS: list[str] = []


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    RUNS.clear()
    return serve(welcome, patient)


def call_and_answer(server: Server, capabilities: dict[str, Any], **arguments: Any) -> dict[str, Any]:
    """Call the tool, answer its question, and return the response."""
    call = {"name": "welcome", "arguments": arguments}
    asked = result(server.modern("tools/call", call, capabilities=capabilities))
    assert (asked["resultType"], list(asked["inputRequests"])) == ("input_required", ["who"])
    retry = {**call, "inputResponses": ALICE, "requestState": asked["requestState"]}
    return server.modern("tools/call", retry, capabilities=capabilities)


def test_a_tool_that_detaches_asks_first_and_its_task_knows_the_answers(server: Server) -> None:
    """Tasks extension, Task Creation: input is gathered before the task is made."""
    created = result(call_and_answer(server, CAN))
    assert created["resultType"] == "task"
    assert "requestState" not in created
    params = {"taskId": created["taskId"]}
    done = result(server.modern("tasks/get", params, capabilities=CAN))
    assert (done["status"], done["result"]["content"][0]["text"]) == ("completed", "Welcome, Alice!")


def test_a_tool_that_does_not_detach_responds_at_once(server: Server) -> None:
    assert text(call_and_answer(server, CAN, short=True)) == "Welcome, Alice!"


def test_detaching_does_nothing_for_a_client_without_tasks(server: Server) -> None:
    assert text(call_and_answer(server, {"elicitation": {}})) == "Welcome, Alice!"


def test_only_a_tool_that_may_run_as_a_task_can_detach() -> None:
    def plain() -> str:
        """Answer."""
        return ""

    with pytest.raises(DefinitionError, match="detaches only where it may run as a task"):
        tool(detaches=True)(plain)


def test_a_task_that_is_cancelled_during_a_pause_stops(server: Server, clock: Clock) -> None:
    """Task Cancellation: no client waits for it, and a worker is billed by the second."""
    server.worker.hold = True
    params = {"taskId": result(server.modern("tools/call", {"name": "patient"}, capabilities=CAN))["taskId"]}

    def cancel(_seconds: float) -> None:
        assert result(server.modern("tasks/cancel", params, capabilities=CAN))

    runner = TaskRunner(server.app, task_store(server.table), clock, wait=cancel)
    runner.run(params["taskId"], lambda: 60.0)
    assert RUNS == []
    assert result(server.modern("tasks/get", params, capabilities=CAN))["status"] == "cancelled"
