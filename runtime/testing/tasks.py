"""A tool call that runs as a task, step by step."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from runtime.mcp.tasks import TERMINAL
from runtime.testing.answers import Answering, Asked, Refusal, describe, find_answer
from runtime.testing.errors import RequestError, ToolFailed, UnusableAnswer
from runtime.testing.notes import Notes
from runtime.testing.results import CallResult

# Sends a method of the tasks extension and returns its result.
Send = Callable[[str, Mapping[str, Any]], dict[str, Any]]
# Returns the keys of a task's questions by the names that they have in the task: a repeated question has a new name.
Names = Callable[[str], Mapping[str, str]]
# The code of the error that ``result`` raises for a task that was cancelled: it has no error of its own.
CANCELLED: Final = -32800


class PendingRuns:
    """A ``Worker`` that starts nothing: a task waits until somebody runs it."""

    def __init__(self) -> None:
        self._task_ids: list[str] = []

    def start(self, task_id: str) -> None:
        """Remember a task that should run."""
        self._task_ids.append(task_id)

    def take(self) -> list[str]:
        """Return the tasks that should run, and forget them."""
        taken, self._task_ids = self._task_ids, []
        return taken


class TaskHandle:
    """A task as its client sees it. Nothing happens between two calls: ``run`` does what the worker function does."""

    def __init__(self, task_id: str, send: Send, work: Callable[[], None], names: Names, notes: Notes) -> None:
        self.id = task_id
        self._send = send
        self._work = work
        self._names = names
        self._notes = notes
        # The answers to the questions of this task so far.
        self._given: dict[str, Any] = {}

    @property
    def status(self) -> str:
        """``working``, ``input_required``, ``completed``, ``failed`` or ``cancelled``."""
        return str(self._read()["status"])

    @property
    def questions(self) -> list[Asked]:
        """The questions that wait for an answer."""
        return list(self._waiting().values())

    def run(self) -> "TaskHandle":
        """Run the worker until the task ends or asks, and return this handle."""
        self._work()
        return self

    def answer(self, answers: Answering) -> "TaskHandle":
        """Answer the questions that wait, and return this handle.

        Raise ``UnansweredQuestion`` or ``UnusableAnswer``.
        """
        return self._update(lambda asked: find_answer(answers, asked))

    def cancel(self) -> "TaskHandle":
        """Cancel the task, and return this handle."""
        self._send("tasks/cancel", {"taskId": self.id})
        return self

    def result(self) -> CallResult:
        """Run the task to its end, with the answers that the client was given, and return its result.

        Raise ``ToolFailed`` for a result that says ``isError``, and ``RequestError`` for a task that failed or was
        cancelled.
        """
        self._work()
        while (read := self._read())["status"] not in TERMINAL:
            self._update(lambda asked: self._notes.answer(asked, self._given))
            self._work()
        if read["status"] == "completed":
            result = CallResult.of(read["result"])
            if result.is_error:
                raise ToolFailed(result)
            return result
        error = read.get("error", {"code": CANCELLED, "message": "the task was cancelled"})
        raise RequestError(error["code"], error["message"], error.get("data"))

    def _waiting(self) -> dict[str, Asked]:
        """Return the questions that wait, by the names that they have in this task."""
        keys = self._names(self.id)
        asked: Mapping[str, Any] = self._read().get("inputRequests", {})
        return {name: Asked(keys[name], question["method"], question["params"]) for name, question in asked.items()}

    def _update(self, answer: Callable[[Asked], Any]) -> "TaskHandle":
        responses = {}
        for name, asked in self._waiting().items():
            responses[name] = answer(asked)
            if isinstance(responses[name], Refusal):
                raise UnusableAnswer(f"a task has no error for {describe(asked)}; use 'decline' or 'cancel'")
        self._send("tasks/update", {"taskId": self.id, "inputResponses": responses})
        return self

    def _read(self) -> dict[str, Any]:
        return self._send("tasks/get", {"taskId": self.id})
