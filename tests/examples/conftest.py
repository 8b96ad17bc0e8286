"""The examples as ``make up EXAMPLE=name`` starts them, one after the other on one local stack."""

from dataclasses import dataclass
from typing import Any

import pytest

from local.calls import Caller
from local.stack import find_running
from tests.support.local_stack import LocalStack
from tests.support.shared_stacks import serve_example


@dataclass(frozen=True)
class Example:
    """A running example: its ``stack``, what the command that started it ``printed``, and a ``caller`` of its tools."""

    stack: LocalStack
    printed: str
    caller: Caller

    def call(self, tool: str, /, **arguments: Any) -> Any:
        """Call a tool, and return its structured content, or else its text. It must not fail."""
        result = self.caller.call_tool(tool, arguments)
        assert not result.get("isError"), result
        return result["structuredContent"] if "structuredContent" in result else result["content"][0]["text"]

    def fail(self, tool: str, /, **arguments: Any) -> str:
        """Call a tool that fails, and return the message."""
        result = self.caller.call_tool(tool, arguments)
        assert result["isError"], result
        return str(result["content"][0]["text"])


@pytest.fixture(scope="module")
def example(request: pytest.FixtureRequest) -> Example:
    """Serve the example that the file of tests is named after: ``examples/reports`` for ``test_reports.py``."""
    name = request.path.stem.removeprefix("test_")
    stack, printed = serve_example(name)
    return Example(stack, printed, Caller(find_running(stack.directory)))
