"""The era of the ``initialize`` handshake, 2024-11-05 to 2025-11-25, answered without keeping a session."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from runtime.event import Request
from runtime.mcp.call import Call
from runtime.mcp.errors import UnsupportedProtocolVersion
from runtime.mcp.resources import list_resources, read_resource
from runtime.mcp.revisions import LEGACY, UNSTATED, negotiated
from runtime.mcp.tools import call_tool, list_tools

ERA: Final = "legacy"


def revision(request: Request) -> str:
    """The revision in ``MCP-Protocol-Version``; raises ``UnsupportedProtocolVersion`` for one that is not legacy."""
    stated = request.headers.get("mcp-protocol-version", UNSTATED)
    if stated not in LEGACY:
        raise UnsupportedProtocolVersion(stated)
    return stated


def initialize(call: Call) -> dict[str, Any]:
    """2025-11-25, Lifecycle, Initialization. Nothing is kept: each later request says all there is to know."""
    result: dict[str, Any] = {
        "protocolVersion": negotiated(call.params["protocolVersion"]),
        "capabilities": call.capabilities,
        "serverInfo": call.server_info,
    }
    return {**result, "instructions": call.app.instructions} if call.app.instructions else result


def ping(_call: Call) -> dict[str, Any]:
    """2025-11-25, Ping: an empty result."""
    return {}


METHODS: Final[Mapping[str, Callable[[Call], dict[str, Any]]]] = {
    "initialize": initialize,
    "ping": ping,
    "tools/list": list_tools,
    "tools/call": call_tool,
    "resources/list": list_resources,
    "resources/read": read_resource,
}
