"""Incoming JSON-RPC messages."""

from collections.abc import Mapping
from typing import Any

import msgspec

from runtime.http.body import json_value
from runtime.http.errors import MalformedBody
from runtime.http.event import Request
from runtime.mcp.errors import ErrorResponse, InvalidMessage, InvalidParams, ParseError, RequestId
from runtime.mcp.revisions import BATCHING
from runtime.validation.schemas import SchemaViolation, schema

MAX_BYTES = 4 * 1024 * 1024
LARGEST_BATCH = 50
# As in schemas/mcp/message.json.
LONGEST_ID = 1024


class Message(msgspec.Struct, frozen=True):
    """A request, a notification (without ``id``) or a response (without ``method``)."""

    id: RequestId | None
    method: str | None
    params: Mapping[str, Any]
    result: Any = None
    error: Mapping[str, Any] | None = None

    @property
    def meta(self) -> Mapping[str, Any]:
        """``params._meta``, empty if there is none."""
        return self.params.get("_meta", {})  # type: ignore[no-any-return]


def read_messages(request: Request) -> Message | list[Any]:
    """Return the message in a request body, or the unread values of a batch.

    Raise ``ParseError`` or ``InvalidMessage``.
    """
    try:
        value = json_value(request, MAX_BYTES)
    except MalformedBody as error:
        raise ParseError(error.reason) from error
    if not isinstance(value, list):
        return read_message(value)
    if request.headers.get("mcp-protocol-version", BATCHING) != BATCHING:
        raise InvalidMessage(f"batches exist in {BATCHING} only")
    if not 0 < len(value) <= LARGEST_BATCH:
        raise InvalidMessage(f"a batch must have from 1 to {LARGEST_BATCH} messages")
    return value


def read_message(value: Any) -> Message:
    """Return one message. Raise ``ErrorResponse``, with the id of the message if it can be read."""
    try:
        schema("mcp/message").check(value)
    except SchemaViolation as violation:
        error = InvalidMessage(violation.reason, pointer=violation.pointer)
        raise ErrorResponse(error, _readable_id(value)) from violation
    return Message(
        value.get("id"), value.get("method"), value.get("params", {}), value.get("result"), value.get("error")
    )


def check_params(message: Message, era: str) -> None:
    """Raise ``InvalidParams`` unless the parameters match ``schemas/mcp/<era>/<method>.json``."""
    try:
        schema(f"mcp/{era}/{message.method}").check(message.params)
    except SchemaViolation as violation:
        raise InvalidParams.of(violation) from violation


def _readable_id(value: Any) -> RequestId | None:
    """Return the id of a message that is not valid, ``None`` if it cannot be read (JSON-RPC 2.0 5)."""
    found = value.get("id") if isinstance(value, dict) else None
    readable = isinstance(found, str | int) and not isinstance(found, bool) and len(str(found)) <= LONGEST_ID
    return found if readable else None
