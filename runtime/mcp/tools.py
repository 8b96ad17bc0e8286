"""``tools/list`` and ``tools/call``."""

import logging
from typing import Any

import msgspec

from runtime.authoring.asking import ClientRefused
from runtime.authoring.contained import contained, told
from runtime.authoring.content import Content, ToolResult, content_block
from runtime.authoring.context import Context
from runtime.authoring.json_values import NotJson, escape, json_value
from runtime.authoring.tool import Tool, ToolError
from runtime.mcp.call import Call
from runtime.mcp.errors import InvalidParams
from runtime.mcp.pagination import page
from runtime.mcp.wire import fits
from runtime.validation.schemas import SchemaViolation

logger = logging.getLogger(__name__)


def list_tools(call: Call) -> dict[str, Any]:
    """The tools that the caller may use, in the order of their definition."""
    tools = [tool for tool in call.app.tools.values() if call.may(tool.options.scopes)]
    shown, following = page(tools, "tools", call.params.get("cursor"), call.signer)
    return {"tools": [tool.shown for tool in shown], **following}


def find_tool(call: Call) -> Tool:
    """The tool of a ``tools/call``. Raises ``InvalidParams`` or ``InsufficientScope``."""
    tool = call.app.tools.get(call.params["name"])
    if tool is None:
        raise InvalidParams("is not a tool of this server", pointer="/params/name")
    call.check(tool.options.scopes)
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
        with contained():
            return _run(tool, arguments, context)
    except (ToolError, ClientRefused) as error:
        return refused(told(error))
    except Exception as error:
        # The author's code may raise anything, and none of it is a failure of the server.
        logger.exception("tool failed", extra={"request_id": context.request_id, "tool": tool.name})
        if isinstance(error, NotJson):
            return refused(f"The tool {tool.name} has made what JSON cannot carry: {error}")
        return refused(f"The tool {tool.name} failed unexpectedly (request {context.request_id})")


def _run(tool: Tool, arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    try:
        bound = tool.bind(arguments, context)
    except SchemaViolation as violation:
        return refused(f"Invalid arguments: {violation}")
    result: dict[str, Any] = json_value(_result(tool, tool.run(bound)))
    return result if fits(_json(result)) else refused(f"The result of {tool.name} is too large; ask for less of it")


def _result(tool: Tool, value: Any) -> dict[str, Any]:
    if isinstance(value, ToolResult):
        return _explicit(tool, value)
    parts = value if isinstance(value, list | tuple) and value else [value]
    if all(isinstance(part, Content) for part in parts) or (isinstance(value, str) and not tool.output_schema):
        return _explicit(tool, ToolResult(parts))
    plain = json_value(value)
    result: dict[str, Any] = {"content": [content_block(plain if isinstance(plain, str) else _json(plain))]}
    if tool.output_schema:
        result["structuredContent"] = _conforming(tool, plain)
    return {**result, "isError": False}


def _explicit(tool: Tool, value: ToolResult) -> dict[str, Any]:
    blocks = [content_block(part) for part in value.content]
    result: dict[str, Any] = {"content": blocks, "isError": value.is_error}
    if value.structured is not None or (tool.output_schema and not value.is_error):
        plain = json_value(value.structured)
        result["structuredContent"] = plain if value.is_error else _conforming(tool, plain)
        # MCP, Structured Content: for backwards compatibility its JSON should be there as text too.
        result["content"] = blocks or [content_block(_json(plain))]
    return {**result, "_meta": dict(value.meta)} if value.meta else result


def _conforming(tool: Tool, plain: Any) -> Any:
    """MCP, Output Schema: structured results must conform to it. A tool that breaks its word has failed."""
    if tool.results:
        tool.results.check(plain)
    return plain


def refused(message: str) -> dict[str, Any]:
    """A result that tells a model what went wrong."""
    return {"content": [content_block(escape(message))], "isError": True}


def _json(value: Any) -> str:
    """The text of what ``json_value`` has made."""
    return msgspec.json.encode(value).decode()
