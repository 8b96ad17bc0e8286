"""Questions to the client: a user's input, a model's answer, the roots."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec
from msgspec.structs import force_setattr

from runtime.authoring.form_schema import read_form
from runtime.validation.schemas import Schema, SchemaViolation


class UnusableAnswer(ValueError):
    """An answer that does not match its question. The question is asked again."""


class ClientRefused(Exception):
    """The client answered a question with an error, or cannot be asked. If uncaught, the caller gets its message."""


class Elicitation(msgspec.Struct, frozen=True):
    """A user's answer. ``content`` is set if ``action`` is ``accept`` and the question was a form."""

    action: Literal["accept", "decline", "cancel"]
    content: Mapping[str, Any] | None = None


class Completion(msgspec.Struct, frozen=True):
    """A model's answer; ``content`` holds content blocks in their wire form."""

    role: str
    content: Sequence[Mapping[str, Any]]
    model: str
    stop_reason: str | None = None

    @property
    def text(self) -> str:
        """The text of the answer."""
        return "".join(block["text"] for block in self.content if block.get("type") == "text")


class Root(msgspec.Struct, frozen=True):
    """A directory or file that the client offers."""

    uri: str
    name: str | None = None


class Question(Protocol):
    """A request to the client: its method and parameters, the capability it needs, and how to read its answer."""

    @property
    def method(self) -> str:
        """The JSON-RPC method."""

    @property
    def capability(self) -> tuple[str, ...]:
        """The path of the client capability that it needs. Without it, it must not be sent."""

    def params(self) -> dict[str, Any]:
        """Return the JSON-RPC parameters."""

    def answer(self, result: Any) -> Any:
        """Return what the client's result means. Raise ``UnusableAnswer``."""


_ELICITED = {
    "type": "object",
    "required": ["action"],
    "properties": {"action": {"enum": ["accept", "decline", "cancel"]}, "content": {"type": "object"}},
}
_SAMPLED = {
    "type": "object",
    "required": ["role", "content", "model"],
    "properties": {
        "role": {"enum": ["user", "assistant"]},
        "content": {"type": ["object", "array"], "items": {"type": "object"}},
        "model": {"type": "string"},
        "stopReason": {"type": "string"},
    },
}
_ROOTS = {
    "type": "object",
    "required": ["roots"],
    "properties": {
        "roots": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["uri"],
                "properties": {"uri": {"type": "string"}, "name": {"type": "string"}},
            },
        }
    },
}


class Form(msgspec.Struct, frozen=True):
    """Ask a user to fill in a form. ``schema`` is a flat JSON Schema object (MCP, Elicitation, Requested Schema)."""

    message: str
    schema: Mapping[str, Any]
    method = "elicitation/create"
    capability = ("elicitation", "form")

    def __post_init__(self) -> None:
        """Raise ``InvalidSchema`` or ``NotJson`` for a schema that is not valid for a form."""
        force_setattr(self, "schema", read_form(self.schema))

    def params(self) -> dict[str, Any]:
        """Return the JSON-RPC parameters."""
        return {"mode": "form", "message": self.message, "requestedSchema": self.schema}

    def answer(self, result: Any) -> Elicitation:
        """Return an ``Elicitation`` whose content matches the schema. Raise ``UnusableAnswer``."""
        _check(Schema(_ELICITED), result)
        if result["action"] != "accept":
            return Elicitation(result["action"])
        content = result.get("content", {})
        _check(Schema(self.schema), content)
        return Elicitation("accept", content)


class Visit(msgspec.Struct, frozen=True):
    """Ask a user to visit a URL, for data that must not pass through the client (MCP, Elicitation, URL Mode)."""

    message: str
    url: str
    method = "elicitation/create"
    capability = ("elicitation", "url")

    def params(self) -> dict[str, Any]:
        """Return the JSON-RPC parameters."""
        return {"mode": "url", "message": self.message, "url": self.url}

    def answer(self, result: Any) -> Elicitation:
        """Return an ``Elicitation`` without content. Raise ``UnusableAnswer``."""
        _check(Schema(_ELICITED), result)
        return Elicitation(result["action"])


class Sample(msgspec.Struct, frozen=True):
    """Ask the client's model. ``messages`` is a prompt or messages in their wire form; ``options`` are further
    parameters of ``sampling/createMessage`` by their wire names."""

    messages: str | Sequence[Mapping[str, Any]]
    max_tokens: int
    options: Mapping[str, Any] | None = None
    method = "sampling/createMessage"

    @property
    def capability(self) -> tuple[str, ...]:
        """``sampling``, or ``sampling.tools`` for a model that may use tools (MCP, Sampling, Capabilities)."""
        return ("sampling", "tools") if {"tools", "toolChoice"} & (self.options or {}).keys() else ("sampling",)

    def params(self) -> dict[str, Any]:
        """Return the JSON-RPC parameters."""
        messages = (
            [{"role": "user", "content": {"type": "text", "text": self.messages}}]
            if isinstance(self.messages, str)
            else list(self.messages)
        )
        return {"messages": messages, "maxTokens": self.max_tokens, **(self.options or {})}

    def answer(self, result: Any) -> Completion:
        """Return a ``Completion``. Raise ``UnusableAnswer``."""
        _check(Schema(_SAMPLED), result)
        content = result["content"]
        blocks = content if isinstance(content, list) else [content]
        return Completion(result["role"], blocks, result["model"], result.get("stopReason"))


class Roots(msgspec.Struct, frozen=True):
    """Ask for the client's roots."""

    method = "roots/list"
    capability = ("roots",)

    def params(self) -> dict[str, Any]:
        """Return the JSON-RPC parameters."""
        return {}

    def answer(self, result: Any) -> list[Root]:
        """Return the roots. Raise ``UnusableAnswer``."""
        _check(Schema(_ROOTS), result)
        return [Root(root["uri"], root.get("name")) for root in result["roots"]]


class Pause(msgspec.Struct, frozen=True):
    """A pause without a question: the run ends here and continues when the client comes back."""

    method = ""
    capability = ()

    def params(self) -> dict[str, Any]:
        """Return nothing to send."""
        return {}

    def answer(self, _result: Any) -> None:
        """Return nothing."""


def _check(schema: Schema, value: Any) -> None:
    """Raise ``UnusableAnswer`` for a value that does not match the schema."""
    try:
        schema.check(value)
    except SchemaViolation as violation:
        raise UnusableAnswer(str(violation)) from violation
