"""What a client notes of a conversation: its questions with the answers given, progress and log messages."""

from collections.abc import Mapping
from typing import Any

from runtime.testing.answers import Answering, Asked, describe, find_answer
from runtime.testing.errors import UnusableAnswer
from runtime.testing.results import Log, Progress


class Notes:
    """The notes of one client, in the order in which things arrived."""

    def __init__(self, answers: Answering) -> None:
        self.questions: list[Asked] = []
        self.progress: list[Progress] = []
        self.logs: list[Log] = []
        self._answers = answers

    def take(self, message: Mapping[str, Any]) -> None:
        """Note a notification."""
        params = message["params"]
        if message["method"] == "notifications/progress":
            self.progress.append(Progress(params["progress"], params.get("total"), params.get("message")))
        elif message["method"] == "notifications/message":
            self.logs.append(Log(params["level"], params["data"], params.get("logger")))

    def answer(self, asked: Asked, given: dict[str, Any]) -> Any:
        """Note a question and return its answer. ``given`` has the answers to the same request so far, by key.

        Raise ``UnansweredQuestion``, or ``UnusableAnswer`` if the server asks again after this very answer.
        """
        self.questions.append(asked)
        answer = find_answer(self._answers, asked)
        if asked.key in given and given[asked.key] == answer:
            raise UnusableAnswer(f"{answer!r} does not match the form of {describe(asked)}")
        given[asked.key] = answer
        return answer
