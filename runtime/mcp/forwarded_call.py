"""What the server and the function of a tool say to each other.

The two may be of different versions: a member that is new needs a default, and no member changes its meaning.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from runtime.authoring.asking import Pause, Question
from runtime.authoring.context import Level


class ForwardedCall(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call of one tool by a caller who may use it. ``seconds`` is how long the server can wait for the answer.

    The other members are those of ``Context`` and ``Channel``.
    """

    tool: str
    arguments: dict[str, Any]
    client_id: str
    subject: str
    scopes: tuple[str, ...]
    request_id: str
    protocol_version: str
    seconds: float | None = None
    capabilities: Mapping[str, Any] = {}
    answers: Mapping[str, Any] = {}
    refused: Mapping[str, str] = {}
    progress_token: str | int | None = None
    log_level: Level | None = None
    detachable: bool = False


class AskedQuestion(msgspec.Struct, frozen=True):
    """A question of a run elsewhere, ready to be sent. It is not answered here: the function runs again for that."""

    method: str
    capability: tuple[str, ...]
    parameters: dict[str, Any]

    def params(self) -> dict[str, Any]:
        """Return the JSON-RPC parameters."""
        return self.parameters

    def answer(self, result: Any) -> Any:
        """Return the client's result as it is."""
        return result


class ForwardedAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a run ended: with a result, whose members are encoded, with questions, or detached.

    ``notifications`` are all of this run, those that an earlier run has sent included.
    """

    result: dict[str, msgspec.Raw] | None = None
    questions: dict[str, AskedQuestion] | None = None
    detached: bool = False
    notifications: Sequence[dict[str, Any]] = ()


def pack_questions(questions: Mapping[str, Question]) -> dict[str, AskedQuestion]:
    """Return the questions of a run for the answer to a forwarded call."""
    return {
        key: AskedQuestion(question.method, question.capability, question.params())
        for key, question in questions.items()
    }


def unpack_questions(asked: Mapping[str, AskedQuestion]) -> dict[str, Question]:
    """Return the questions of a forwarded call as its run has raised them."""
    return {key: question if question.method else Pause() for key, question in asked.items()}
