"""The headers in which a client of 2026-07-28 repeats parts of a message (Request Metadata)."""

import base64
from collections.abc import Mapping
from typing import Any

from runtime.authoring.tool import Tool
from runtime.mcp.methods import METHODS


def name_header(method: str, params: Mapping[str, Any]) -> dict[str, str]:
    """Return the header that repeats the name, the URI or the task id of a request, if its method has one."""
    described = METHODS.get(method)
    name = params.get(described.name_member) if described and described.name_member else None
    return {"Mcp-Name": _encode(name)} if isinstance(name, str) else {}


def parameter_headers(tool: Tool | None, arguments: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers that repeat arguments of a tool."""
    headers = {}
    for parameter in tool.headers if tool else ():
        value: Any = arguments
        for name in parameter.path:
            value = value.get(name) if isinstance(value, Mapping) else None
        if value is not None:
            headers[f"Mcp-Param-{parameter.name}"] = _encode(_text(value))
    return headers


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _encode(text: str) -> str:
    """Return a header value: Base64 for text that a header does not carry as it is."""
    if text.isascii() and text.isprintable() and text == text.strip() and not text.startswith("=?"):
        return text
    return f"=?base64?{base64.b64encode(text.encode()).decode()}?="
