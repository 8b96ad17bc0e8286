"""Reads an OpenAPI document, and the files beside it that it refers to."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urlsplit

from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource, Unresolvable

from openapi.yaml_loader import load

VERSIONS: Final = ("3.0", "3.1")
# A longer chain of references goes in a circle.
LONGEST_CHAIN: Final = 50


class DocumentError(ValueError):
    """A document that is not OpenAPI 3.0 or 3.1, or a part of it that cannot be used. The message says why."""


class Part(NamedTuple):
    """A part of a document, and what resolves the references in it."""

    value: Any
    resolver: Any

    def get(self, name: str) -> "Part":
        """Return a member, with ``None`` as its value if it is not there."""
        return Part(self.value.get(name) if isinstance(self.value, Mapping) else None, self.resolver)

    def items(self) -> Iterator[tuple[str, "Part"]]:
        """Yield the members of an object; of anything else, nothing."""
        for name, value in self.value.items() if isinstance(self.value, Mapping) else ():
            yield name, Part(value, self.resolver)

    def elements(self) -> Iterator["Part"]:
        """Yield the elements of a list; of anything else, nothing."""
        for value in self.value if isinstance(self.value, list) else ():
            yield Part(value, self.resolver)

    def resolve(self) -> "Part":
        """Return what this refers to, if it is a reference. Raise ``DocumentError`` for one that leads nowhere."""
        part = self
        for _ in range(LONGEST_CHAIN):
            reference = part.value.get("$ref") if isinstance(part.value, Mapping) else None
            if not isinstance(reference, str):
                return part
            part = part.look_up(reference)
        raise DocumentError(f"{self.value['$ref']} refers to itself")

    def look_up(self, reference: str) -> "Part":
        """Return what a reference leads to. Raise ``DocumentError`` if it leads nowhere."""
        try:
            found = self.resolver.lookup(reference)
        except (Unresolvable, ValueError, TypeError, LookupError) as error:
            raise DocumentError(f"{reference} leads nowhere: only files beside the document are read") from error
        return Part(found.contents, found.resolver)

    def text(self) -> str:
        """Return a text, or the text that is referred to; of anything else, nothing."""
        part = self.resolve()
        return part.value.strip() if isinstance(part.value, str) else ""


class Document:
    """An OpenAPI document. ``files`` are the contents of what was read for it, by path."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.files: dict[Path, bytes] = {}
        self._loaded: dict[Path, Any] = {}
        value = self._load(self.path)
        version = str(value.get("openapi", "")) if isinstance(value, Mapping) else ""
        self.version = version[:3]
        if self.version not in VERSIONS:
            stated = f"version {version}" if version else "something else"
            raise DocumentError(f"OpenAPI 3.0 or 3.1 is needed, and it is {stated}")
        # The classes are of attrs, whose conversion of fields mypy does not see.
        registry: Registry[Any] = Registry(retrieve=self._retrieve)  # type: ignore[call-arg]
        resolver = registry.with_resource(self.path.as_uri(), Resource.opaque(value)).resolver(self.path.as_uri())
        self.root = Part(value, resolver)

    def _retrieve(self, uri: str) -> Resource[Any]:
        """Return a file below the folder of the document: another place may be anybody's."""
        split = urlsplit(uri)
        path = Path(unquote(split.path)).resolve()
        if split.scheme != "file" or not path.is_relative_to(self.path.parent) or not path.is_file():
            raise NoSuchResource(uri)
        return Resource.opaque(self._load(path))

    def _load(self, path: Path) -> Any:
        # A part of a file is the same object each time, by which a recursive schema is found.
        if path not in self._loaded:
            self.files[path] = path.read_bytes()
            self._loaded[path] = load(path, self.files[path])
        return self._loaded[path]
