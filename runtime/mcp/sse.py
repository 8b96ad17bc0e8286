"""Server-sent events: a whole stream in one body, since Lambda answers at once."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from runtime.http.event import Response

MEDIA_TYPE = "text/event-stream"
HEADERS = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def event(message: Mapping[str, Any], event_id: str | None = None) -> str:
    """One event that carries one JSON-RPC message."""
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: message\ndata: {msgspec.json.encode(message).decode()}\n\n"


def priming(event_id: str, retry_milliseconds: int) -> str:
    """An event without data: what a client resumes from, and after how long (SEP-1699)."""
    return f"id: {event_id}\nretry: {retry_milliseconds}\ndata: \n\n"


def stream(events: Iterable[str]) -> Response:
    """A complete stream as a response."""
    return Response(200, HEADERS, "".join(events))
