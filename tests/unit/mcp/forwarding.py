"""An endpoint whose tools run in a function of their own, for the tests beside it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from runtime.authoring import Tool, tool
from runtime.authoring.manifest import decode_manifest, encode_manifest
from runtime.mcp.tool_function import ToolFunction
from runtime.records.mcp import RemoteFunction
from tests.unit.conftest import Clock
from tests.unit.mcp.conftest import Server, app_of

NAME = "billing"


class LocalFunction:
    """A function in this process that reads and answers JSON, as on Lambda. ``calls`` are the payloads."""

    def __init__(self, tools: Mapping[str, Tool], seconds: float = 20) -> None:
        self._function = ToolFunction(tools, clock=lambda: 0.0)
        self._seconds = seconds
        self.calls: list[dict[str, Any]] = []

    def invoke(self, payload: bytes) -> bytes:
        self.calls.append(json.loads(payload))
        return json.dumps(self._function.answer(self.calls[-1], lambda: self._seconds)).encode()


def remote(function: Callable[..., Any], **options: Any) -> Tool:
    """Return a function as a tool that has a function of its own."""
    return tool(function=NAME, **options)(function)


def forwarding(clock: Clock, *tools: Tool, by: RemoteFunction | None = None) -> Server:
    """Return an endpoint that knows its tools from a manifest, and lets ``by`` or a local function run them."""
    function = by or LocalFunction({tool.name: tool for tool in tools})
    app = app_of(*decode_manifest(encode_manifest(tools)))
    return Server(app, clock, functions={NAME: function}.__getitem__)
