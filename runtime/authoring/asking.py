"""What a tool, prompt or resource can ask of the client: input of a user, a model's answer, its roots."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec
from msgspec.structs import force_setattr

from runtime.authoring.form_schema import checked_form
from runtime.validation.schemas import Schema, SchemaViolation


class UnusableAnswer(ValueError):
    """An answer that is not of the form its question asks for. The question is asked again."""


class ClientRefused(Exception):
    """The client answered a question with an error, or cannot be asked. Uncaught, the caller is told."""


class Elicitation(msgspec.Struct, frozen=True):
    """A user's answer. ``content`` is set when ``action`` is ``accept`` and a form was asked for."""

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
    """One request to the client: its method and parameters, the capability it needs, and what its answer means."""

    @property
    def method(self) -> str:
        """The JSON-RPC method."""

    @property
    def capability(self) -> tuple[str, ...]:
        """The path of the client capability without which it must not be sent."""

    def params(self) -> dict[str, Any]:
        """The JSON-RPC parameters."""

    def answer(self, result: Any) -> Any:
        """The meaning of the client's result; raises ``UnusableAnswer``."""


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
        """Raise ``InvalidSchema`` or ``NotJson`` for a schema that is none of a form."""
        force_setattr(self, "schema", checked_form(self.schema))

    def params(self) -> dict[str, Any]:
        """The JSON-RPC parameters."""
        return {"mode": "form", "message": self.message, "requestedSchema": self.schema}

    def answer(self, result: Any) -> Elicitation:
        """An ``Elicitation`` whose content satisfies the schema; raises ``UnusableAnswer``."""
        _check(Schema(_ELICITED), result)
        if result["action"] != "accept":
            return Elicitation(result["action"])
        content = result.get("content", {})
        _check(Schema(self.schema), content)
        return Elicitation("accept", content)


class Visit(msgspec.Struct, frozen=True):
    """Ask a user to visit a URL, for what must not pass through the client (MCP, Elicitation, URL Mode)."""

    message: str
    url: str
    method = "elicitation/create"
    capability = ("elicitation", "url")

    def params(self) -> dict[str, Any]:
        """The JSON-RPC parameters."""
        return {"mode": "url", "message": self.message, "url": self.url}

    def answer(self, result: Any) -> Elicitation:
        """An ``Elicitation`` without content; raises ``UnusableAnswer``."""
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
        """The JSON-RPC parameters."""
        messages = (
            [{"role": "user", "content": {"type": "text", "text": self.messages}}]
            if isinstance(self.messages, str)
            else list(self.messages)
        )
        return {"messages": messages, "maxTokens": self.max_tokens, **(self.options or {})}

    def answer(self, result: Any) -> Completion:
        """A ``Completion``; raises ``UnusableAnswer``."""
        _check(Schema(_SAMPLED), result)
        content = result["content"]
        blocks = content if isinstance(content, list) else [content]
        return Completion(result["role"], blocks, result["model"], result.get("stopReason"))


class Roots(msgspec.Struct, frozen=True):
    """Ask for the client's roots."""

    method = "roots/list"
    capability = ("roots",)

    def params(self) -> dict[str, Any]:
        """The JSON-RPC parameters."""
        return {}

    def answer(self, result: Any) -> list[Root]:
        """The roots; raises ``UnusableAnswer``."""
        _check(Schema(_ROOTS), result)
        return [Root(root["uri"], root.get("name")) for root in result["roots"]]


class Pause(msgspec.Struct, frozen=True):
    """No question at all: the run ends here and goes on when the client comes back."""

    method = ""
    capability = ()

    def params(self) -> dict[str, Any]:
        """Nothing is sent."""
        return {}

    def answer(self, _result: Any) -> None:
        """Nothing is answered."""


def _check(schema: Schema, value: Any) -> None:
    try:
        schema.check(value)
    except SchemaViolation as violation:
        raise UnusableAnswer(str(violation)) from violation
