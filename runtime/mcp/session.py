"""Sessions of legacy clients.

A session id holds the capabilities from ``initialize``, signed. The server stores nothing, so there is nothing to
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
    """Return the session id for a client with these capabilities."""
    carried: dict[str, Any] = {
        name: {detail: {} for detail in capabilities[name] if detail in {"form", "url", "tools", "context"}}
        for name in _CARRIED
        if isinstance(capabilities.get(name), Mapping)
    }
    return signer.sign(_PURPOSE, carried, LIFETIME_SECONDS)


def read_capabilities(request: Request, signer: Signer) -> Mapping[str, Any]:
    """Return the capabilities in the session id of a request; none for a request without a session id.

    A client must send the id that it received (Session Management 2). One without an id has negotiated nothing, so the
    server asks it nothing (Lifecycle, Operation: "Only use capabilities that were successfully negotiated").

    Raise ``SessionNotFound`` for an id that does not verify.
    """
    stated = request.headers.get(HEADER.lower())
    if stated is None:
        return {}
    try:
        return signer.verify(_PURPOSE, stated)
    except BadSignature as error:
        raise SessionNotFound("there is no such session; initialize again") from error
