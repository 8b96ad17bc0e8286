"""JSON-RPC messages as an HTTP response."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from runtime.event import Request, Response
from runtime.mcp import sse


def answered(
    request: Request,
    messages: Sequence[Mapping[str, Any]],
    headers: Mapping[str, str] | None = None,
    *,
    batch: bool = False,
) -> Response:
    """Messages, the last of which is a response, for a client: as a stream where there is more than the response and
    the client reads streams, as JSON otherwise, the notifications left out."""
    if len(messages) > 1 and sse.accepted(request) and not batch:
        streamed = sse.stream([sse.event(message) for message in messages])
        return Response(200, {**streamed.headers, **(headers or {})}, streamed.body)
    shown: Any = [message for message in messages if "method" not in message] if batch else messages[-1]
    kind = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Response(200, {**kind, **(headers or {})}, msgspec.json.encode(shown).decode())
