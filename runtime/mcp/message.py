"""JSON-RPC messages as they come in."""

from collections.abc import Mapping
from typing import Any

import msgspec

from runtime.http.body import json_value
from runtime.http.errors import MalformedBody
from runtime.http.event import Request
from runtime.mcp.errors import InvalidMessage, InvalidParams, JsonRpcError, ParseError, RequestId
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
        """``params._meta``, empty where there is none."""
        return self.params.get("_meta", {})  # type: ignore[no-any-return]


def read_messages(request: Request) -> Message | list[Any]:
    """The message in a request body, or the unread values of a batch; raises ``ParseError`` or ``InvalidMessage``."""
    try:
        value = json_value(request, MAX_BYTES)
    except MalformedBody as error:
        raise ParseError(error.reason) from error
    if not isinstance(value, list):
        return read_message(value)
    if request.headers.get("mcp-protocol-version", BATCHING) != BATCHING:
        raise InvalidMessage(f"batches are part of {BATCHING} only")
    if not 0 < len(value) <= LARGEST_BATCH:
        raise InvalidMessage(f"a batch must have from 1 to {LARGEST_BATCH} messages")
    return value


def read_message(value: Any) -> Message:
    """One message; raises ``InvalidMessage``."""
    try:
        schema("mcp/message").check(value)
    except SchemaViolation as violation:
        raise _addressed(InvalidMessage(violation.reason, pointer=violation.pointer), value) from violation
    return Message(
        value.get("id"), value.get("method"), value.get("params", {}), value.get("result"), value.get("error")
    )


def check_params(message: Message, era: str) -> None:
    """Validate the parameters against ``schemas/mcp/<era>/<method>.json``; raises ``InvalidParams``."""
    try:
        schema(f"mcp/{era}/{message.method}").check(message.params)
    except SchemaViolation as violation:
        raise InvalidParams.of(violation) from violation


def _addressed(error: JsonRpcError, value: Any) -> JsonRpcError:
    """The error with the id of the request it answers, where that can be read (JSON-RPC 2.0 5)."""
    found = value.get("id") if isinstance(value, dict) else None
    readable = isinstance(found, str | int) and not isinstance(found, bool) and len(str(found)) <= LONGEST_ID
    error.id = found if readable else None
    return error
