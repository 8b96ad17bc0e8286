"""Tasks whose worker cannot be started."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.authoring import Context, tool
from runtime.records.errors import StoreUnavailable
from tests.unit.mcp.conftest import InlineWorker, Server, result

CAN: dict[str, Any] = {"extensions": {"io.modelcontextprotocol/tasks": {}}, "elicitation": {}}
YES = {"inputResponses": {"sure": {"action": "accept", "content": {}}}}


class FlakyWorker(InlineWorker):
    """Cannot be reached while it is ``away``."""

    away = False

    def start(self, task_id: str) -> None:
        if self.away:
            self.held.append(task_id)
            raise StoreUnavailable("start worker")
        super().start(task_id)


@tool(task="optional")
def confirm(context: Context) -> str:
    """Ask."""
    return context.elicit("Sure?", {"type": "object"}, key="sure").action


@pytest.fixture
def worker() -> FlakyWorker:
    return FlakyWorker()


@pytest.fixture
def server(serve: Callable[..., Server], worker: FlakyWorker) -> Server:
    return serve(confirm, worker=worker)


def test_answers_can_be_sent_again_if_no_worker_started(server: Server, worker: FlakyWorker) -> None:
    task = {"taskId": result(server.modern("tools/call", {"name": "confirm"}, capabilities=CAN))["taskId"]}
    worker.away = True
    failed = server.modern("tasks/update", {**task, **YES}, capabilities=CAN, id="u")
    assert (failed["statusCode"], failed["json"]["id"], failed["json"]["error"]["code"]) == (500, "u", -32603)
    waiting = result(server.modern("tasks/get", task, capabilities=CAN))
    assert (waiting["status"], list(waiting["inputRequests"])) == ("input_required", ["sure"])
    worker.away = False
    result(server.modern("tasks/update", {**task, **YES}, capabilities=CAN))
    done = result(server.modern("tasks/get", task, capabilities=CAN))
    assert (done["status"], done["result"]["content"][0]["text"]) == ("completed", "accept")


def test_a_task_whose_worker_never_started_has_failed(server: Server, worker: FlakyWorker) -> None:
    worker.away = True
    assert server.modern("tools/call", {"name": "confirm"}, capabilities=CAN)["statusCode"] == 500
    task = {"taskId": worker.held[0]}
    failed = result(server.modern("tasks/get", task, capabilities=CAN))
    assert (failed["status"], failed["error"]["code"]) == ("failed", -32603)
