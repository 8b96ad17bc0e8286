"""Checks the JSON Schemas that authors write when they are defined, not when a client calls."""

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.authoring.json_values import json_value
from runtime.authoring.schema_keywords import FORMS, IN_PLACE, NAMED_SCHEMAS, REFERENCES, SCHEMA, SCHEMAS
from runtime.validation.pattern_check import UnusablePattern, check_patterns

# Steps of a pointer. Arguments are nested 32 levels at most, and code that walks a schema recurses.
DEEPEST = 200
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class InvalidSchema(ValueError):
    """An invalid schema: the JSON pointer (RFC 6901) of the invalid part, and the reason."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(f"{pointer or 'the schema'} {reason}")


def read_schema(schema: Any) -> dict[str, Any]:
    """Return the schema of an object as JSON.

    Raise ``NotJson``. Raise ``InvalidSchema`` for a schema that is not JSON Schema 2020-12 (the only supported dialect;
    MCP, JSON Schema Usage), is not of type object, has a pattern that Python cannot compile, or has a reference to
    something outside of it.
    """
    document = json_value(schema)
    if not isinstance(document, dict) or document.get("type") != "object":
        # MCP, Tool: required of arguments in every revision, of results until 2025-11-25. Official clients refuse the
        # whole list of tools if one tool differs.
        raise InvalidSchema("/type", "must be object")
    _Check(document).run()
    return document


def schemas_in(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every schema in a valid schema, itself first, except ``true`` and ``false``."""
    if isinstance(schema, Mapping):
        yield schema
        for _, _, inner in _inner(schema, ""):
            yield from schemas_in(inner)


class _Check:
    """One pass over a schema."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        # By the identity of each schema: the schemas that apply to the same value, and its pointer.
        self._applied: dict[int, list[int]] = {}
        self._pointers: dict[int, str] = {}
        # References: the schema, the target, the pointer, and the enclosing schemas with an $id.
        self._references: list[tuple[int, str, str, tuple[dict[str, Any], ...]]] = []

    def run(self) -> None:
        """Raise ``InvalidSchema`` for the first fault."""
        self._visit(self._document, "", ())
        if not self._references:
            return
        # Imported for schemas with references only: it would lengthen cold starts.
        from runtime.authoring.references import UnresolvableReference, resolver  # noqa: PLC0415

        resolve = resolver(self._document)
        while self._references:
            schema, reference, pointer, bases = self._references.pop()
            try:
                target = resolve(reference, bases)
            except UnresolvableReference as error:
                raise InvalidSchema(pointer, "refers to something that is not in this schema") from error
            self._applied[schema].append(id(target))
            self._visit(target, pointer, bases)
        self._check_recursion()

    def _visit(self, schema: Any, pointer: str, bases: tuple[dict[str, Any], ...]) -> None:
        if isinstance(schema, bool) or id(schema) in self._applied:
            return
        if not isinstance(schema, dict):
            raise InvalidSchema(pointer, "must be a schema: an object, true or false")
        if pointer.count("/") > DEEPEST:
            raise InvalidSchema("", "is nested too deep")
        self._applied[id(schema)] = []
        self._pointers[id(schema)] = pointer
        _check_forms(schema, pointer)
        if "$id" in schema:
            bases = (*bases, schema)
        for keyword in REFERENCES & schema.keys():
            self._references.append((id(schema), schema[keyword], f"{pointer}/{keyword}", bases))
        for keyword, place, inner in _inner(schema, pointer):
            if keyword in IN_PLACE:
                self._applied[id(schema)].append(id(inner))
            self._visit(inner, place, bases)

    def _check_recursion(self) -> None:
        """Raise ``InvalidSchema`` for a schema that refers to itself for the same value."""
        # Imported for schemas with references only: it would lengthen cold starts.
        import graphlib  # noqa: PLC0415

        try:
            graphlib.TopologicalSorter(self._applied).prepare()
        except graphlib.CycleError as error:
            raise InvalidSchema(self._pointers[error.args[1][0]], "refers to itself, so it never ends") from error


def _check_forms(schema: dict[str, Any], pointer: str) -> None:
    if "$dynamicRef" in schema:
        raise InvalidSchema(f"{pointer}/$dynamicRef", "is not supported: use $ref")
    for keyword in FORMS.keys() & schema.keys():
        fits, reason = FORMS[keyword]
        if not fits(schema[keyword]):
            raise InvalidSchema(f"{pointer}/{keyword}", reason)
    if schema.get("$schema", DIALECT).rstrip("#") != DIALECT:
        raise InvalidSchema(f"{pointer}/$schema", f"must be {DIALECT}: no other dialect is supported")
    try:
        check_patterns(schema, pointer)
    except UnusablePattern as error:
        raise InvalidSchema(error.pointer, error.reason) from error


def _inner(schema: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, str, Any]]:
    """Yield the schemas directly below one: keyword, pointer, schema. Raise ``InvalidSchema`` for other values."""
    for keyword, value in schema.items():
        here = f"{pointer}/{_escape(keyword)}"
        if keyword in SCHEMA:
            yield keyword, here, value
        elif keyword in SCHEMAS:
            if not isinstance(value, list) or not value:
                raise InvalidSchema(here, "must be a list of schemas")
            yield from ((keyword, f"{here}/{index}", item) for index, item in enumerate(value))
        elif keyword in NAMED_SCHEMAS:
            if not isinstance(value, Mapping):
                raise InvalidSchema(here, "must have schemas by name")
            yield from ((keyword, f"{here}/{_escape(name)}", item) for name, item in value.items())


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
