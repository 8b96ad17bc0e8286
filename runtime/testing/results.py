"""What a call returns, and what the server sends beside it."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec


class CallResult(msgspec.Struct, frozen=True):
    """The result of a tool. ``content`` has the blocks as a client gets them, ``structured`` the structured content."""

    content: Sequence[Mapping[str, Any]]
    structured: Any = None
    is_error: bool = False
    meta: Mapping[str, Any] = {}

    @property
    def text(self) -> str:
        """The text of all text blocks."""
        return "\n".join(block["text"] for block in self.content if block["type"] == "text")

    @classmethod
    def of(cls, wire: Mapping[str, Any]) -> "CallResult":
        """Return the result in a ``CallToolResult``."""
        return cls(
            wire["content"], wire.get("structuredContent"), wire.get("isError", False), _own_meta(wire.get("_meta", {}))
        )


class ReadResult(msgspec.Struct, frozen=True):
    """The contents of a resource as a client gets them."""

    contents: Sequence[Mapping[str, Any]]

    @property
    def text(self) -> str:
        """The text of the first content. Raise ``KeyError`` if it is binary."""
        return str(self.contents[0]["text"])

    @property
    def data(self) -> bytes:
        """The bytes of the first content. Raise ``KeyError`` if it is text."""
        return base64.b64decode(self.contents[0]["blob"])

    @property
    def mime_type(self) -> str | None:
        """The media type of the first content."""
        return self.contents[0].get("mimeType")


class PromptResult(msgspec.Struct, frozen=True):
    """The messages of a prompt as a client gets them."""

    messages: Sequence[Mapping[str, Any]]
    description: str | None = None

    @property
    def text(self) -> str:
        """The text of all messages."""
        contents = [message["content"] for message in self.messages]
        return "\n".join(content["text"] for content in contents if content["type"] == "text")


class Progress(msgspec.Struct, frozen=True):
    """One progress notification."""

    progress: float
    total: float | None = None
    message: str | None = None


class Log(msgspec.Struct, frozen=True):
    """One log message that went to the client."""

    level: str
    data: Any
    logger: str | None = None


def _own_meta(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the tool itself said: 2026-07-28 adds what the server says about itself."""
    return {name: value for name, value in meta.items() if name != "io.modelcontextprotocol/serverInfo"}
