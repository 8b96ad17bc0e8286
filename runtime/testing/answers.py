"""The answers that a test gives to what the server asks its client."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from runtime.authoring.asking import Completion, Elicitation, Root
from runtime.testing.errors import UnansweredQuestion, UnusableAnswer

ACTIONS: Final = ("accept", "decline", "cancel")


class Asked(msgspec.Struct, frozen=True):
    """A question that the server asked: its key, its JSON-RPC method and its parameters."""

    key: str
    method: str
    params: Mapping[str, Any]

    @property
    def message(self) -> str:
        """What the user reads; empty for a question that is not for a user."""
        return str(self.params.get("message", ""))

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """The schema of a form."""
        return self.params.get("requestedSchema")


Answering = Mapping[str, Any] | Callable[[Asked], Any]


class Refusal(msgspec.Struct, frozen=True):
    """The error with which a client answers a question."""

    message: str


def find_answer(answers: Answering, asked: Asked) -> Any:
    """Return the client's result for a question, or its ``Refusal``.

    A mapping has the answer under the question's key, its message or its method. Raise ``UnansweredQuestion`` or
    ``UnusableAnswer``.
    """
    if callable(answers):
        return _to_wire(asked, answers(asked))
    for name in (asked.key, asked.message, asked.method):
        if name in answers:
            return _to_wire(asked, answers[name])
    raise UnansweredQuestion(f"no answer for {describe(asked)}: client(app, answers={{{asked.key!r}: ...}})")


def describe(asked: Asked) -> str:
    """Return what names a question in an error."""
    return f"the question {asked.key!r} ({asked.message or asked.method})"


def _to_wire(asked: Asked, answer: Any) -> Any:
    if isinstance(answer, Exception):
        return Refusal(str(answer))
    wire = _WIRES[asked.method](answer) if asked.method in _WIRES else None
    if wire is None:
        raise UnusableAnswer(f"{type(answer).__name__} answers no {asked.method}: {describe(asked)}")
    return wire


def _elicitation(answer: Any) -> dict[str, Any] | None:
    if isinstance(answer, str) and answer in ACTIONS:
        return {"action": answer}
    if isinstance(answer, Elicitation):
        return {"action": answer.action, **({"content": dict(answer.content)} if answer.content is not None else {})}
    return {"action": "accept", "content": dict(answer)} if isinstance(answer, Mapping) else None


def _completion(answer: Any) -> dict[str, Any] | None:
    if isinstance(answer, str):
        return {"role": "assistant", "content": {"type": "text", "text": answer}, "model": "test"}
    if isinstance(answer, Completion):
        stopped = {"stopReason": answer.stop_reason} if answer.stop_reason else {}
        return {"role": answer.role, "content": list(answer.content), "model": answer.model, **stopped}
    return dict(answer) if isinstance(answer, Mapping) else None


def _roots(answer: Any) -> dict[str, Any] | None:
    if isinstance(answer, str) or not isinstance(answer, Sequence):
        return None
    return {"roots": [_root(root) for root in answer]}


def _root(root: str | Root) -> dict[str, str]:
    if isinstance(root, str):
        return {"uri": root}
    return {"uri": root.uri, **({"name": root.name} if root.name else {})}


_WIRES: Final[Mapping[str, Callable[[Any], dict[str, Any] | None]]] = {
    "elicitation/create": _elicitation,
    "sampling/createMessage": _completion,
    "roots/list": _roots,
}
