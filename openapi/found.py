"""Finds the operations of a document."""

from collections.abc import Iterator
from typing import NamedTuple

from openapi.document import Document, Part

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Found(NamedTuple):
    """An operation of a document, and the path item that it is in."""

    id: str
    method: str
    path: str
    tags: tuple[str, ...]
    part: Part
    item: Part

    @property
    def label(self) -> str:
        """What a message calls it."""
        return f"{self.method} {self.path}"


def find_operations(document: Document) -> Iterator[Found]:
    """Yield the operations in the order of the document. Raise ``DocumentError`` for a reference that leads nowhere."""
    for path, stated in document.root.get("paths").items():
        item = stated.resolve()
        for method in METHODS:
            part = item.get(method).resolve()
            if not isinstance(part.value, dict) or not path.startswith("/"):
                continue
            tags = tuple(tag.value for tag in part.get("tags").elements() if isinstance(tag.value, str))
            yield Found(part.get("operationId").text(), method.upper(), path, tags, part, item)
