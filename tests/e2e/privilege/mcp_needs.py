"""What the functions behind ``/mcp`` need: the authorizer, the mcp function and the worker."""

import json
import time
from typing import Any

import requests

from local.processes import wait_until
from runtime.prefixes import CLIENTS, CUTOFF, EXCHANGES, GRANTS, LEVELS, REVOKED, TASKS
from tests.e2e.conftest import TIMEOUT, bearer
from tests.e2e.privilege.need import NO_LINE, OWN_LOG_ACTIONS, Need, Probe, audit, item, log, secret
from tests.e2e.privilege.permission import Permission
from tests.e2e.privilege.world import OWN_LOG, SIGNING_KEY, WORKER, World

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
TASK_EXTENSION = "io.modelcontextprotocol/tasks"
WAIT_SECONDS = 30
# The worker's log comes after the result of its task.
LOG_SECONDS = 3


def call_as_machine(world: World) -> None:
    assert world.server.rpc(world.token(), PING).status_code == 200


def call_as_user(world: World) -> None:
    client = world.editor()
    assert client.works(world.sign_in(client)["access_token"])


def deny(world: World) -> None:
    """A token that is none is denied, and the audit log says so: at once only of the first one that a process sees."""
    world.renew_processes("authorizer")
    since = world.milliseconds()
    assert world.server.rpc(f"no-token-{next(world.numbers)}", PING).status_code == 401
    told = [event["event"] for event in world.audit_log(since)]
    assert told == ["access_denied"], f"the audit log has {told}"


def log_call(function: str) -> Probe:
    """Return a probe of the log of a function that answers a call."""

    def probe(world: World) -> None:
        since = world.milliseconds()
        call_as_machine(world)
        assert world.log_of(function, since), NO_LINE

    return probe


def log_task(world: World) -> None:
    since = world.milliseconds()
    run_task(world)
    assert wait_until(lambda: world.log_of("worker", since) != [], LOG_SECONDS), NO_LINE


def _modern(world: World, token: str, method: str, **params: Any) -> dict[str, Any]:
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {"extensions": {TASK_EXTENSION: {}}},
    }
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": meta, **params}}
    name = params.get("name") or params["taskId"]
    headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method, "Mcp-Name": name}
    answer = world.server.rpc(token, message, **headers)
    assert answer.status_code == 200, answer.text
    assert "result" in answer.json(), answer.text
    return dict(answer.json()["result"])


def run_task(world: World) -> None:
    """A tool runs as a task. The worker's invocation has ended when its log says so."""
    token, since = world.token(), world.milliseconds()
    task = _modern(world, token, "tools/call", name="add", arguments={"numbers": [1, 2]})
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        ended = any(line.startswith("REPORT") for line in world.log_of("worker", since))
        found = _modern(world, token, "tasks/get", taskId=task["taskId"])
        if found["status"] != "working":
            break
        assert not ended, "the worker ended without a result"
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert found["result"]["content"][0]["text"] == "3"


def _legacy(
    world: World, token: str, message: dict[str, Any] | None, session: dict[str, str], **headers: str
) -> requests.Response:
    """Send a message, or resume a stream. The check of answers in schemas/openapi.yaml reads no events without data."""
    sent = {"Accept": "application/json, text/event-stream", **bearer(token), **session, **headers}
    body = {"jsonrpc": "2.0", **message} if message else None
    method = "POST" if message else "GET"
    answer = requests.request(method, f"{world.server.url}/mcp", json=body, headers=sent, timeout=TIMEOUT)
    assert answer.status_code in {200, 202}, answer.text
    return answer


def _initialize(world: World, token: str, capabilities: dict[str, Any]) -> dict[str, str]:
    info = {"name": "probe", "version": "1"}
    params = {"protocolVersion": "2025-11-25", "capabilities": capabilities, "clientInfo": info}
    answer = _legacy(world, token, {"id": 0, "method": "initialize", "params": params}, {})
    return {"MCP-Protocol-Version": "2025-11-25", "Mcp-Session-Id": answer.headers.get("Mcp-Session-Id", "")}


def _events(text: str) -> list[tuple[str, Any]]:
    """Return the id and the message of each event of a stream."""
    blocks = [dict(line.partition(": ")[::2] for line in block.splitlines()) for block in text.strip().split("\n\n")]
    return [(block.get("id", ""), json.loads(block.get("data") or "null")) for block in blocks]


def ask(world: World) -> None:
    """A legacy client answers a question of a tool, and gets the result on the stream that it resumes."""
    token = world.token()
    session = _initialize(world, token, {"elicitation": {"form": {}}})
    call = {"id": 7, "method": "tools/call", "params": {"name": "greet", "arguments": {}}}
    events = _events(_legacy(world, token, call, session).text)
    [question] = [message for _, message in events if message and "method" in message]
    answer = {"action": "accept", "content": {"name": "Ada"}}
    _legacy(world, token, {"id": question["id"], "result": answer}, session)
    resumed = _legacy(world, token, None, session, **{"Accept": "text/event-stream", "Last-Event-ID": events[-1][0]})
    assert "Hello, Ada!" in resumed.text


def set_level(world: World) -> None:
    """A legacy client asks for the messages of a level, and gets them."""
    token = world.token()
    session = _initialize(world, token, {})
    _legacy(world, token, {"id": 1, "method": "logging/setLevel", "params": {"level": "debug"}}, session)
    call = {"id": 2, "method": "tools/call", "params": {"name": "mutter", "arguments": {}}}
    assert "hm" in _legacy(world, token, call, session).text


MACHINE, USER, TASK = "a machine client calls a tool", "a client calls a tool for a user", "a tool runs as a task"
ASK, LEVEL = "a tool asks a client of 2025-11-25", "a client of 2025-11-25 sets its log level"
NEEDS: list[Need] = [
    *log("authorizer", OWN_LOG_ACTIONS, OWN_LOG, "it writes its log", log_call("authorizer")),
    *item("authorizer", "BatchGetItem", CLIENTS, MACHINE, call_as_machine),
    *item("authorizer", "BatchGetItem", REVOKED, MACHINE, call_as_machine),
    *item("authorizer", "BatchGetItem", CUTOFF, MACHINE, call_as_machine),
    *item("authorizer", "BatchGetItem", GRANTS, USER, call_as_user),
    *secret("authorizer", "GetSecretValue", SIGNING_KEY, MACHINE, call_as_machine),
    audit("authorizer", "the audit log has denied tokens", deny),
    *log("mcp", OWN_LOG_ACTIONS, OWN_LOG, "it writes its log", log_call("mcp")),
    *item("mcp", "GetItem PutItem", EXCHANGES, ASK, ask),
    *item("mcp", "GetItem PutItem", LEVELS, LEVEL, set_level),
    *item("mcp", "GetItem PutItem", TASKS, TASK, run_task),
    Need(Permission("mcp", "lambda:InvokeFunction", WORKER), TASK, run_task),
    *log("worker", OWN_LOG_ACTIONS, OWN_LOG, "it writes its log", log_task),
    *item("worker", "GetItem PutItem", TASKS, TASK, run_task),
]
