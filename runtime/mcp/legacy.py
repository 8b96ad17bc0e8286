"""The era of the ``initialize`` handshake, 2024-11-05 to 2025-11-25, served without a session."""

import functools
from collections.abc import Mapping
from typing import Any, Final, cast

from runtime.authoring.context import Channel, InputRequired, Level
from runtime.http.event import Request
from runtime.mcp import features
from runtime.mcp.backchannel import Outcome
from runtime.mcp.call import Call, Method, Services
from runtime.mcp.errors import ErrorResponse, InvalidMessage, JsonRpcError, UnsupportedProtocolVersion
from runtime.mcp.failures import error_responses
from runtime.mcp.message import Message
from runtime.mcp.revisions import LEGACY, SUPPORTED, UNSTATED, negotiate_revision
from runtime.mcp.round_trips import check_capabilities, count_notifications
from runtime.mcp.server_info import server_info_for
from runtime.mcp.tools import error_result
from runtime.records.mcp import Principal

LEVEL_SECONDS: Final = 24 * 3600
DEFAULT_LEVEL: Final[Level] = "info"


def read_revision(request: Request, message: Message) -> str:
    """Return the revision in ``MCP-Protocol-Version``. Raise ``UnsupportedProtocolVersion`` unless it is legacy.

    With ``initialize``, which negotiates the revision in its body, the header may name any supported revision.
    """
    stated = request.headers.get("mcp-protocol-version", UNSTATED)
    if stated not in (SUPPORTED if message.method == "initialize" else LEGACY):
        raise UnsupportedProtocolVersion(stated)
    return stated


def open_channel(message: Message, capabilities: Mapping[str, Any], owner: Principal, services: Services) -> Channel:
    """Return the channel between a run and its client. The log level is read when the run first logs something."""
    return Channel(
        capabilities=capabilities,
        progress_token=message.meta.get("progressToken"),
        log_level=functools.cache(lambda: cast("Level", services.levels().get(owner) or DEFAULT_LEVEL)),
    )


def run(method: Method, message: Message, call: Call) -> Outcome:
    """Run a method. Return its response, its error or the questions that it has for the client."""
    channel = call.channel
    try:
        with error_responses(message.id, call.context.request_id):
            result = method.run(call)
    except InputRequired as needed:
        return Outcome(channel.unsent, count_notifications(channel), needed=needed)
    except ErrorResponse as error:
        return Outcome(channel.unsent, count_notifications(channel), error=error)
    response = {"jsonrpc": "2.0", "id": message.id, "result": result}
    return Outcome(channel.unsent, count_notifications(channel), response=response)


def refuse_unaskable(message: Message, call: Call, outcome: Outcome, *, streams: bool) -> Outcome:
    """Return the outcome, or an error in its place if the client cannot be asked what the run needs.

    A tool that cannot ask returns an error result, which the model can read.
    """
    if outcome.needed is None:
        return outcome
    try:
        if not streams:
            raise InvalidMessage("needs input from the client, which does not accept text/event-stream here")
        check_capabilities(call.channel, outcome.needed.questions)
    except JsonRpcError as error:
        if message.method != "tools/call":
            return Outcome(outcome.notifications, outcome.notified, error=ErrorResponse(error, message.id))
        result = error_result(f"The tool needs a capability that this client does not have: {error.reason}")
        response = {"jsonrpc": "2.0", "id": message.id, "result": result}
        return Outcome(outcome.notifications, outcome.notified, response=response)
    return outcome


def initialize(call: Call) -> dict[str, Any]:
    """2025-11-25, Lifecycle, Initialization. Nothing is stored: later requests state all that the server needs."""
    revision = negotiate_revision(call.params["protocolVersion"])
    result: dict[str, Any] = {
        "protocolVersion": revision,
        "capabilities": features.capabilities(call.app),
        "serverInfo": server_info_for(call.server_info, revision),
    }
    return {**result, "instructions": call.app.instructions} if call.app.instructions else result


def ping(_call: Call) -> dict[str, Any]:
    """2025-11-25, Ping: an empty result."""
    return {}


def set_level(call: Call) -> dict[str, Any]:
    """2025-11-25, Logging, Setting Log Level. The level applies to this client's requests for one day."""
    expires_at = int(call.services.clock()) + LEVEL_SECONDS
    call.services.levels().put(call.sender.owner, call.params["level"], expires_at)
    return {}
