"""Calls of Lambda functions that are not the server's own, and who makes them."""

from collections.abc import Callable

import msgspec

from runtime.authoring.secrets import SettingError


class FunctionCall(msgspec.Struct, frozen=True, kw_only=True):
    """A synchronous invocation.

    ``target`` is the name or ARN of the function, in ``region`` if it is not that of the caller. ``payload`` and the
    ``client_context``, in base64, are JSON. ``seconds`` is how long to wait for the answer.
    """

    target: str
    region: str | None
    payload: bytes
    client_context: str | None
    seconds: float


class CallFailed(Exception):
    """A function gave no answer, for a ``reason`` that is one of ``REASONS``.

    ``error_type`` and ``error_message`` are those of what the code of the function raised, and may hold anything.
    ``invocation_id`` is the request id of the invocation, if there was one.
    """

    def __init__(
        self, reason: str, *, error_type: str = "", error_message: str = "", invocation_id: str | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.error_type = error_type
        self.error_message = error_message
        self.invocation_id = invocation_id


# What a caller is told. None of it repeats what the function said.
REASONS = {
    "arguments too large": "got more than a function takes, which is 6 MB; send less",
    "busy": "is busy: too many calls of its function run at the same time; try again later",
    "crashed": "failed in its function",
    "missing": "cannot run: its function, or the version or alias of it, does not exist",
    "not an answer": "failed: its function answered with something that is not JSON",
    "out of memory": "failed: its function ran out of memory",
    "refused": "cannot run: the server may not call its function",
    "result too large": "failed: the result is more than a function may return, which is 6 MB; ask for less of it",
    "timed out": "took too long and may have done a part of its work, or may still do it",
    "unavailable": "cannot run now: Lambda did not take the call; try again later",
    "unreachable": "may have failed: the connection to its function broke off",
}

CallFunction = Callable[[FunctionCall], bytes]
_call_function: CallFunction | None = None


def use_functions(call: CallFunction | None) -> CallFunction | None:
    """Set what calls functions in this process, and return what it was before. It raises ``CallFailed``."""
    global _call_function
    before, _call_function = _call_function, call
    return before


def call_function(call: FunctionCall) -> bytes:
    """Call a function once, and return its answer. Raise ``CallFailed``, or ``SettingError`` where nobody calls any."""
    if _call_function is None:
        raise SettingError("Lambda functions are called from a stack; a test gives them to its client")
    return _call_function(call)
