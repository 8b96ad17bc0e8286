"""An MCP endpoint to talk to, in both eras, with its stores in memory."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from runtime.authoring import App
from runtime.mcp.call import Functions, Services
from runtime.mcp.endpoints import endpoints
from runtime.mcp.server import McpServer
from runtime.mcp.worker import TaskRunner
from runtime.settings import About, McpSettings
from runtime.storage.documents import exchange_store, task_store
from runtime.storage.levels import DynamoDBLevels
from tests.memory.table import MemoryTable
from tests.unit.conftest import NOW, PUBLIC_URL, Clock, sender

MODERN = "2026-07-28"
LEGACY = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
PREFIX = "io.modelcontextprotocol/"
BOTH = "application/json, text/event-stream"
INITIALIZE = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


def caller(client_id: str = "client-1", scope: str = "mcp") -> dict[str, str]:
    """Return the authorizer's context for a client."""
    key = base64.urlsafe_b64encode(client_id.encode().ljust(32, b"-")).decode()
    said = {"clientId": client_id, "subject": client_id, "scope": scope, "sealKeys": key}
    return {**said, "expiresAt": str(2 * NOW), "servedUntil": str(2 * NOW + 60)}


def app_of(*members: Any, instructions: str | None = "Be kind.") -> App:
    """Return an app of some tools, resources, prompts and completions."""

    class Module:
        pass

    module: Any = Module()
    for index, member in enumerate(members):
        setattr(module, f"member{index}", member)
    return App([module], instructions=instructions)


class InlineWorker:
    """Runs a task at once, or later if ``hold`` is set."""

    def __init__(self) -> None:
        self.run: Callable[[str], None] = lambda task_id: None
        self.held: list[str] = []
        self.hold = False

    def start(self, task_id: str) -> None:
        if self.hold:
            self.held.append(task_id)
        else:
            self.run(task_id)


@dataclass
class Server:
    """An endpoint over one app, and the clock and the worker behind it."""

    app: App
    clock: Clock
    table: MemoryTable = field(default_factory=MemoryTable)
    worker: InlineWorker = field(default_factory=InlineWorker)
    origins: tuple[str, ...] = ("*",)
    about: About = field(default_factory=About)
    functions: Functions | None = None

    def __post_init__(self) -> None:
        tasks = task_store(self.table)
        exchanges, levels = exchange_store(self.table), DynamoDBLevels(self.table)
        runner = TaskRunner(self.app, tasks, self.clock, wait=lambda _: None, functions=self.functions)
        self.worker.run = lambda task_id: runner.run(task_id, lambda: 60.0)
        services = Services(
            self.clock, lambda: exchanges, lambda: levels, lambda: tasks, lambda: self.worker, 900, self.functions
        )
        settings = McpSettings(
            PUBLIC_URL, "INFO", "test-server", self.origins, "table", "worker", 900, about=self.about
        )
        server = McpServer(self.app, settings, services)
        self._send = sender(endpoints(server))

    def post(self, message: Any, authorizer: dict[str, str] | None = None, /, **headers: str) -> dict[str, Any]:
        """One POST; ``message`` is sent as it is when it is text."""
        body = message if isinstance(message, str) else json.dumps(message)
        sent = {"Content-Type": "application/json", "Accept": BOTH, **headers}
        return self._send("POST", "/mcp", body=body, headers=sent, authorizer=authorizer or caller())

    def get(self, authorizer: dict[str, str] | None = None, /, **headers: str) -> dict[str, Any]:
        """One GET."""
        return self._send("GET", "/mcp", headers={"Accept": BOTH, **headers}, authorizer=authorizer or caller())

    def legacy(self, method: str, params: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """A request of a legacy client."""
        headers = {"MCP-Protocol-Version": more.pop("revision", "2025-11-25"), **more.pop("headers", {})}
        message = {"jsonrpc": "2.0", "id": more.pop("id", 1), "method": method, "params": params or {}}
        return self.post(message, more.pop("authorizer", None), **headers)

    def session(self, capabilities: dict[str, Any], authorizer: dict[str, str] | None = None) -> dict[str, str]:
        """The header of a legacy client that has initialized with these capabilities."""
        answer = self.legacy("initialize", {**INITIALIZE, "capabilities": capabilities}, authorizer=authorizer)
        return {"Mcp-Session-Id": answer["headers"]["Mcp-Session-Id"]}

    def modern(self, method: str, params: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """A request of a modern client, its headers as they should be."""
        params = dict(params or {})
        meta = {
            f"{PREFIX}protocolVersion": MODERN,
            f"{PREFIX}clientCapabilities": more.pop("capabilities", {}),
            **params.pop("_meta", {}),
        }
        named = params.get("name") or params.get("uri") or params.get("taskId")
        headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": method} | (
            {"Mcp-Name": named} if isinstance(named, str) else {}
        )
        headers |= more.pop("headers", {})
        message = {"jsonrpc": "2.0", "id": more.pop("id", "m"), "method": method, "params": {"_meta": meta, **params}}
        return self.post(message, more.pop("authorizer", None), **headers)


@pytest.fixture
def serve(clock: Clock) -> Callable[..., Server]:
    """Makes an endpoint over some tools, resources, prompts and completions."""
    return lambda *members, **options: Server(app_of(*members), clock, **options)


def events(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the events of a stream: their ``id``, ``retry`` and parsed ``data``."""
    assert answer["headers"]["Content-Type"] == "text/event-stream"
    found = []
    for block in answer["body"].strip().split("\n\n"):
        fields = dict(line.partition(": ")[::2] for line in block.split("\n"))
        fields["data"] = json.loads(fields["data"]) if fields.get("data") else None
        found.append(fields)
    return found


def result(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the result in a JSON response or at the end of a stream."""
    message = answer["json"] if answer["json"] is not None else events(answer)[-1]["data"]
    assert "result" in message, message
    return dict(message["result"])


def text(answer: dict[str, Any]) -> str:
    """Return the text of a tool's result."""
    return str(result(answer)["content"][0]["text"])
