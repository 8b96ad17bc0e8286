"""The stateless era, 2026-07-28: every request says in ``_meta`` what it speaks."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from runtime.event import Request
from runtime.mcp.call import Call
from runtime.mcp.errors import HeaderMismatch, MalformedMetadata, UnsupportedProtocolVersion
from runtime.mcp.message import Message
from runtime.mcp.resources import list_resources, read_resource
from runtime.mcp.revisions import LEGACY, MODERN, SUPPORTED
from runtime.mcp.tools import call_tool, list_tools
from runtime.validation import SchemaViolation, schema

ERA: Final = MODERN
PREFIX: Final = "io.modelcontextprotocol/"
VERSION: Final = f"{PREFIX}protocolVersion"
# What a tool or resource is may change with the next deployment, and what is listed with the caller.
CACHE: Final = {"ttlMs": 300_000, "cacheScope": "private"}


def speaks(request: Request, message: Message) -> bool:
    """Whether a request is modern (Versioning, Compatibility Matrix): it carries the version in ``_meta`` or names none
    of the legacy revisions in its header."""
    stated = request.headers.get("mcp-protocol-version")
    return VERSION in message.meta or (stated is not None and stated not in LEGACY)


def check_envelope(request: Request, message: Message) -> None:
    """What precedes the method, in order: ``_meta``, the version, the headers that repeat the body.

    Raises ``MalformedMetadata``, ``HeaderMismatch`` or ``UnsupportedProtocolVersion``.
    """
    try:
        schema(f"mcp/{MODERN}/meta").check(message.params)
    except SchemaViolation as violation:
        raise MalformedMetadata.of(violation) from violation
    version = message.meta[VERSION]
    _match(request, "MCP-Protocol-Version", version)
    if version != MODERN:
        raise UnsupportedProtocolVersion(version)
    _match(request, "Mcp-Method", message.method)


def complete(result: dict[str, Any], call: Call) -> dict[str, Any]:
    """A result with what 2026-07-28 wants on each: ``resultType``, and ``serverInfo`` in its ``_meta``."""
    meta = {**result.get("_meta", {}), f"{PREFIX}serverInfo": call.server_info}
    return {"resultType": "complete", **result, "_meta": meta}


def discover(call: Call) -> dict[str, Any]:
    """Discovery: the versions and capabilities of the server."""
    result: dict[str, Any] = {"supportedVersions": SUPPORTED, "capabilities": call.capabilities}
    return {**result, "instructions": call.app.instructions} if call.app.instructions else result


def _cacheable(method: Callable[[Call], dict[str, Any]]) -> Callable[[Call], dict[str, Any]]:
    """The method with the caching hints of 2026-07-28 on its result."""
    return lambda call: {**method(call), **CACHE}


def _match(request: Request, header: str, expected: Any) -> None:
    if request.headers.get(header.lower()) != expected:
        raise HeaderMismatch(f"the header {header} is missing or does not match the body")


METHODS: Final[Mapping[str, Callable[[Call], dict[str, Any]]]] = {
    "server/discover": _cacheable(discover),
    "tools/list": _cacheable(list_tools),
    "tools/call": call_tool,
    "resources/list": _cacheable(list_resources),
    "resources/read": _cacheable(read_resource),
}
