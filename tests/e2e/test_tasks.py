"""Tasks through the whole stack: an asynchronous invocation, the worker, and what its role lets it do."""

import time
from dataclasses import dataclass
from typing import Any

import pytest

from local.stack import find_running
from tests.e2e.conftest import TIMEOUT, Server
from tests.support.names import PREFIX

EXTENSION = "io.modelcontextprotocol/tasks"
# Longer than the emulator waits before it makes a failed asynchronous invocation again.
RETRY_SECONDS = 2


@dataclass(frozen=True)
class Client:
    """A 2026-07-28 client of a stack that serves the tools of ``tasks_app``."""

    server: Server
    token: str

    def request(self, method: str, *, tasks: bool = True, **params: Any) -> dict[str, Any]:
        """The answer to one request, by a client that knows tasks or does not."""
        capabilities: dict[str, Any] = {"elicitation": {"form": {}}}
        if tasks:
            capabilities["extensions"] = {EXTENSION: {}}
        meta = {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": capabilities,
        }
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": meta, **params}}
        name = params.get("name") or params["taskId"]
        headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method, "Mcp-Name": name}
        return dict(self.server.rpc(self.token, message, **headers).json())

    def start(self, tool: str, **arguments: Any) -> str:
        """The id of a new task."""
        result = self.request("tools/call", name=tool, arguments=arguments)["result"]
        assert (result["resultType"], result["status"]) == ("task", "working")
        return str(result["taskId"])

    def outcome(self, task_id: str) -> dict[str, Any]:
        """A task once it no longer works."""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            task: dict[str, Any] = self.request("tasks/get", taskId=task_id)["result"]
            if task["status"] != "working":
                return task
            time.sleep(0.1)
        raise AssertionError(f"task {task_id} still works")

    def call(self, tool: str, *, tasks: bool, **arguments: Any) -> Any:
        """The text that a tool answers with, run by the worker or, without ``tasks``, by the mcp function."""
        if tasks:
            result = self.outcome(self.start(tool, **arguments))["result"]
        else:
            result = self.request("tools/call", tasks=False, name=tool, arguments=arguments)["result"]
        return result["content"][0]["text"]

    def worker_log(self) -> list[str]:
        """What the worker and the platform under it have logged."""
        logs = self.server.client_of("logs")
        [group] = logs.describe_log_groups(logGroupNamePrefix=f"{PREFIX}-worker")["logGroups"]
        return [event["message"] for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]]


@pytest.fixture(scope="module")
def client(feature_server: Server) -> Client:
    return Client(feature_server, feature_server.token(feature_server.register()))


def test_a_task_outlives_the_request_that_started_it(client: Client) -> None:
    task_id = client.start("slow_sum", numbers=[1, 2, 3], seconds=1)
    assert client.request("tasks/get", taskId=task_id)["result"]["status"] == "working"
    done = client.outcome(task_id)
    assert (done["status"], done["result"]["content"][0]["text"]) == ("completed", "6")


def test_a_client_that_does_not_know_tasks_gets_the_result_itself(client: Client) -> None:
    assert client.call("slow_sum", tasks=False, numbers=[4, 5]) == "9"


def test_a_task_asks_its_client_and_goes_on_with_the_answer(client: Client) -> None:
    task_id = client.start("welcome")
    asking = client.outcome(task_id)
    assert (asking["status"], list(asking["inputRequests"])) == ("input_required", ["name"])
    client.request(
        "tasks/update", taskId=task_id, inputResponses={"name": {"action": "accept", "content": {"name": "Ada"}}}
    )
    assert client.outcome(task_id)["result"]["content"][0]["text"] == "Hello, Ada!"


def test_a_cancelled_task_stays_cancelled(client: Client) -> None:
    task_id = client.start("slow_sum", numbers=[1], seconds=1)
    client.request("tasks/cancel", taskId=task_id)
    assert client.outcome(task_id)["status"] == "cancelled"


def test_a_worker_that_dies_is_not_started_again(client: Client) -> None:
    def deaths() -> int:
        return sum("died" in line for line in client.worker_log())

    client.start("crash")
    deadline = time.monotonic() + TIMEOUT
    while not deaths() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(RETRY_SECONDS)
    assert deaths() == 1


@pytest.mark.parametrize("tasks", [True, False], ids=["worker", "mcp"])
def test_a_tool_reaches_neither_the_key_nor_another_function_nor_the_whole_table(client: Client, tasks: bool) -> None:
    secrets = client.server.client_of("secretsmanager").list_secrets()["SecretList"]
    assert len(secrets) == 2
    table = find_running(client.server.directory).outputs["table_name"]
    forbidden: list[tuple[str, str, dict[str, Any]]] = [
        *(("secretsmanager", "get_secret_value", {"SecretId": secret["ARN"]}) for secret in secrets),
        ("lambda", "invoke", {"FunctionName": f"{PREFIX}-oauth"}),
        ("lambda", "invoke", {"FunctionName": f"{PREFIX}-mcp:live"}),
        ("lambda", "invoke", {"FunctionName": f"{PREFIX}-worker"}),
        ("dynamodb", "scan", {"TableName": table}),
        ("dynamodb", "delete_item", {"TableName": table, "Key": {"pk": {"S": "task#1"}}}),
        ("dynamodb", "get_item", {"TableName": table, "Key": {"pk": {"S": "grant#1"}}}),
        ("dynamodb", "query", {"TableName": table, "KeyConditionExpression": "pk = pk"}),
    ]
    for service, operation, parameters in forbidden:
        outcome = client.call("attempt", tasks=tasks, service=service, operation=operation, parameters=parameters)
        assert "AccessDenied" in outcome, (service, operation, outcome)
    allowed = {"TableName": table, "Key": {"pk": {"S": "task#1"}}}
    assert (
        client.call("attempt", tasks=tasks, service="dynamodb", operation="get_item", parameters=allowed) == "allowed"
    )
