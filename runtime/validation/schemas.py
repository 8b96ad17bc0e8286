"""JSON Schema validation: loads ``schemas/``, compiles each schema once per process, names what is wrong where."""

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from runtime.validation.acceptance import acceptance
from runtime.validation.files import find_schema, read_document

if TYPE_CHECKING:
    from runtime.validation.judge import Judge


class SchemaViolation(ValueError):
    """A value that does not match its schema: the JSON pointer (RFC 6901) of the invalid member, and the reason.

    The reason describes the schema only, never the rejected value, so it can be sent and logged.
    """

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(f"{pointer}: {reason}" if pointer else reason)
        self.pointer = pointer
        self.reason = reason


class Schema:
    """One JSON Schema 2020-12 document, compiled when it is first used. One from a file has a ``path``.

    It validates in time linear in the value if ``runtime.validation.pattern_check`` accepts the document.
    """

    def __init__(self, document: Mapping[str, Any], path: str | None = None) -> None:
        self._document = document
        self._path = path

    def check(self, value: Any) -> None:
        """Raise ``SchemaViolation`` for the most relevant of the first violations, if there is any."""
        if self.accepts is not None and self.accepts(value):
            return
        violation = self._judge.find_violation(value)
        if violation is not None:
            raise SchemaViolation(*violation)

    @functools.cached_property
    def accepts(self) -> Callable[[Any], bool] | None:
        """Tells whether a value is certain to be valid. ``None`` for a schema that has no such check."""
        return acceptance(self._document, functools.partial(find_schema, self._document, self._path))

    @functools.cached_property
    def _judge(self) -> "Judge":
        # Imported for values that may not be valid: it takes half of a cold start.
        from runtime.validation.judge import Judge  # noqa: PLC0415

        return Judge(self._document, self._path)


@functools.cache
def schema(name: str) -> Schema:
    """Return ``schemas/<name>.json``, which may refer to other files by relative paths.

    Raise ``FileNotFoundError`` for an unknown name.
    """
    path = f"{name}.json"
    return Schema(read_document(path), path)
