"""What a legacy client said at ``initialize``, carried by the client itself.

A session id is nothing but the client's capabilities, signed. The server keeps nothing, so there is nothing to
terminate: DELETE is 405 (2025-11-25, Session Management 5).
"""

from collections.abc import Mapping
from typing import Any, Final

from runtime.http.event import Request
from runtime.mcp.errors import SessionNotFound
from runtime.tokens.signer import BadSignature, Signer

HEADER: Final = "Mcp-Session-Id"
LIFETIME_SECONDS: Final = 30 * 24 * 3600
_CARRIED: Final = ("elicitation", "sampling", "roots")
_PURPOSE: Final = "session"


def session_id(capabilities: Mapping[str, Any], signer: Signer) -> str:
    """The id for a client with these capabilities."""
    carried: dict[str, Any] = {
        name: {detail: {} for detail in capabilities[name] if detail in {"form", "url", "tools", "context"}}
        for name in _CARRIED
        if isinstance(capabilities.get(name), Mapping)
    }
    return signer.sign(_PURPOSE, carried, LIFETIME_SECONDS)


def capabilities(request: Request, signer: Signer) -> Mapping[str, Any]:
    """The capabilities of the session a request belongs to; none for a request without a session.

    A client must send the id it was given (Session Management 2), so one without has negotiated nothing, and is asked
    nothing (Lifecycle, Operation: "Only use capabilities that were successfully negotiated").

    Raises ``SessionNotFound`` for an id that does not open.
    """
    stated = request.headers.get(HEADER.lower())
    if stated is None:
        return {}
    try:
        return signer.verify(_PURPOSE, stated)
    except BadSignature as error:
        raise SessionNotFound("there is no such session; initialize again") from error
