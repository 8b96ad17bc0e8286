"""What a test can expect to be raised, or be told it has forgotten."""

from typing import Any

from runtime.authoring.tool import ToolError
from runtime.testing.results import CallResult


class ToolFailed(ToolError):
    """A call whose result says ``isError``. The message is the text of the result, which is what a model reads.

    The cause (``__cause__``) is the exception that the tool raised, unless it was a ``ToolError``.
    """

    def __init__(self, result: CallResult) -> None:
        super().__init__(result.text)
        self.result = result


class RequestError(Exception):
    """A JSON-RPC error: its ``code``, its ``message`` and its ``data``."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(f"{message} ({code}{f', {data}' if data else ''})")
        self.code = code
        self.message = message
        self.data = data


class UnansweredQuestion(LookupError):
    """The test gives no answer to a question."""


class UnusableAnswer(ValueError):
    """The test gives an answer that the question does not take."""
