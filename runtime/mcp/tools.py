"""``tools/list`` and ``tools/call``."""

import logging
from collections.abc import Mapping
from typing import Any

import msgspec

from runtime.authoring.tool import Tool, ToolError
from runtime.mcp.call import Call
from runtime.mcp.errors import InvalidParams
from runtime.validation import SchemaViolation

logger = logging.getLogger(__name__)


def list_tools(call: Call) -> dict[str, Any]:
    """The tools in the order of their definition."""
    return {"tools": [_shown(tool) for tool in call.app.tools.values()]}


def call_tool(call: Call) -> dict[str, Any]:
    """Run a tool. Raises ``InvalidParams`` for one that is not there.

    MCP 2025-11-25, Tools, Error Handling: arguments that the tool's schema refuses, and whatever fails inside the
    tool, are results with ``isError``, so that a model can see them and try again.
    """
    tool = call.app.tools.get(call.params["name"])
    if tool is None:
        raise InvalidParams("is not a tool of this server", pointer="/params/name")
    arguments = call.params.get("arguments", {})
    try:
        tool.arguments.check(arguments)
        return _result(tool, tool.run(arguments, call.context))
    except SchemaViolation as violation:
        return _error(f"Invalid arguments: {violation}")
    except ToolError as error:
        return _error(str(error))
    except Exception:
        logger.exception("tool failed", extra={"request_id": call.context.request_id, "tool": tool.name})
        return _error(f"The tool {tool.name} failed unexpectedly (request {call.context.request_id})")


def _shown(tool: Tool) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": tool.name, "description": tool.description, "inputSchema": tool.input_schema}
    if tool.title:
        shown["title"] = tool.title
    if tool.output_schema:
        shown["outputSchema"] = tool.output_schema
    return shown


def _result(tool: Tool, value: Any) -> dict[str, Any]:
    """Text as it is; anything else as JSON, and structured too where the tool declares an output schema."""
    if isinstance(value, str):
        return {"content": [_text(value)], "isError": False}
    plain = msgspec.to_builtins(value)
    result: dict[str, Any] = {"content": [_text(msgspec.json.encode(plain).decode())], "isError": False}
    if tool.output_schema:
        result["structuredContent"] = plain
    return result


def _error(message: str) -> dict[str, Any]:
    return {"content": [_text(message)], "isError": True}


def _text(text: str) -> Mapping[str, str]:
    return {"type": "text", "text": text}
