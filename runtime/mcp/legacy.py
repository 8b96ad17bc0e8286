"""The era of the ``initialize`` handshake, 2024-11-05 to 2025-11-25, answered without keeping a session."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from runtime.authoring.context import Channel, InputRequired, Level
from runtime.http.event import Request
from runtime.mcp import features
from runtime.mcp.backchannel import Outcome
from runtime.mcp.call import Call, Services
from runtime.mcp.errors import InvalidMessage, JsonRpcError, UnsupportedProtocolVersion
from runtime.mcp.failures import answering
from runtime.mcp.message import Message
from runtime.mcp.prompts import complete, get_prompt, list_prompts
from runtime.mcp.resources import list_resources, list_templates, read_resource
from runtime.mcp.revisions import LEGACY, SUPPORTED, UNSTATED, negotiated
from runtime.mcp.round_trips import check_capabilities, sent
from runtime.mcp.subscriptions import subscribe
from runtime.mcp.tasks import call_inline
from runtime.mcp.tools import list_tools, refused
from runtime.records.mcp import Principal

ERA: Final = "legacy"
LEVEL_SECONDS: Final = 24 * 3600
DEFAULT_LEVEL: Final[Level] = "info"


def revision(request: Request, message: Message) -> str:
    """The revision in ``MCP-Protocol-Version``; raises ``UnsupportedProtocolVersion`` for one that is not legacy.

    With ``initialize``, which settles the revision in its body, it may be any that is supported.
    """
    stated = request.headers.get("mcp-protocol-version", UNSTATED)
    if stated not in (SUPPORTED if message.method == "initialize" else LEGACY):
        raise UnsupportedProtocolVersion(stated)
    return stated


def exchange(message: Message, capabilities: Mapping[str, Any], owner: Principal, services: Services) -> Channel:
    """What passes between the run and the client. The log level is looked up when something is first logged."""
    return Channel(
        capabilities=capabilities,
        progress_token=message.meta.get("progressToken"),
        log_level=functools.cache(lambda: cast("Level", services.levels().get(owner) or DEFAULT_LEVEL)),
    )


def run(message: Message, call: Call) -> Outcome:
    """Answer a request, or find out what has to be asked before it can be."""
    try:
        with answering(message.id, call.context.request_id):
            result = METHODS[str(message.method)](call)
    except InputRequired as needed:
        return Outcome(call.exchange.unsent, sent(call.exchange), needed=needed)
    except JsonRpcError as error:
        return Outcome(call.exchange.unsent, sent(call.exchange), error=error)
    response = {"jsonrpc": "2.0", "id": message.id, "result": result}
    return Outcome(call.exchange.unsent, sent(call.exchange), response=response)


def unaskable(message: Message, call: Call, outcome: Outcome, *, streams: bool) -> Outcome:
    """The outcome, or in its place a refusal where the client cannot be asked what the run needs.

    A tool that cannot ask has failed, and says so to the model.
    """
    if outcome.needed is None:
        return outcome
    try:
        if not streams:
            raise InvalidMessage("needs input from the client, which does not accept text/event-stream here")
        check_capabilities(call.exchange, outcome.needed.questions)
    except JsonRpcError as error:
        error.id = message.id
        if message.method != "tools/call":
            return Outcome(outcome.notifications, outcome.notified, error=error)
        result = refused(f"The tool needs what this client does not offer: {error.reason}")
        response = {"jsonrpc": "2.0", "id": message.id, "result": result}
        return Outcome(outcome.notifications, outcome.notified, response=response)
    return outcome


def initialize(call: Call) -> dict[str, Any]:
    """2025-11-25, Lifecycle, Initialization. Nothing is kept: each later request says all there is to know."""
    result: dict[str, Any] = {
        "protocolVersion": negotiated(call.params["protocolVersion"]),
        "capabilities": features.capabilities(call.app),
        "serverInfo": call.server_info,
    }
    return {**result, "instructions": call.app.instructions} if call.app.instructions else result


def ping(_call: Call) -> dict[str, Any]:
    """2025-11-25, Ping: an empty result."""
    return {}


def set_level(call: Call) -> dict[str, Any]:
    """2025-11-25, Logging, Setting Log Level: for this client's requests of the next day."""
    expires_at = int(call.services.clock()) + LEVEL_SECONDS
    call.services.levels().put(call.owner, call.params["level"], expires_at)
    return {}


METHODS: Final[Mapping[str, Callable[[Call], dict[str, Any]]]] = {
    "initialize": initialize,
    "ping": ping,
    "tools/list": list_tools,
    "tools/call": call_inline,
    "resources/list": list_resources,
    "resources/templates/list": list_templates,
    "resources/read": read_resource,
    "resources/subscribe": subscribe,
    "resources/unsubscribe": subscribe,
    "prompts/list": list_prompts,
    "prompts/get": get_prompt,
    "completion/complete": complete,
    "logging/setLevel": set_level,
}
