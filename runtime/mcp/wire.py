"""JSON-RPC messages as an HTTP response."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from runtime.http.body import JSON
from runtime.http.errors import NotAcceptable
from runtime.http.event import Request, Response
from runtime.mcp import sse
from runtime.mcp.accept import Accept
from runtime.mcp.errors import RequestId, ResponseTooLarge

# Lambda carries 6 MB from a function, of which the headers of the response take some.
LARGEST_BYTES = 5_500_000
# A character beyond the basic plane, as JSON in ASCII writes it: a surrogate pair.
LONGEST_ESCAPE = 12


def check_accept(request: Request) -> None:
    """Raise ``NotAcceptable`` for a client that reads neither JSON nor streams.

    MCP 2026-07-28, Sending Messages 2: clients MUST accept both. Many accept one, and are answered with that.
    """
    accept = _accept(request)
    if not accept.admits(JSON) and not accept.admits(sse.MEDIA_TYPE):
        raise NotAcceptable(f"Accept must admit {JSON} and {sse.MEDIA_TYPE}")


def reads_streams(request: Request) -> bool:
    """Whether the client says that it can read a stream."""
    return _accept(request).admits(sse.MEDIA_TYPE)


def fits(body: str) -> bool:
    """Whether Lambda can carry a body. It counts the bytes of the JSON in which the body is one string."""
    return len(body) * LONGEST_ESCAPE <= LARGEST_BYTES or len(json.dumps(body)) <= LARGEST_BYTES


def answered(
    request: Request,
    messages: Sequence[Mapping[str, Any]],
    headers: Mapping[str, str] | None = None,
    *,
    batch: bool = False,
) -> Response:
    """Messages, the last of which is a response, for a client: as a stream where there is more than the response and
    the client names streams, or reads nothing else; as JSON otherwise, the notifications left out.

    Raises ``ResponseTooLarge``; a batch then is answered with that error for each of its requests.
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
        return _json([_too_large(message["id"]).body() for message in messages if "method" not in message], headers)
    raise ResponseTooLarge


def _is_streamed(accept: Accept, *, more: bool) -> bool:
    """Whether a response is better as a stream, ``more`` telling that there are notifications ahead of it.

    ``*/*`` is what programs send that know of no streams.
    """
    if not accept.admits(JSON):
        return accept.admits(sse.MEDIA_TYPE)
    return more and accept.names(sse.MEDIA_TYPE)


def _accept(request: Request) -> Accept:
    return Accept(request.headers.get("accept"))


def _json(shown: Any, headers: Mapping[str, str] | None) -> Response:
    kind = {"Content-Type": JSON, "Cache-Control": "no-store"}
    return Response(200, {**kind, **(headers or {})}, msgspec.json.encode(shown).decode())


def _too_large(message_id: RequestId | None) -> ResponseTooLarge:
    error = ResponseTooLarge()
    error.id = message_id
    return error
