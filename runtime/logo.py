"""The logo of a server: its type by content, and its form in a page or in a message."""

import base64
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
# It is part of pages and of one message a session.
LARGEST_BYTES: Final = 16 * 1024
PNG, WEBP, SVG = "image/png", "image/webp", "image/svg+xml"


def media_type(content: bytes) -> str | None:
    """Return the media type of a picture by its first bytes, ``None`` if it is neither PNG, WebP nor XML."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    # RFC 9649 2.4.
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    return SVG if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") else None


def data_uri(path: str) -> tuple[str, str]:
    """Return the media type and the ``data:`` URI (RFC 2397) of a logo, by its path from the root of the project.

    The program has checked the file. Raises ``OSError`` if it is missing.
    """
    content = (ROOT / path).read_bytes()
    kind = media_type(content) or SVG
    return kind, f"data:{kind};base64,{base64.b64encode(content).decode()}"
