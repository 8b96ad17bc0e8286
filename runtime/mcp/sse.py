"""Server-sent events: a whole stream in one body, because Lambda returns its response in one piece."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from runtime.http.event import Response

MEDIA_TYPE = "text/event-stream"
HEADERS = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def event(message: Mapping[str, Any], event_id: str | None = None) -> str:
    """Return the event with a JSON-RPC message."""
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: message\ndata: {msgspec.json.encode(message).decode()}\n\n"


def priming_event(event_id: str, retry_milliseconds: int) -> str:
    """Return an event without data. It tells a client from where and after how long to resume (SEP-1699)."""
    return f"id: {event_id}\nretry: {retry_milliseconds}\ndata: \n\n"


def stream(events: Iterable[str]) -> Response:
    """Return the response with a complete stream."""
    return Response(200, HEADERS, "".join(events))
