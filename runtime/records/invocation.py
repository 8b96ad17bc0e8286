"""The call of another Lambda function, and what may go wrong with it."""

from typing import Literal

Reason = Literal[
    "arguments too large",
    "busy",
    "crashed",
    "missing",
    "out of memory",
    "refused",
    "result too large",
    "timed out",
    "unavailable",
    "unreachable",
]


class InvocationFailed(Exception):
    """Another function gave no answer.

    ``reason`` is for the caller. The message is for the log alone: it may quote the function. ``request_id`` is the
    one of that invocation, if there was one: its log has the rest. ``error_type`` and ``error_message`` are those of an
    exception in the function.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str,
        request_id: str | None = None,
        *,
        error_type: str = "",
        error_message: str = "",
    ) -> None:
        super().__init__(detail)
        self.reason: Reason = reason
        self.request_id = request_id
        self.error_type = error_type
        self.error_message = error_message
