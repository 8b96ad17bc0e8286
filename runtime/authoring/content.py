"""The kinds of content that tools, prompts and resources return."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec


class Annotations(msgspec.Struct, frozen=True, kw_only=True):
    """Hints for the client (MCP, Resources, Annotations). ``priority`` is from 0 to 1."""

    audience: Sequence[Literal["user", "assistant"]] | None = None
    priority: float | None = None
    last_modified: str | None = None

    def to_wire(self) -> dict[str, Any]:
        """Return the wire form."""
        return without_none({"audience": self.audience, "priority": self.priority, "lastModified": self.last_modified})


class Icon(msgspec.Struct, frozen=True, kw_only=True):
    """An icon that a client may show. ``src`` is an https or data URI, ``sizes`` are such as ``48x48``."""

    src: str
    mime_type: str | None = None
    sizes: Sequence[str] | None = None

    def to_wire(self) -> dict[str, Any]:
        """Return the wire form."""
        return without_none({"src": self.src, "mimeType": self.mime_type, "sizes": self.sizes})


class Text(msgspec.Struct, frozen=True):
    """Text. A plain ``str`` is the same without annotations."""

    text: str
    annotations: Annotations | None = None

    def to_wire(self) -> dict[str, Any]:
        """Return the wire form."""
        return _with_annotations({"type": "text", "text": self.text}, self.annotations)


class Image(msgspec.Struct, frozen=True):
    """An image: its bytes and their media type."""

    data: bytes
    mime_type: str = "image/png"
    annotations: Annotations | None = None

    def to_wire(self) -> dict[str, Any]:
        """Return the wire form."""
        return _with_annotations(
            {"type": "image", "data": _base64(self.data), "mimeType": self.mime_type}, self.annotations
        )


class Audio(msgspec.Struct, frozen=True):
    """A sound: its bytes and their media type."""

    data: bytes
    mime_type: str = "audio/wav"
    annotations: Annotations | None = None

    def to_wire(self) -> dict[str, Any]:
        """Return the wire form."""
        return _with_annotations(
            {"type": "audio", "data": _base64(self.data), "mimeType": self.mime_type}, self.annotations
        )


class EmbeddedResource(msgspec.Struct, frozen=True):
    """The content of a resource inside a result."""

    uri: str
    content: str | bytes
    mime_type: str = "text/plain"
    annotations: Annotations | None = None

    def to_wire(self) -> dict[str, Any]:
        """Return the wire form."""
        resource = resource_contents(self.uri, self.content, self.mime_type)
        return _with_annotations({"type": "resource", "resource": resource}, self.annotations)


class ResourceLink(msgspec.Struct, frozen=True, kw_only=True):
    """A resource that the client may read."""

    uri: str
    name: str
    title: str | None = None
    description: str | None = None
    mime_type: str | None = None
    annotations: Annotations | None = None

    def to_wire(self) -> dict[str, Any]:
        """Return the wire form."""
        link = {
            "type": "resource_link",
            "uri": self.uri,
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "mimeType": self.mime_type,
        }
        return _with_annotations(without_none(link), self.annotations)


class Message(msgspec.Struct, frozen=True):
    """One message of a prompt."""

    content: "Content | str"
    role: Literal["user", "assistant"] = "user"

    def to_wire(self) -> dict[str, Any]:
        """Return the wire form."""
        return {"role": self.role, "content": content_block(self.content)}


class ToolResult(msgspec.Struct, frozen=True):
    """A complete result: content blocks, structured content, and whether it is an error."""

    content: "Sequence[Content | str]" = ()
    structured: Any = None
    is_error: bool = False
    meta: Mapping[str, Any] = {}


Content = Text | Image | Audio | EmbeddedResource | ResourceLink


def content_block(content: Content | str) -> dict[str, Any]:
    """Return the wire form of one piece of content."""
    return Text(content).to_wire() if isinstance(content, str) else content.to_wire()


def resource_contents(uri: str, content: str | bytes, mime_type: str) -> dict[str, Any]:
    """Return the wire form of the contents of a resource: text, or binary data in base64."""
    data = {"text": content} if isinstance(content, str) else {"blob": _base64(content)}
    return {"uri": uri, "mimeType": mime_type, **data}


def without_none(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that are not ``None``."""
    return {name: value for name, value in members.items() if value is not None}


def _with_annotations(block: dict[str, Any], annotations: Annotations | None) -> dict[str, Any]:
    return {**block, "annotations": annotations.to_wire()} if annotations else block


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
