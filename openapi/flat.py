"""Reads a schema of a document with its references and its ``allOf`` resolved.

The schemas of OpenAPI 3.0 and of 3.1 come out the same: ``nullable`` and ``null`` among the types, exclusive limits as
booleans and as numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openapi.document import LONGEST_CHAIN, DocumentError, Part

NULL: Final = "null"
TYPES: Final = frozenset({"array", "boolean", "integer", "number", "object", "string"})
_OF_PYTHON: Final = {str: "string", bool: "boolean", int: "integer", float: "number", dict: "object", list: "array"}
# Keywords of which the outermost counts.
_PLAIN: Final = frozenset(
    {"default", "enum", "format", "pattern", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"}
    | {"exclusiveMinimum", "exclusiveMaximum", "readOnly", "writeOnly", "deprecated"}
)


@dataclass(slots=True)
class Flat:
    """A schema without references.

    A property has several schemas if several parts of ``allOf`` have it. ``seen`` are the schemas that this one came
    from, by identity; ``is_recursive`` if one of them came from itself.
    """

    types: list[str] = field(default_factory=list)
    nullable: bool = False
    keywords: dict[str, Any] = field(default_factory=dict)
    description: str = ""
    properties: dict[str, list[Part]] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    items: list[Part] = field(default_factory=list)
    additional: Part | None = None
    variants: list[Part] = field(default_factory=list)
    seen: frozenset[int] = frozenset()
    is_recursive: bool = False

    @property
    def kinds(self) -> list[str]:
        """The types that are stated, else those that the other keywords mean."""
        if self.types:
            return self.types
        if self.properties or self.additional is not None:
            return ["object"]
        if self.items:
            return ["array"]
        return list(dict.fromkeys(_OF_PYTHON[type(value)] for value in self.choices if type(value) in _OF_PYTHON))

    @property
    def choices(self) -> list[Any]:
        """The values of ``enum``, without ``null``."""
        stated = self.keywords.get("enum")
        return [value for value in stated if value is not None] if isinstance(stated, list) else []

    def add(self, other: "Flat") -> None:
        """Add a schema that applies to the same value. What is stated already stays."""
        self.types = [kind for kind in self.types if kind in other.types] or self.types or other.types
        self.nullable = self.nullable or other.nullable
        self.keywords = {**other.keywords, **self.keywords}
        self.description = self.description or other.description
        for name, parts in other.properties.items():
            self.properties.setdefault(name, []).extend(parts)
        self.required += [name for name in other.required if name not in self.required]
        self.items += other.items
        self.additional = self.additional if self.additional is not None else other.additional
        self.variants = self.variants or other.variants
        self.seen |= other.seen
        self.is_recursive = self.is_recursive or other.is_recursive


def flatten(parts: Iterable[Part], seen: frozenset[int] = frozenset()) -> Flat:
    """Return what schemas of the same value say together. ``seen`` are those that they are inside of."""
    flat = Flat(seen=seen)
    for part in parts:
        _read(flat, part, seen, ())
    return flat


def _read(flat: Flat, part: Part, outside: frozenset[int], chain: tuple[int, ...]) -> None:
    value = part.value
    # ``true`` says nothing, and ``false`` is of no use to a caller.
    if not isinstance(value, Mapping) or len(chain) > LONGEST_CHAIN:
        return
    if id(value) in chain:
        return
    flat.is_recursive = flat.is_recursive or id(value) in outside
    flat.seen |= {id(value)}
    chain = (*chain, id(value))
    own = _own(part)
    own.seen = flat.seen
    flat.add(own)
    if isinstance(value.get("$ref"), str):
        _read(flat, part.look_up(value["$ref"]), outside, chain)
    for inner in part.get("allOf").elements():
        _read(flat, inner, outside, chain)


def _own(part: Part) -> Flat:
    """Return what a schema says itself."""
    value = part.value
    stated = value.get("type")
    names = [stated] if isinstance(stated, str) else stated if isinstance(stated, list) else []
    enum = value["enum"] if isinstance(value.get("enum"), list) else [value["const"]] if "const" in value else None
    keywords = {name: value[name] for name in _PLAIN & value.keys()} | ({"enum": enum} if enum else {})
    additional = part.get("additionalProperties")
    return Flat(
        types=[name for name in names if name in TYPES],
        nullable=value.get("nullable") is True or NULL in names or (enum is not None and None in enum),
        keywords=keywords,
        description=_describe(part),
        properties={name: [inner] for name, inner in part.get("properties").items()},
        required=_texts(value.get("required")),
        items=[part.get("items")] if isinstance(value.get("items"), Mapping) else [],
        additional=additional if isinstance(additional.value, Mapping | bool) else None,
        variants=[*part.get("anyOf").elements(), *part.get("oneOf").elements()],
    )


def _describe(part: Part) -> str:
    try:
        return part.get("description").text() or part.get("title").text()
    except DocumentError:
        return ""


def _texts(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, Sequence) else []
