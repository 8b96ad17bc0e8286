"""``tools/list``, and the run of a tool."""

import logging
from typing import Any

import msgspec

from runtime.authoring.asking import ClientRefused
from runtime.authoring.content import Content, ToolResult, content_block
from runtime.authoring.context import Channel, Context
from runtime.authoring.derived import WRAPPED
from runtime.authoring.json_values import NotJson, escape, json_bytes
from runtime.authoring.process_exit import contain_exits, error_message
from runtime.authoring.secrets import SettingError
from runtime.authoring.tool import Tool, ToolError
from runtime.mcp.call import Call, Functions
from runtime.mcp.errors import InvalidParams
from runtime.mcp.pagination import page
from runtime.mcp.permissions import lacks_permission
from runtime.mcp.wire import fits
from runtime.redaction import redact
from runtime.validation.schemas import SchemaViolation

logger = logging.getLogger(__name__)


def list_tools(call: Call) -> dict[str, Any]:
    """Return the tools that the caller may use, in the order of their definition."""
    tools = [tool for tool in call.app.tools.values() if call.has_scopes(tool.options.scopes)]
    items, following = page(tools, "tools", call.params.get("cursor"), call.sender.signer)
    return {"tools": [tool.listing for tool in items], **following}


def find_tool(call: Call) -> Tool:
    """Return the tool of a ``tools/call``. Raise ``InvalidParams`` or ``InsufficientScope``."""
    tool = call.app.tools.get(call.params["name"])
    if tool is None:
        raise InvalidParams("is not a tool of this server", pointer="/params/name")
    call.require_scopes(tool.options.scopes)
    return tool


def run_call(
    tool: Tool, arguments: dict[str, Any], context: Context, channel: Channel, functions: Functions | None
) -> dict[str, Any]:
    """Run a tool, here or in its own function, which ``functions`` finds. Return its result as ``run_tool`` does."""
    if tool.options.function is None or functions is None:
        return run_tool(tool, arguments, context)
    # Imported for such tools only.
    from runtime.mcp.forwarding import forward_call  # noqa: PLC0415

    try:
        return forward_call(tool, arguments, context, channel, functions)
    except ToolError as error:
        return error_result(str(error))


def run_tool(tool: Tool, arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    """Run a tool and return its result, whose members are already encoded.

    MCP 2025-11-25, Tools, Error Handling: invalid arguments and failures inside the tool are results with ``isError``,
    so that a model can read them and try again.
    """
    try:
        with contain_exits():
            return _run(tool, arguments, context)
    except (ToolError, ClientRefused) as error:
        return error_result(error_message(error))
    except SettingError as error:
        logger.error(  # noqa: TRY400  # the message says everything
            "tool not configured", extra={"request_id": context.request_id, "tool": tool.name, "reason": str(error)}
        )
        return error_result(f"The tool {tool.name} is not configured: {error}")
    except Exception as error:
        # A tool may raise any exception, and none is a failure of the server.
        logger.exception("tool failed", extra={"request_id": context.request_id, "tool": tool.name})
        if isinstance(error, NotJson):
            return error_result(f"The tool {tool.name} returned a value that JSON cannot carry: {error}")
        if lacks_permission(error):
            return error_result(f"The tool {tool.name} lacks a permission in AWS (request {context.request_id})")
        return error_result(f"The tool {tool.name} failed unexpectedly (request {context.request_id})")


def error_result(message: str) -> dict[str, Any]:
    """Return a result that tells a model what went wrong."""
    return {"content": [content_block(redact(escape(message)))], "isError": True}


def _run(tool: Tool, arguments: dict[str, Any], context: Context) -> dict[str, Any]:
    try:
        bound = tool.bind(arguments, context)
    except SchemaViolation as violation:
        return error_result(f"Invalid arguments: {violation}")
    result, structured = _to_result(tool, tool.run(bound))
    encoded = json_bytes(result)
    if not fits(f"{encoded.decode()}{structured.decode()}"):
        return error_result(f"The result of {tool.name} is too large; ask for less of it")
    return _members(encoded, structured)


def _members(encoded: bytes, structured: bytes) -> dict[str, Any]:
    """Return the members of an encoded result and its structured content. A response copies their bytes."""
    members: dict[str, Any] = msgspec.json.decode(encoded, type=dict[str, msgspec.Raw])
    if "_meta" in members:
        # 2026-07-28 adds to it.
        members["_meta"] = msgspec.json.decode(members["_meta"])
    return {**members, "structuredContent": msgspec.Raw(structured)} if structured else members


def _to_result(tool: Tool, value: Any) -> tuple[dict[str, Any], bytes]:
    """Return the ``CallToolResult`` for a value that a tool returned, and apart from it the structured content as JSON,
    which is empty if there is none."""
    if isinstance(value, ToolResult):
        return _explicit_result(tool, value)
    parts = value if isinstance(value, list | tuple) and value else [value]
    if all(isinstance(part, Content) for part in parts) or (isinstance(value, str) and not tool.output_schema):
        return _explicit_result(tool, ToolResult(parts))
    encoded = json_bytes(value)
    text = msgspec.json.decode(encoded) if encoded.startswith(b'"') else encoded.decode()
    structured = b'{"%b":%b}' % (WRAPPED.encode(), encoded) if tool.wraps_result else encoded
    _check_output(tool, structured)
    return {"content": [content_block(text)], "isError": False}, structured if tool.output_schema else b""


def _explicit_result(tool: Tool, value: ToolResult) -> tuple[dict[str, Any], bytes]:
    blocks = [content_block(part) for part in value.content]
    structured = b""
    if value.structured is not None or (tool.output_schema and not value.is_error):
        structured = json_bytes(value.structured)
        if not value.is_error:
            _check_output(tool, structured)
        # MCP, Structured Content: for backwards compatibility, its JSON should be there as text too.
        blocks = blocks or [content_block(structured.decode())]
    result = {"content": blocks, "isError": value.is_error}
    return {**result, "_meta": dict(value.meta)} if value.meta else result, structured


def _check_output(tool: Tool, encoded: bytes) -> None:
    """Raise ``SchemaViolation`` for a result that does not match the tool's output schema (MCP, Output Schema)."""
    if tool.results:
        tool.results.check(msgspec.json.decode(encoded))
