"""Whatever goes wrong with a message becomes a JSON-RPC error that names it."""

import contextlib
import logging
from collections.abc import Iterator

from runtime.authoring.asking import ClientRefused
from runtime.authoring.contained import contained, told
from runtime.authoring.json_values import NotJson
from runtime.authoring.tool import ToolError
from runtime.http.errors import Problem
from runtime.mcp.errors import InternalError, JsonRpcError, RequestFailed, RequestId, ToldByAuthor, UnsendableResult
from runtime.records.errors import StoreUnavailable

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def answering(message_id: RequestId | None, request_id: str) -> Iterator[None]:
    """Turn what fails into a ``JsonRpcError`` with the id of its message (2026-07-28, Basic, Responses).

    ``request_id`` is the id under which this is logged. A ``Problem`` of HTTP passes as it is.
    """
    try:
        with contained():
            yield
    except JsonRpcError as error:
        error.id = message_id
        raise
    except Problem:
        raise
    except Exception as error:
        failure = _failure(error, request_id)
        failure.id = message_id
        raise failure from error


def _failure(error: Exception, request_id: str) -> JsonRpcError:
    if isinstance(error, ToolError | ClientRefused):
        return ToldByAuthor(told(error))
    logger.error("request failed", extra={"request_id": request_id}, exc_info=error)
    if isinstance(error, NotJson):
        return UnsendableResult(error, request_id)
    return InternalError(request_id) if isinstance(error, StoreUnavailable) else RequestFailed(request_id)
