"""What ``tasks-status-notifications`` is about (tasks extension, Task Status Notifications), checked here.

The suite's scenario of this name skips itself whatever a server does, until it is written anew.
"""

import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import requests

from tests.conformance.result import Check

REVISION: Final = "2026-07-28"
PREFIX: Final = "io.modelcontextprotocol/"
TASKS: Final = f"{PREFIX}tasks"
TERMINAL: Final = frozenset({"completed", "failed", "cancelled"})
LIMIT_SECONDS: Final = 20
_ids = itertools.count(1)


def check(url: str) -> list[Check]:
    """The checks, against a server whose tool ``slow_compute`` runs as a task."""
    try:
        call = {"name": "slow_compute", "arguments": {"seconds": 1, "label": "notified"}}
        task_id = _send(url, "tools/call", call, name="slow_compute")[-1]["result"]["taskId"]
        first, last = _listen(url, task_id), _until_terminal(url, task_id)
        return [
            _verdict("tasks-listen-acknowledged", lambda: _acknowledges(first, task_id)),
            _verdict("tasks-listen-first-status", lambda: _notifies(first, task_id)),
            _verdict("tasks-listen-result", lambda: bool(_task(last)["result"]["content"])),
            _verdict("tasks-listen-final-status", lambda: _notifies(last, task_id, "completed")),
            _verdict("tasks-listen-unknown-task", lambda: _ignores(_listen(url, "nobody-knows-this-task"))),
            _verdict("tasks-listen-undeclared", lambda: _refuses(_listen(url, task_id, extensions={}))),
        ]
    except (requests.RequestException, LookupError, ValueError, TimeoutError) as error:
        return [Check("tasks-listen", "FAILURE", f"{type(error).__name__}: {error}")]


def _verdict(name: str, holds: Callable[[], bool]) -> Check:
    try:
        return Check(name, "SUCCESS") if holds() else Check(name, "FAILURE", "does not hold")
    except (LookupError, TypeError) as error:
        return Check(name, "FAILURE", f"a message lacks {error}")


def _acknowledges(messages: list[Any], task_id: str) -> bool:
    """The first message agrees to the task, and the last one closes the stream; all of them carry its id."""
    acknowledged, *notified, closing = messages
    tags = {_tag(message["params"]) for message in (acknowledged, *notified)} | {_tag(closing["result"])}
    return (
        acknowledged["method"] == "notifications/subscriptions/acknowledged"
        and acknowledged["params"]["notifications"] == {"taskIds": [task_id]}
        and tags == {closing["id"]}
    )


def _notifies(messages: list[Any], task_id: str, status: str | None = None) -> bool:
    task = _task(messages)
    return task["taskId"] == task_id and task["status"] in ({status} if status else {"working", *TERMINAL})


def _ignores(messages: list[Any]) -> bool:
    """Nothing is agreed to, and nothing is told."""
    acknowledged, _closing = messages
    return not acknowledged["params"]["notifications"]


def _refuses(messages: list[Any]) -> bool:
    """A client without the extension learns what it lacks."""
    error = messages[-1]["error"]
    return error["code"] == -32021 and TASKS in error["data"]["requiredCapabilities"]["extensions"]


def _tag(holder: Mapping[str, Any]) -> Any:
    return holder["_meta"][f"{PREFIX}subscriptionId"]


def _task(messages: list[Any]) -> Mapping[str, Any]:
    told = [message["params"] for message in messages if message.get("method") == "notifications/tasks"]
    return dict(told[-1])


def _until_terminal(url: str, task_id: str) -> list[Any]:
    deadline = time.monotonic() + LIMIT_SECONDS
    while True:
        messages = _listen(url, task_id)
        if _task(messages)["status"] in TERMINAL:
            return messages
        if time.monotonic() > deadline:
            raise TimeoutError("the task does not end")
        time.sleep(0.3)


def _listen(url: str, task_id: str, extensions: Mapping[str, Any] | None = None) -> list[Any]:
    return _send(url, "subscriptions/listen", {"notifications": {"taskIds": [task_id]}}, extensions=extensions)


def _send(
    url: str,
    method: str,
    params: Mapping[str, Any],
    *,
    name: str | None = None,
    extensions: Mapping[str, Any] | None = None,
) -> list[Any]:
    """The messages that answer a request."""
    capabilities = {"extensions": {TASKS: {}} if extensions is None else extensions}
    meta = {f"{PREFIX}protocolVersion": REVISION, f"{PREFIX}clientCapabilities": capabilities}
    headers = {
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": REVISION,
        "Mcp-Method": method,
        **({"Mcp-Name": name} if name else {}),
    }
    message: dict[str, Any] = {
        "jsonrpc": "2.0",
        "id": next(_ids),
        "method": method,
        "params": {**params, "_meta": meta},
    }
    answer = requests.post(url, json=message, headers=headers, timeout=LIMIT_SECONDS)
    if answer.headers["Content-Type"] == "text/event-stream":
        return list(_events(answer.text))
    return [answer.json()]


def _events(body: str) -> Iterator[Any]:
    return (json.loads(line.removeprefix("data:")) for line in body.splitlines() if line.startswith("data:"))
