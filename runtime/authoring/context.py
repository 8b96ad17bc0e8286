"""The context of a request: what a tool, prompt or resource can read of it, send to its client, and ask."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from runtime.authoring.asking import (
    ClientRefused,
    Completion,
    Elicitation,
    Form,
    Pause,
    Question,
    Root,
    Roots,
    Sample,
    UnusableAnswer,
    Visit,
)
from runtime.authoring.json_values import escape, json_value, to_log_value

Level = Literal["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]
LEVELS: tuple[Level, ...] = ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")


class InputRequired(BaseException):
    """Ends a run that needs the client's answers. The function runs again once they have arrived.

    Not an ``Exception``, so that a function that catches those does not swallow it.
    """

    def __init__(self, questions: Mapping[str, Question]) -> None:
        super().__init__(", ".join(questions))
        self.questions = questions


class Detached(BaseException):
    """Ends a run that continues as a task. There the function runs again, with the answers so far."""


class Channel(msgspec.Struct):
    """The channel between a run and its client, for all but the result.

    ``answers`` are the client's raw results by question key, or ``{"error": ...}`` under ``refused``. The first
    ``already_sent`` notifications were sent by an earlier run of the same request, and are not sent again.
    ``detachable`` is set for a run that can continue as a task.
    """

    capabilities: Mapping[str, Any] = {}
    answers: Mapping[str, Any] = {}
    refused: Mapping[str, str] = {}
    progress_token: str | int | None = None
    log_level: Callable[[], Level | None] = lambda: None
    already_sent: int = 0
    detachable: bool = False
    notifications: list[dict[str, Any]] = []

    @property
    def unsent(self) -> list[dict[str, Any]]:
        """The notifications of this run that no earlier run sent."""
        return self.notifications[self.already_sent :]

    def supports(self, *path: str) -> bool:
        """Whether the client declared a capability."""
        declared: Any = self.capabilities
        for index, name in enumerate(path):
            if not isinstance(declared, Mapping):
                return False
            # MCP 2025-11-25, Elicitation, Capabilities: an empty object means form mode only.
            if path[:2] == ("elicitation", "form") and index == 1 and not {"form", "url"} & declared.keys():
                return True
            if name not in declared:
                return False
            declared = declared[name]
        return True


class Context:
    """The current request. A function receives it in a parameter that is annotated with this class.

    The authorizer has verified ``client_id`` and ``subject``. ``scopes`` are those of the access token and those they
    imply. A method that asks the client ends the run if the answer has not arrived yet. Once it has, the function runs
    again from its start, so ask first and act afterwards.
    """

    def __init__(
        self,
        *,
        client_id: str,
        subject: str,
        scopes: frozenset[str],
        request_id: str,
        protocol_version: str,
        channel: Channel | None = None,
        remaining: Callable[[], float] = lambda: float("inf"),
    ) -> None:
        self.client_id = client_id
        self.subject = subject
        self.scopes = scopes
        self.request_id = request_id
        self.protocol_version = protocol_version
        self._channel = channel or Channel()
        self._remaining = remaining
        self._question_count = 0

    @property
    def time_left(self) -> float:
        """Seconds until the function times out."""
        return self._remaining()

    def supports(self, *path: str) -> bool:
        """Whether the client declared a capability, such as ``supports("sampling", "tools")``."""
        return self._channel.supports(*path)

    def progress(self, progress: float, total: float | None = None, message: str | None = None) -> None:
        """Report progress to a client that asked for it; ``progress`` must grow with every call.

        Progress that is not finite is not sent. A total that is not finite counts as unknown.
        """
        token = self._channel.progress_token
        if token is None or not math.isfinite(progress):
            return
        params: dict[str, Any] = {"progressToken": token, "progress": progress}
        if total is not None and math.isfinite(total):
            params["total"] = total
        if message is not None:
            params["message"] = escape(message)
        self._notify("notifications/progress", params)

    def log(self, data: Any, level: Level = "info", logger: str | None = None) -> None:
        """Send a log message to a client that asked for messages of this level. Never put a secret into it.

        ``data`` that JSON cannot carry is sent as its ``repr``.
        """
        least = self._channel.log_level()
        if least is None or LEVELS.index(level) < LEVELS.index(least):
            return
        params: dict[str, Any] = {"level": level, "data": to_log_value(data)}
        if logger is not None:
            params["logger"] = escape(logger)
        self._notify("notifications/message", params)

    def elicit(self, message: str, schema: Mapping[str, Any], *, key: str | None = None) -> Elicitation:
        """Ask a user to fill in a form. Raise ``InvalidSchema`` or ``NotJson`` for an invalid schema."""
        return self._ask_one(key, Form(message, schema))  # type: ignore[no-any-return]

    def elicit_url(self, message: str, url: str, *, key: str | None = None) -> Elicitation:
        """Ask a user to visit a URL."""
        return self._ask_one(key, Visit(message, url))  # type: ignore[no-any-return]

    def sample(
        self, messages: str | Sequence[Mapping[str, Any]], max_tokens: int, *, key: str | None = None, **options: Any
    ) -> Completion:
        """Ask the client's model; ``options`` are further parameters by their wire names (``systemPrompt=...``)."""
        return self._ask_one(key, Sample(messages, max_tokens, options))  # type: ignore[no-any-return]

    def roots(self, *, key: str | None = None) -> list[Root]:
        """Ask for the client's roots."""
        return self._ask_one(key, Roots())  # type: ignore[no-any-return]

    def pause(self, *, key: str | None = None) -> None:
        """End the response here and continue when the client comes back, after about a second.

        Use it in a tool that waits for another system: meanwhile no connection is open, and nothing is billed. In a
        task the worker waits, which is billed, and checks whether the task was cancelled.
        """
        self._ask_one(key, Pause())

    def detach(self) -> None:
        """Answer the request with a task and continue in it. The tool must be declared with ``detaches=True``.

        Does nothing if the run is already in its task, or if the client does not support tasks and the tool can run
        without one.
        """
        if self._channel.detachable:
            raise Detached

    def ask(self, questions: Mapping[str, Question]) -> dict[str, Any]:
        """Ask several questions at once, and return the answers under the same keys.

        Raise ``ClientRefused`` if the client answered with an error, and ``NotJson`` for a question that JSON cannot
        carry.
        """
        json_value({key: question.params() for key, question in questions.items()})
        answers: dict[str, Any] = {}
        for key, question in questions.items():
            if key in self._channel.refused:
                raise ClientRefused(self._channel.refused[key])
            if key in self._channel.answers:
                try:
                    answers[key] = question.answer(self._channel.answers[key])
                except UnusableAnswer:
                    continue
        missing = {key: question for key, question in questions.items() if key not in answers}
        if missing:
            raise InputRequired(missing)
        return answers

    def _ask_one(self, key: str | None, question: Question) -> Any:
        self._question_count += 1
        name = key or f"question-{self._question_count}"
        return self.ask({name: question})[name]

    def _notify(self, method: str, params: dict[str, Any]) -> None:
        self._channel.notifications.append({"jsonrpc": "2.0", "method": method, "params": params})
