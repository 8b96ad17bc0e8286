"""The verdict of ``jsonschema``: whether a value is valid, and else what is wrong where.

Importing ``jsonschema`` takes longer than all else that a function imports, so ``runtime.validation.schemas`` imports
this module for values that may not be valid.
"""

import functools
import json
from collections.abc import Mapping
from typing import Any

from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from runtime.validation.files import read_document
from runtime.validation.keywords import LinearValidator, first, run, sizes_first

LONGEST_NAME = 64
# To weigh a violation costs more than to find it, and every value of a body can be one.
MOST_WEIGHED = 50
# The same for each branch of anyOf and oneOf.
MOST_WEIGHED_OF_A_BRANCH = 5
NO_FILES: Registry[Any] = Registry()


class Judge:
    """One compiled JSON Schema 2020-12 document. One from a file has a ``path``, and may refer to other files."""

    def __init__(self, document: Mapping[str, Any], path: str | None) -> None:
        # JSON Schema 2020-12, 8.2.1: references in the document are relative to its $id.
        named = document if path is None else {"$id": path, **document}
        registry = NO_FILES if path is None else _FILES
        self._validator = LinearValidator(sizes_first(named), registry=registry)

    def find_violation(self, value: Any) -> tuple[str, str] | None:
        """Return the JSON pointer and the reason of the most relevant of the first violations, if there is any."""
        try:
            with run(most=1):
                if self._validator.is_valid(value):
                    return None
            with run(MOST_WEIGHED_OF_A_BRANCH):
                error = best_match(first(self._validator.iter_errors(value), MOST_WEIGHED))
        except RecursionError:
            return "", "is nested too deeply"
        return None if error is None else _explain(error)


@functools.cache
def _resource(path: str) -> Resource[Any]:
    return DRAFT202012.create_resource(sizes_first(read_document(path)))


# The type stubs of referencing lack this argument.
_FILES: Registry[Any] = Registry(retrieve=_resource)  # type: ignore[call-arg]


def _explain(error: ValidationError) -> tuple[str, str]:
    """Return the pointer and the reason of a violation."""
    path: list[Any] = list(error.absolute_path)
    rule: Any = error.schema
    value: Any = error.instance
    expected: Any = error.validator_value
    match error.validator:
        case "required":
            path.append(next(name for name in expected if name not in value))
            return _pointer(path), "is required"
        case "additionalProperties" | "unevaluatedProperties":
            known = rule.get("properties", {})
            path.append(next((name for name in value if name not in known), ""))
            return _pointer(path), "is not a known member"
        case "not" if expected == {}:
            return _pointer(path), "must not be included"
        case _:
            return _pointer(path), _reason(str(error.validator), expected)


def _pointer(path: list[Any]) -> str:
    escaped = (str(part)[:LONGEST_NAME].replace("~", "~0").replace("/", "~1") for part in path)
    return "".join(f"/{part}" for part in escaped)


_REASONS = {
    "enum": "must be one of {0}",
    "const": "must be {0}",
    "pattern": "must match the pattern {0}",
    "minLength": "must have at least {0} characters",
    "maxLength": "must have at most {0} characters",
    "minimum": "must be at least {0}",
    "maximum": "must be at most {0}",
    "exclusiveMinimum": "must be greater than {0}",
    "exclusiveMaximum": "must be less than {0}",
    "multipleOf": "must be a multiple of {0}",
    "minItems": "must have at least {0} items",
    "maxItems": "must have at most {0} items",
    "minProperties": "must have at least {0} members",
    "maxProperties": "must have at most {0} members",
    "uniqueItems": "must not have the same item twice",
}


def _reason(keyword: str, expected: Any) -> str:
    if keyword == "type":
        types = [expected] if isinstance(expected, str) else expected
        return f"must be of type {' or '.join(types)}"
    return _REASONS.get(keyword, f"does not satisfy {keyword}").format(json.dumps(expected, ensure_ascii=False))
