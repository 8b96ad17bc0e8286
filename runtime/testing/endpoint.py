"""The MCP endpoint of an app in memory: the server of the mcp function, wired without AWS."""

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from runtime.authoring.app import App
from runtime.http.dispatch import dispatch
from runtime.mcp.call import Services
from runtime.mcp.endpoints import endpoints
from runtime.mcp.server import McpServer
from runtime.mcp.worker import TaskRunner
from runtime.records.mcp import Exchange, Task, Worker
from runtime.settings import McpSettings
from runtime.testing.stores import MemoryDocuments, MemoryLevels

# The timeout of the worker function, in seconds, as configured by default.
WORKER_SECONDS: Final = 900


class Identity(NamedTuple):
    """Who calls, as the authorizer would say. ``key`` signs what the client carries for the server."""

    client_id: str
    subject: str
    scopes: frozenset[str]
    key: bytes

    def to_context(self) -> dict[str, str]:
        """Return the authorizer's part of an API Gateway event."""
        return {
            "clientId": self.client_id,
            "subject": self.subject,
            "scope": " ".join(sorted(self.scopes)),
            "sealKeys": base64.urlsafe_b64encode(self.key).decode(),
        }


class Answer(NamedTuple):
    """An HTTP response: its status, its headers and its text."""

    status: int
    headers: Mapping[str, str]
    body: str


class Endpoint:
    """The MCP endpoint of one app. ``worker`` starts tasks, ``seconds`` is the time that a function has."""

    def __init__(self, app: App, worker: Worker, public_url: str = "http://localhost", seconds: float = 29) -> None:
        self.exchanges = MemoryDocuments(Exchange)
        self.tasks = MemoryDocuments(Task)
        self._seconds = seconds
        levels = MemoryLevels()
        services = Services(
            time.time, lambda: self.exchanges, lambda: levels, lambda: self.tasks, lambda: worker, WORKER_SECONDS
        )
        settings = McpSettings(public_url, "INFO", "remote-mcp", (), "", "", WORKER_SECONDS)
        self._endpoints = endpoints(McpServer(app, settings, services))

    def send(
        self, method: str, headers: Mapping[str, str], body: str, identity: Identity, request_id: str = "request-1"
    ) -> Answer:
        """Pass one HTTP request through the dispatch of the mcp function, and return its response."""
        event = {
            "httpMethod": method,
            "resource": "/mcp",
            "headers": dict(headers),
            "requestContext": {
                "requestId": request_id,
                "identity": {"sourceIp": "127.0.0.1"},
                "authorizer": identity.to_context(),
            },
            "body": body,
        }
        answer: dict[str, Any] = dispatch(event, self._endpoints, _Invocation(self._seconds))
        return Answer(answer["statusCode"], answer["headers"], answer["body"])

    def key_of_question(self, question_id: str) -> str:
        """Return the key of a question to a legacy client, which knows its id alone."""
        exchange = self.exchanges.get(question_id.rpartition(".")[0], 0)
        return exchange.pending[question_id] if exchange else question_id

    def keys_of_task(self, task_id: str) -> Mapping[str, str]:
        """Return the keys of a task's questions by the names that they have in the task."""
        task = self.tasks.get(task_id, 0)
        return task.names if task else {}

    def task_runner(self, app: App, wait: Callable[[float], None] = time.sleep) -> TaskRunner:
        """Return what runs the tasks of this endpoint. ``wait`` sleeps for seconds."""
        return TaskRunner(app, self.tasks, wait=wait)


class _Invocation:
    """The context of an invocation that has just begun."""

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds that are left."""
        return int(max(0.0, self._deadline - time.monotonic()) * 1000)
