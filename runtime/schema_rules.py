"""Which JSON Schemas validate in time that grows no faster than what they are given.

``runtime.validation`` sees to the keywords. What it cannot see to is in the document: patterns whose time grows faster
than the text, and references that never arrive.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

# JSON Schema 2020-12, Core 10 and 11: where in a schema there are others; those in the first line are about the same
# value.
_IN_PLACE, _IN_PLACE_LISTS, _IN_PLACE_MAPS = (
    ("not", "if", "then", "else"),
    ("allOf", "anyOf", "oneOf"),
    ("dependentSchemas",),
)
_INSIDE = ("items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties")
_INSIDE_LISTS, _INSIDE_MAPS = ("prefixItems",), ("properties", "patternProperties", "$defs", "definitions")
_CHECKED = frozenset({"$ref", "$dynamicRef", "pattern", "patternProperties"})
# A text of n characters may take a pattern so many steps: with maxLength 256 where time grows with the square.
MOST_STEPS = 256**2


class UnusableSchema(ValueError):
    """A schema that must not be validated with: the JSON pointer (RFC 6901) of the keyword at fault, and the reason."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(f"{pointer}: {reason}" if pointer else reason)


class _Place(NamedTuple):
    """A schema within a document, where it is, and what its references are relative to."""

    schema: Mapping[str, Any]
    pointer: str
    resolver: Any


def check_schema(document: Mapping[str, Any]) -> None:
    """Raise ``UnusableSchema`` for a document whose validation may take more time than what it is given warrants.

    It must refer to nothing outside of itself and to nothing that is not there, not to itself without a step into the
    value, and not by ``$dynamicRef``. A pattern is refused where ``re`` cannot compile it or may need more than
    ``MOST_STEPS`` for it: one that is tried on a text in one pass may be of any, another needs ``maxLength`` beside it.
    That the document is a JSON Schema at all is for ``Draft202012Validator.check_schema`` to say.
    """
    if not any(name in _CHECKED for name in _names(document)):
        return
    registry: Registry[Any] = Registry()
    root = _Place(document, "", registry.resolver_with_root(DRAFT202012.create_resource(document)))
    leads_to: dict[int, list[int]] = {}
    pointers: dict[int, str] = {}
    waiting = [root]
    while waiting:
        place = waiting.pop()
        if id(place.schema) in leads_to:
            continue
        _check_patterns(place)
        same_value = [*_parts(place, _IN_PLACE, _IN_PLACE_LISTS, _IN_PLACE_MAPS), *_target(place)]
        pointers[id(place.schema)] = place.pointer
        leads_to[id(place.schema)] = [id(part.schema) for part in same_value]
        waiting += [*same_value, *_parts(place, _INSIDE, _INSIDE_LISTS, _INSIDE_MAPS)]
    _check_arrival(leads_to, pointers)


def _names(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        yield from part
        part = list(part.values())
    if isinstance(part, list | tuple):
        for inner in part:
            yield from _names(inner)


def _parts(place: _Place, single: tuple[str, ...], lists: tuple[str, ...], maps: tuple[str, ...]) -> Iterator[_Place]:
    schema = place.schema
    found = [(f"/{keyword}", schema.get(keyword)) for keyword in single]
    for keyword in lists:
        found += [(f"/{keyword}/{index}", part) for index, part in enumerate(schema.get(keyword, ()))]
    for keyword in maps:
        found += [(f"/{keyword}/{_escaped(name)}", part) for name, part in schema.get(keyword, {}).items()]
    for pointer, part in found:
        if isinstance(part, Mapping):
            resolver = place.resolver.in_subresource(DRAFT202012.create_resource(part))
            yield _Place(part, place.pointer + pointer, resolver)


def _target(place: _Place) -> Iterator[_Place]:
    if "$dynamicRef" in place.schema:
        raise UnusableSchema(f"{place.pointer}/$dynamicRef", "is not supported; use $ref")
    if "$ref" not in place.schema:
        return
    try:
        found = place.resolver.lookup(place.schema["$ref"])
    except Unresolvable as error:
        raise UnusableSchema(f"{place.pointer}/$ref", "refers to nothing in this schema") from error
    if isinstance(found.contents, Mapping):
        yield _Place(found.contents, f"{place.pointer}/$ref", found.resolver)


def _check_arrival(leads_to: Mapping[int, list[int]], pointers: Mapping[int, str]) -> None:
    """Raise ``UnusableSchema`` for a schema that comes back to itself about the same value."""
    done: set[int] = set()
    for start in leads_to:
        path: dict[int, Iterator[int]] = {start: iter(leads_to[start])}
        while path and start not in done:
            current = next(reversed(path))
            following = next(path[current], None)
            if following is None:
                done.add(current)
                del path[current]
            elif following in path:
                raise UnusableSchema(pointers[following], "refers to itself without a step into the value")
            elif following not in done:
                path[following] = iter(leads_to[following])


def _check_patterns(place: _Place) -> None:
    schema = place.schema
    if "pattern" in schema:
        _check_pattern(f"{place.pointer}/pattern", schema["pattern"], schema.get("maxLength"))
    names = schema.get("propertyNames")
    longest = names.get("maxLength") if isinstance(names, Mapping) else None
    for pattern in schema.get("patternProperties", {}):
        _check_pattern(f"{place.pointer}/patternProperties/{_escaped(pattern)}", pattern, longest)


def _check_pattern(pointer: str, pattern: str, longest: float | None) -> None:
    # Imported when there is a pattern: it would lengthen cold starts.
    from runtime.patterns.growth import growth  # noqa: PLC0415

    try:
        power = growth(pattern)
    except re.error as error:
        raise UnusableSchema(pointer, f"is not a regular expression of Python: {error.msg}") from error
    if power is None:
        raise UnusableSchema(pointer, "may take a time that doubles with each character of the text")
    if power > 1 and (longest is None or longest**power > MOST_STEPS):
        most = int(MOST_STEPS ** (1 / power))
        raise UnusableSchema(
            pointer, f"takes a time that grows with power {power} of the text: needs a maxLength of at most {most}"
        )


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
