"""The web pages that may call the endpoint (MCP 2026-07-28, Streamable HTTP, Security & Endpoint 1)."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from runtime.http.errors import OriginForbidden
from runtime.http.event import Request
from runtime.http.loopback import is_loopback


def check_origin(request: Request, public_url: str, allowed: Sequence[str]) -> None:
    """Raise ``OriginForbidden`` for a web page whose origin is not allowed.

    Allowed are the server's own origin, the configured origins, and every loopback origin if the server itself runs on
    loopback. Clients that are not web pages send no ``Origin``.
    """
    origin = request.headers.get("origin")
    if origin is None or "*" in allowed or origin in allowed:
        return
    own, asked = urlsplit(public_url), _host(origin)
    if origin == f"{own.scheme}://{own.netloc}" or (is_loopback(own.hostname) and is_loopback(asked)):
        return
    raise OriginForbidden("this origin may not call the server")


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).hostname
    except ValueError:
        return None
