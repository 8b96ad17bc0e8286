"""``tools/list`` and ``tools/call``."""

import logging
from typing import Any

import msgspec

from runtime.authoring.asking import ClientRefused
from runtime.authoring.content import Content, ToolResult, content_block
from runtime.authoring.context import Context
from runtime.authoring.tool import Tool, ToolError
from runtime.mcp.call import Call
from runtime.mcp.errors import InvalidParams
from runtime.mcp.pagination import page
from runtime.mcp.wire import fits
from runtime.validation import Schema, SchemaViolation

logger = logging.getLogger(__name__)


def list_tools(call: Call) -> dict[str, Any]:
    """The tools that the caller may use, in the order of their definition."""
    tools = [tool for tool in call.app.tools.values() if call.may(tool.options.scopes)]
    shown, following = page(tools, "tools", call.params.get("cursor"), call.sealer)
    return {"tools": [tool.shown for tool in shown], **following}


def find_tool(call: Call) -> Tool:
    """The tool of a ``tools/call``. Raises ``InvalidParams`` or ``InsufficientScope``."""
    tool = call.app.tools.get(call.params["name"])
    if tool is None:
        raise InvalidParams("is not a tool of this server", pointer="/params/name")
    call.require(tool.options.scopes)
    return tool


def call_tool(call: Call) -> dict[str, Any]:
    """Run a tool and wait for it. Raises ``InvalidParams`` or ``InsufficientScope``."""
    return run_tool(find_tool(call), call.params.get("arguments", {}), call.context)


def run_tool(tool: Tool, arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """The result of a tool.

    MCP 2025-11-25, Tools, Error Handling: arguments that the tool's schema refuses, and whatever fails inside the
    tool, are results with ``isError``, so that a model can see them and try again.
    """
    try:
        tool.arguments.check(arguments)
        result = _result(tool, tool.run(arguments, context))
    except SchemaViolation as violation:
        return refused(f"Invalid arguments: {violation}")
    except (ToolError, ClientRefused) as error:
        return refused(str(error))
    except Exception:
        logger.exception("tool failed", extra={"request_id": context.request_id, "tool": tool.name})
        return refused(f"The tool {tool.name} failed unexpectedly (request {context.request_id})")
    return result if fits(_json(result)) else refused(f"The result of {tool.name} is too large; ask for less of it")


def _result(tool: Tool, value: Any) -> dict[str, Any]:
    if isinstance(value, ToolResult):
        return _explicit(value)
    if isinstance(value, str | Content):
        return {"content": [content_block(value)], "isError": False}
    if isinstance(value, list | tuple) and value and all(isinstance(part, Content) for part in value):
        return {"content": [content_block(part) for part in value], "isError": False}
    plain = msgspec.to_builtins(value)
    result: dict[str, Any] = {"content": [content_block(_json(plain))], "isError": False}
    if tool.output_schema:
        # MCP, Output Schema: structured results must conform to it; a tool that breaks its word has failed.
        Schema(tool.output_schema).check(plain)
        result["structuredContent"] = plain
    return result


def _explicit(value: ToolResult) -> dict[str, Any]:
    blocks = [content_block(part) for part in value.content]
    result: dict[str, Any] = {"content": blocks, "isError": value.is_error}
    if value.structured is not None:
        result["structuredContent"] = plain = msgspec.to_builtins(value.structured)
        # MCP, Structured Content: for backwards compatibility its JSON should be there as text too.
        result["content"] = blocks or [content_block(_json(plain))]
    return {**result, "_meta": dict(value.meta)} if value.meta else result


def refused(message: str) -> dict[str, Any]:
    """A result that tells a model what went wrong."""
    return {"content": [content_block(message)], "isError": True}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
