"""Headers that repeat parts of the body (MCP 2026-07-28, Request Metadata)."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any, Final

from runtime.authoring.headers import HeaderParameter
from runtime.authoring.tool import Tool
from runtime.http.event import Request
from runtime.mcp.errors import HeaderMismatch

_START, _END = "=?base64?", "?="
# RFC 8259 6. Python accepts more: 4_2, +42, 42.
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def check_version(request: Request, version: str) -> None:
    """Raise ``HeaderMismatch`` unless ``MCP-Protocol-Version`` is the version in ``_meta``."""
    _check(request, "MCP-Protocol-Version", version)


def check_method(request: Request, method: str | None) -> None:
    """Raise ``HeaderMismatch`` unless ``Mcp-Method`` is the method of the body."""
    _check(request, "Mcp-Method", method)


def check_name(request: Request, name: Any) -> None:
    """Raise ``HeaderMismatch`` unless ``Mcp-Name`` is the name, URI or task id in the body."""
    stated = request.headers.get("mcp-name")
    if stated is None or _decode("Mcp-Name", stated) != name:
        raise HeaderMismatch("the header Mcp-Name is missing or does not match the body")


def check_parameters(request: Request, tool: Tool, arguments: Mapping[str, Any]) -> None:
    """Raise ``HeaderMismatch`` unless every ``Mcp-Param-`` header of the tool repeats its argument."""
    for parameter in tool.headers:
        header = f"Mcp-Param-{parameter.name}"
        stated = request.headers.get(header.lower())
        value = _argument(parameter, arguments)
        if value is None and stated is None:
            continue
        if value is None or stated is None or not _is_same(_decode(header, stated), value):
            raise HeaderMismatch(f"the header {header} is missing or does not match the body")


def _check(request: Request, header: str, expected: Any) -> None:
    if request.headers.get(header.lower(), "").strip(" \t") != expected:
        raise HeaderMismatch(f"the header {header} is missing or does not match the body")


def _argument(parameter: HeaderParameter, arguments: Mapping[str, Any]) -> Any:
    """Return the argument of a parameter, ``None`` for a missing one."""
    value: Any = arguments
    for name in parameter.path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _is_same(stated: str, value: Any) -> bool:
    if isinstance(value, bool):
        return stated == ("true" if value else "false")
    if isinstance(value, int):
        try:
            # Server Validation: compare integers as numbers, so that 42.0 equals 42.
            return _NUMBER.fullmatch(stated) is not None and float(stated) == value
        except OverflowError:
            return False
    return bool(stated == value)


def _decode(header: str, stated: str) -> str:
    """Return a header value without white space and Base64 sentinel. Raise ``HeaderMismatch`` for an invalid value."""
    value = stated.strip(" \t")
    if value.startswith(_START) and value.endswith(_END):
        try:
            return base64.b64decode(value[len(_START) : -len(_END)], validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise HeaderMismatch(f"the header {header} is not valid Base64") from error
    if not all(char == "\t" or " " <= char <= "~" for char in value):
        raise HeaderMismatch(f"the header {header} has characters that are not allowed")
    return value
