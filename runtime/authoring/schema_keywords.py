"""The keywords of JSON Schema 2020-12, and the valid values of each.

The metaschema says the same. Validation against it takes a millisecond for every property of a tool, at every cold
start; this takes microseconds. A test compares the two.
"""

import math
import re
from collections.abc import Callable
from typing import Any, Final

TYPES: Final = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
# Keywords whose value is a schema, a list of schemas, or schemas by name.
SCHEMA: Final = frozenset(
    {"additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then"}
    | {"unevaluatedItems", "unevaluatedProperties"}
)
SCHEMAS: Final = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
NAMED_SCHEMAS: Final = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})
REFERENCES: Final = frozenset({"$dynamicRef", "$ref"})
# Keywords whose schemas apply to the same value as the schema that has them.
IN_PLACE: Final = frozenset({"allOf", "anyOf", "dependentSchemas", "else", "if", "not", "oneOf", "then"})


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return _is_number(value) and value >= 0 and math.floor(value) == value


def _is_text_list(value: Any) -> bool:
    """Whether a value is a list of different texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value) and len(set(value)) == len(value)


def _is_type(value: Any) -> bool:
    return (
        value in TYPES if isinstance(value, str) else bool(value) and _is_text_list(value) and TYPES.issuperset(value)
    )


def _is_pattern(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(re.compile(value))
    except (re.error, OverflowError, RecursionError):
        return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


Form = tuple[Callable[[Any], bool], str]
_COUNT: Final[Form] = _is_count, "must be a whole number, 0 or more"
_NUMBER: Final[Form] = _is_number, "must be a number"
_TEXT: Final[Form] = _is_text, "must be text"
_TRUTH: Final[Form] = _is_truth, "must be true or false"
_LIST: Final[Form] = _is_list, "must be a list"
PATTERN: Final[Form] = _is_pattern, "must be a regular expression that Python can compile"

FORMS: Final[dict[str, Form]] = {
    "type": (_is_type, f"must be one of {', '.join(sorted(TYPES))}, or a list of different ones"),
    "required": (_is_text_list, "must be a list of different names"),
    "multipleOf": (lambda value: _is_number(value) and value > 0, "must be a number greater than 0"),
    "pattern": PATTERN,
    "enum": _LIST,
    "examples": _LIST,
    "dependentRequired": (
        lambda value: isinstance(value, dict) and all(map(_is_text_list, value.values())),
        "must have a list of different names for each name",
    ),
    "$anchor": (
        lambda value: isinstance(value, str) and bool(re.fullmatch(r"[A-Za-z_][-A-Za-z0-9._]*", value)),
        "must be a name of letters, digits, and . _ -",
    ),
    "$id": (lambda value: isinstance(value, str) and "#" not in value.removesuffix("#"), "must be a URI without #"),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"), _NUMBER),
    **dict.fromkeys(("maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"), _COUNT),
    **dict.fromkeys(("maxContains", "minContains"), _COUNT),
    **dict.fromkeys(("title", "description", "format", "contentEncoding", "contentMediaType", "$comment"), _TEXT),
    **dict.fromkeys(("$ref", "$dynamicRef", "$schema"), _TEXT),
    **dict.fromkeys(("uniqueItems", "deprecated", "readOnly", "writeOnly"), _TRUTH),
}
FORMS["$dynamicAnchor"] = FORMS["$anchor"]
