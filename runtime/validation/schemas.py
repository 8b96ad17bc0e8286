"""JSON Schema validation: loads ``schemas/``, compiles each validator once per process, names what is wrong where."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from runtime.validation.keywords import LinearValidator, first, run, sizes_first

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
LONGEST_NAME = 64
# To weigh a violation costs more than to find it, and every value of a body can be one.
MOST_WEIGHED = 50
# The same for each branch of anyOf and oneOf.
MOST_WEIGHED_OF_A_BRANCH = 5
NO_FILES: Registry[Any] = Registry()


class SchemaViolation(ValueError):
    """A value that does not match its schema: the JSON pointer (RFC 6901) of the invalid member, and the reason.

    The reason describes the schema only, never the rejected value, so it can be sent and logged.
    """

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(f"{pointer}: {reason}" if pointer else reason)
        self.pointer = pointer
        self.reason = reason


class Schema:
    """One compiled JSON Schema 2020-12 document.

    It validates in time linear in the value if ``runtime.validation.pattern_check`` accepts the document.
    """

    def __init__(self, document: Mapping[str, Any], registry: Registry[Any] = NO_FILES) -> None:
        self._validator = LinearValidator(sizes_first(document), registry=registry)

    def check(self, value: Any) -> None:
        """Raise ``SchemaViolation`` for the most relevant of the first violations, if there is any."""
        try:
            with run(most=1):
                if self._validator.is_valid(value):
                    return
            with run(MOST_WEIGHED_OF_A_BRANCH):
                error = best_match(first(self._validator.iter_errors(value), MOST_WEIGHED))
        except RecursionError:
            raise SchemaViolation("", "is nested too deeply") from None
        if error is not None:
            raise SchemaViolation(*_explain(error))


@functools.cache
def schema(name: str) -> Schema:
    """Return the compiled ``schemas/<name>.json``, which may refer to other files by relative paths.

    Raise ``FileNotFoundError`` for an unknown name.
    """
    path = f"{name}.json"
    # JSON Schema 2020-12, 8.2.1: references in the document are relative to it.
    return Schema({"$id": path, **_document(path)}, _FILES)


def _document(path: str) -> Any:
    return json.loads((SCHEMAS / path).read_bytes())


@functools.cache
def _resource(path: str) -> Resource[Any]:
    return DRAFT202012.create_resource(sizes_first(_document(path)))


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
