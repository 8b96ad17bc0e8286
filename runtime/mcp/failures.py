"""Failures of a request become the JSON-RPC error response to it."""

import contextlib
import logging
from collections.abc import Iterator

from runtime.authoring.asking import ClientRefused
from runtime.authoring.json_values import NotJson
from runtime.authoring.process_exit import contain_exits, error_message
from runtime.authoring.secrets import SettingError
from runtime.authoring.tool import ToolError
from runtime.http.errors import Problem
from runtime.mcp.errors import (
    AuthorError,
    ErrorResponse,
    InternalError,
    JsonRpcError,
    RequestFailed,
    RequestId,
    UnsendableResult,
)
from runtime.records.errors import StoreUnavailable
from runtime.redaction import redact

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def error_responses(message_id: RequestId | None, request_id: str, *, is_modern: bool = False) -> Iterator[None]:
    """Raise every failure as the ``ErrorResponse`` to a message (2026-07-28, Basic, Responses).

    ``request_id`` identifies the HTTP request in the log. A ``Problem`` of HTTP passes unchanged.
    """
    try:
        with contain_exits():
            yield
    except JsonRpcError as error:
        raise ErrorResponse(error, message_id, is_modern=is_modern) from error
    except Problem:
        raise
    except Exception as error:
        raise ErrorResponse(_classify(error, request_id), message_id, is_modern=is_modern) from error


def _classify(error: Exception, request_id: str) -> JsonRpcError:
    """Return the JSON-RPC error for an exception, and log it unless its message is meant for the client."""
    if isinstance(error, ToolError | ClientRefused):
        return AuthorError(redact(error_message(error)))
    if isinstance(error, SettingError):
        logger.error("request not configured", extra={"request_id": request_id, "reason": str(error)})
        return AuthorError(str(error))
    logger.error("request failed", extra={"request_id": request_id}, exc_info=error)
    if isinstance(error, NotJson):
        return UnsendableResult(error, request_id)
    return InternalError(request_id) if isinstance(error, StoreUnavailable) else RequestFailed(request_id)
