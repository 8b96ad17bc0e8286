"""JSON-RPC messages as an HTTP response."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from runtime.event import Request, Response
from runtime.mcp import sse
from runtime.mcp.errors import RequestId, ResponseTooLarge

# Lambda carries 6 MB from a function, of which the headers of the response take some.
LARGEST_BYTES = 5_500_000
# A character beyond the basic plane, as JSON in ASCII writes it: a surrogate pair.
LONGEST_ESCAPE = 12


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
    the client reads streams, as JSON otherwise, the notifications left out.

    Raises ``ResponseTooLarge``; a batch then is answered with that error for each of its requests.
    """
    if len(messages) > 1 and sse.accepted(request) and not batch:
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


def _json(shown: Any, headers: Mapping[str, str] | None) -> Response:
    kind = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Response(200, {**kind, **(headers or {})}, msgspec.json.encode(shown).decode())


def _too_large(message_id: RequestId | None) -> ResponseTooLarge:
    error = ResponseTooLarge()
    error.id = message_id
    return error
