"""Two JSON Schemas as one that accepts what both accept."""

import json
from collections.abc import Mapping
from typing import Any, Final

Rule = Mapping[str, Any]

# Keywords that say nothing about which values are valid. ``format`` is one of them (JSON Schema Validation 7.2.1).
ANNOTATIONS: Final = frozenset(
    {"$schema", "$anchor", "$comment", "$defs", "definitions", "title", "description", "default", "examples"}
    | {"deprecated", "readOnly", "writeOnly", "format", "contentEncoding", "contentMediaType", "contentSchema"}
    | {"x-mcp-header"}
)
LEAST: Final = {"maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"}
MOST: Final = {"minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"}


class Untranslatable(Exception):
    """A schema has a keyword, or two values of one, for which there is no translation."""


def join(one: Any, other: Any) -> dict[str, Any]:
    """Return a schema that accepts what ``one`` and ``other`` both accept. Raise ``Untranslatable``."""
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        raise Untranslatable("true or false")
    joined = {**other, **one}
    for keyword in one.keys() & other.keys() - ANNOTATIONS:
        joined[keyword] = _join_values(keyword, one[keyword], other[keyword])
    if "additionalProperties" in joined and one.get("properties") != other.get("properties"):
        # It is about the members that its own schema does not name.
        raise Untranslatable("additionalProperties")
    return joined


def _join_values(keyword: str, one: Any, other: Any) -> Any:
    # For Python, 1 is True.
    if json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True):
        return one
    if keyword in LEAST:
        return min(one, other)
    if keyword in MOST:
        return max(one, other)
    if keyword == "required":
        return [*one, *(name for name in other if name not in one)]
    if keyword == "properties":
        shared = {name: join(one[name], other[name]) for name in one.keys() & other.keys()}
        return {**one, **other, **shared}
    raise Untranslatable(keyword)
