"""An in-memory client for tests of one's own tools, resources and prompts.

It needs neither AWS nor HTTP: messages go through the server itself, so what it refuses in production it refuses here.
"""

from runtime.testing.answers import Asked
from runtime.testing.client import Client
from runtime.testing.errors import RequestError, ToolFailed, UnansweredQuestion, UnusableAnswer
from runtime.testing.results import CallResult, Log, Progress, PromptResult, ReadResult
from runtime.testing.tasks import TaskHandle

__all__ = [
    "Asked",
    "CallResult",
    "Client",
    "Log",
    "Progress",
    "PromptResult",
    "ReadResult",
    "RequestError",
    "TaskHandle",
    "ToolFailed",
    "UnansweredQuestion",
    "UnusableAnswer",
    "client",
]

# Reads like what it is in a ``with`` statement: ``with client(app) as c``.
client = Client
