"""Tools in functions of their own, through the whole stack: both eras, tasks, failures, and what each role may do."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.e2e.conftest import TIMEOUT, Server
from tests.e2e.test_tasks import Client
from tests.support.local_stack import LocalStack
from tests.support.names import PREFIX

pytestmark = pytest.mark.stack

YES = {"action": "accept", "content": {"sure": True}}
LEGACY = {"MCP-Protocol-Version": "2025-11-25"}
SELF = {"name": "end to end", "version": "1"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    config = {"appModule": "tests.e2e.functions_app", "appNeeds": "tests/e2e/functions_needs.py"}
    with LocalStack(tmp_path_factory.mktemp("functions"), config=config) as stack:
        server = Server(stack.outputs["url"], stack.directory)
        yield Client(server, server.token(server.register()))


def messages(stream: str) -> list[dict[str, Any]]:
    """Return the messages of a stream, and the ids of their events."""
    blocks = [dict(line.partition(": ")[::2] for line in block.split("\n")) for block in stream.strip().split("\n\n")]
    return [{"event": block.get("id"), **json.loads(block["data"])} for block in blocks if block.get("data")]


def logged(client: Client, function: str) -> list[str]:
    logs = client.server.client_of("logs")
    [group] = logs.describe_log_groups(logGroupNamePrefix=f"{PREFIX}-{function}-logs")["logGroups"]
    return [event["message"] for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]]


def test_a_tool_runs_in_its_own_function_with_its_own_environment(client: Client) -> None:
    here, ledger = json.loads(client.call("here", tasks=False))
    assert (here.startswith(f"{PREFIX}-mcp"), ledger) == (True, "no ledger")
    result = client.request("tools/call", tasks=False, name="there", arguments={})["result"]
    there = result["structuredContent"]
    assert there["function"].startswith(f"{PREFIX}-tool-billing")
    assert (there["ledger"], there["yaml"], there["left"]) == ("books", "total: 1", "3")
    lines = [line for line in logged(client, "tool-billing") if there["request"] in line]
    assert any(json.loads(line)["tool"] == "there" for line in lines)


def test_a_modern_client_answers_its_question(client: Client) -> None:
    asked = client.request("tools/call", tasks=False, name="charge", arguments={"cents": 150})["result"]
    assert (asked["resultType"], list(asked["inputRequests"])) == ("input_required", ["question-1"])
    answers = {"requestState": asked["requestState"], "inputResponses": {"question-1": YES}}
    done = client.request("tools/call", tasks=False, name="charge", arguments={"cents": 150}, **answers)["result"]
    assert done["content"][0]["text"] == "charged 150"


def test_a_legacy_client_answers_its_question_and_gets_its_progress(client: Client) -> None:
    url = f"{client.server.url}/mcp"
    headers = {**LEGACY, "Authorization": f"Bearer {client.token}", "Accept": "application/json, text/event-stream"}
    capable = {"protocolVersion": "2025-11-25", "capabilities": {"elicitation": {}}, "clientInfo": SELF}
    hello: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": capable}
    headers["Mcp-Session-Id"] = requests.post(url, json=hello, headers=headers, timeout=TIMEOUT).headers[
        "Mcp-Session-Id"
    ]
    params = {"name": "charge", "arguments": {"cents": 5}, "_meta": {"progressToken": "p"}}
    call: dict[str, Any] = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params}
    progress, question = messages(requests.post(url, json=call, headers=headers, timeout=TIMEOUT).text)
    assert (progress["method"], question["method"]) == ("notifications/progress", "elicitation/create")
    answer = {"jsonrpc": "2.0", "id": question["id"], "result": YES}
    requests.post(url, json=answer, headers=headers, timeout=TIMEOUT)
    resuming = {**headers, "Last-Event-ID": question["event"], "Accept": "text/event-stream"}
    second, done = messages(requests.get(url, headers=resuming, timeout=TIMEOUT).text)
    assert second["params"]["progress"] == 2
    assert done["result"]["content"][0]["text"] == "charged 5"


def test_a_task_runs_there_too_and_asks(client: Client) -> None:
    task_id = client.start("charge", cents=7)
    assert client.outcome(task_id)["status"] == "input_required"
    client.request("tasks/update", taskId=task_id, inputResponses={"question-1": YES})
    assert client.outcome(task_id)["result"]["content"][0]["text"] == "charged 7"


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("fail", {"how": "message"}, "there is no such account"),
        ("fail", {"how": "bug"}, "The tool fail failed unexpectedly (request"),
        ("fail", {"how": 1}, "Invalid arguments: /how"),
        ("fail", {"how": "sleep"}, "The tool fail took too long"),
        ("fail", {"how": "exit"}, "The tool fail failed: its function broke off (request"),
        ("never", {}, "The tool never failed: its function broke off (request"),
    ],
)
def test_a_failure_is_a_clear_error_without_a_stack(client: Client, tool: str, arguments: Any, said: str) -> None:
    result = client.request("tools/call", tasks=False, name=tool, arguments=arguments)["result"]
    assert result["isError"] is True
    assert said in result["content"][0]["text"]
    assert not {"Traceback", "internal detail", "LEDGER"} & set(result["content"][0]["text"].split())


def test_a_function_may_do_what_its_needs_say_and_nothing_else(client: Client) -> None:
    [bucket] = [
        each["Name"] for each in client.server.client_of("s3").list_buckets()["Buckets"] if "invoices" in each["Name"]
    ]
    table = client.server.client_of("dynamodb").list_tables()["TableNames"][0]
    [key] = [
        each["ARN"]
        for each in client.server.client_of("secretsmanager").list_secrets()["SecretList"]
        if "signing" in each["Name"]
    ]
    forbidden: list[tuple[str, str, dict[str, Any]]] = [
        ("s3", "put_object", {"Bucket": bucket, "Key": "a", "Body": "b"}),
        ("dynamodb", "get_item", {"TableName": table, "Key": {"pk": {"S": "task#1"}}}),
        ("secretsmanager", "get_secret_value", {"SecretId": key}),
        *(("lambda", "invoke", {"FunctionName": f"{PREFIX}-{name}"}) for name in ("mcp", "worker", "tool-post:live")),
    ]
    for service, operation, parameters in forbidden:
        said = client.call(
            "reach", tasks=False, service=service, operation=operation, parameters=json.dumps(parameters)
        )
        assert "AccessDenied" in said, (service, operation, said)
    listing = json.dumps({"Bucket": bucket})
    assert client.call("reach", tasks=False, service="s3", operation="list_objects_v2", parameters=listing) == "allowed"
    assert "AccessDenied" in client.call("list_from_here", tasks=False, bucket=bucket)
