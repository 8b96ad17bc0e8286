"""HTTP responses with JSON-RPC messages."""

import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from runtime.http.body import JSON
from runtime.http.errors import NotAcceptable
from runtime.http.event import Request, Response
from runtime.mcp import sse
from runtime.mcp.accept import Accept
from runtime.mcp.errors import ResponseTooLarge, error_body

# Lambda returns at most 6 MB from a function, headers included.
LARGEST_BYTES = 5_500_000
# A character beyond the basic plane is a surrogate pair in ASCII JSON.
LONGEST_ESCAPE = 12
REMEMBERED = 64


def check_accept(request: Request) -> None:
    """Raise ``NotAcceptable`` for a client that accepts neither JSON nor streams.

    MCP 2026-07-28, Sending Messages 2: clients MUST accept both. Many accept only one, and get that.
    """
    accept = _accept(request)
    if not accept.admits(JSON) and not accept.admits(sse.MEDIA_TYPE):
        raise NotAcceptable(f"Accept must admit {JSON} and {sse.MEDIA_TYPE}")


def reads_streams(request: Request) -> bool:
    """Whether the client accepts a stream."""
    return _accept(request).admits(sse.MEDIA_TYPE)


def fits(body: str) -> bool:
    """Whether Lambda can return a body. Its limit counts the bytes of the JSON that has the body as one string."""
    return len(body) * LONGEST_ESCAPE <= LARGEST_BYTES or len(json.dumps(body)) <= LARGEST_BYTES


def to_response(
    request: Request,
    messages: Sequence[Mapping[str, Any]],
    headers: Mapping[str, str] | None = None,
    *,
    batch: bool = False,
) -> Response:
    """Return the HTTP response with messages, the last of which is a JSON-RPC response.

    It is a stream if there are notifications and the client names streams, or accepts nothing else. Otherwise it is
    JSON, without the notifications. Raise ``ResponseTooLarge``; a batch gets that error for each of its requests.
    """
    if not batch and _is_streamed(_accept(request), more=len(messages) > 1):
        streamed = sse.stream([sse.event(message) for message in messages])
        response = Response(200, {**streamed.headers, **(headers or {})}, streamed.body)
    elif batch:
        response = _json([message for message in messages if "method" not in message], headers)
    else:
        response = _json(messages[-1], headers)
    if fits(response.body):
        return response
    if batch:
        too_large = ResponseTooLarge().to_wire()
        return _json([error_body(message["id"], too_large) for message in messages if "method" not in message], headers)
    raise ResponseTooLarge


def _is_streamed(accept: Accept, *, more: bool) -> bool:
    """Whether the response is a stream; ``more`` is set if there are notifications before it.

    ``*/*`` does not ask for a stream: programs that cannot read streams send it.
    """
    if not accept.admits(JSON):
        return accept.admits(sse.MEDIA_TYPE)
    return more and accept.names(sse.MEDIA_TYPE)


def _accept(request: Request) -> Accept:
    return _read_accept(request.headers.get("accept"))


# Clients send the same few headers, and a response looks at its three times.
@functools.lru_cache(REMEMBERED)
def _read_accept(header: str | None) -> Accept:
    return Accept(header)


def _json(value: Any, headers: Mapping[str, str] | None) -> Response:
    kind = {"Content-Type": JSON, "Cache-Control": "no-store"}
    return Response(200, {**kind, **(headers or {})}, msgspec.json.encode(value).decode())
