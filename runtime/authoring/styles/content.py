"""Content under the names of other frameworks. Each makes the content of this project."""

import base64
import mimetypes
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from runtime.authoring import content
from runtime.authoring.json_values import json_text
from runtime.authoring.tool_options import ToolAnnotations as NativeToolAnnotations

_HINTS = ("read_only", "destructive", "idempotent", "open_world")


class _Media:
    """Content from a file, or from bytes and a format: ``KIND`` is what it is, ``FORMAT`` the usual one."""

    NATIVE: ClassVar[type[content.Image | content.Audio]]
    KIND: ClassVar[str]
    FORMAT: ClassVar[str]

    def __new__(
        cls,
        path: str | Path | None = None,
        data: bytes | None = None,
        format: str | None = None,  # noqa: A002  # the name that others use
        annotations: Any = None,
    ) -> Any:
        """Return the content. Raise ``ValueError`` without a path or data."""
        return cls.NATIVE(*_read_media(cls.KIND, path, data, format, cls.FORMAT), annotations)


class Image(_Media):
    """An image, from a file or from bytes and a format such as ``png``."""

    NATIVE, KIND, FORMAT = content.Image, "image", "png"


class Audio(_Media):
    """A sound, from a file or from bytes and a format such as ``wav``."""

    NATIVE, KIND, FORMAT = content.Audio, "audio", "wav"


class TextContent:
    """Text."""

    NATIVE: ClassVar[type] = content.Text

    def __new__(cls, *, text: str, annotations: Any = None, **_type: str) -> Any:
        """Return the content. ``type`` is always ``text``."""
        return content.Text(text, annotations)


class ImageContent:
    """An image in base64."""

    NATIVE: ClassVar[type] = content.Image

    def __new__(cls, *, data: str, annotations: Any = None, **kind: str) -> Any:
        """Return the content. ``mimeType`` and ``mime_type`` mean the same; ``type`` is always ``image``."""
        media_type = kind.get("mimeType") or kind.get("mime_type") or "image/png"
        return content.Image(base64.b64decode(data), media_type, annotations)


class ToolResult:
    """A complete result."""

    NATIVE: ClassVar[type] = content.ToolResult

    def __new__(
        cls,
        content_: Any = None,
        structured_content: Any = None,
        meta: Mapping[str, Any] | None = None,
        is_error: bool = False,
        **others: Any,
    ) -> Any:
        """Return the result. ``content`` may be a text, one piece of content or a list."""
        parts = others.get("content", content_) or ()
        return content.ToolResult(
            content=parts if isinstance(parts, list | tuple) else [parts],
            structured=others.get("structuredContent", structured_content),
            is_error=others.get("isError", is_error),
            meta=meta or others.get("_meta") or {},
        )


class Message:
    """A message of a prompt. What is neither text nor content becomes JSON."""

    NATIVE: ClassVar[type] = content.Message

    def __new__(cls, content: Any, role: Any = "user") -> Any:
        """Return the message."""
        return _to_message(content, role)


class UserMessage(Message):
    """A message of the user."""

    def __new__(cls, content: Any) -> Any:
        """Return the message."""
        return _to_message(content, "user")


class AssistantMessage(Message):
    """A message of the model."""

    def __new__(cls, content: Any) -> Any:
        """Return the message."""
        return _to_message(content, "assistant")


class Icon:
    """An icon. ``mimeType`` and ``mime_type`` mean the same."""

    def __new__(
        cls, src: str, mime_type: str | None = None, sizes: Sequence[str] | None = None, **kind: str | None
    ) -> Any:
        """Return the icon."""
        return content.Icon(src=src, mime_type=mime_type or kind.get("mimeType"), sizes=sizes)


class ToolAnnotations:
    """Hints about a tool. ``readOnlyHint`` and ``read_only_hint`` mean the same."""

    def __new__(cls, *, title: str | None = None, **hints: bool | None) -> Any:
        """Return the hints. Raise ``TypeError`` for one that the protocol does not have."""
        read: dict[str, Any] = {}
        for name, value in hints.items():
            snake = "".join(f"_{char.lower()}" if char.isupper() else char for char in name).removesuffix("_hint")
            if snake not in _HINTS:
                raise TypeError(f"there is no hint {name!r}: the hints are {', '.join(_HINTS)}")
            read[snake] = value
        return NativeToolAnnotations(title=title, **read)


def _read_media(
    kind: str, path: str | Path | None, data: bytes | None, form: str | None, usual: str
) -> tuple[bytes, str]:
    if (path is None) == (data is None):
        raise ValueError("state a path or data")
    guessed = mimetypes.guess_type(str(path))[0] if path else None
    media_type = f"{kind}/{form.lower()}" if form else guessed or f"{kind}/{usual}"
    return (Path(path).read_bytes() if path else data or b""), media_type


def _to_message(part: Any, role: Any) -> Any:
    if not isinstance(part, str | content.Content):
        part = json_text(part)
    return content.Message(part, role)
