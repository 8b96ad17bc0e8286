"""The check in front of ``jsonschema``: what it accepts, the schema accepts."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from runtime.authoring import tool
from runtime.validation import acceptance
from runtime.validation.files import SCHEMAS, read_document
from runtime.validation.judge import Judge
from runtime.validation.schemas import Schema, schema
from tests.support.near_values import near_values
from tests.unit.authoring import annotations

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(
    path.relative_to(SCHEMAS).with_suffix("").as_posix()
    for path in SCHEMAS.rglob("*.json")
    if path.name != "pulumi-package.json"
)
# What has members by pattern, conditions on several of them, or a union that only its members tell apart.
ONLY_JUDGED = {
    "audit-event",
    "mcp/2026-07-28/completion/complete",
    "mcp/legacy/completion/complete",
    "oauth/client-metadata-document",
    "oauth/client-update",
    "oauth/registration",
    "stack-config",
}
CHECKED = [name for name in FILES if name not in ONLY_JUDGED]
OBJECT: Mapping[str, Any] = {"type": "object"}


def _of(rule: Any, **more: Any) -> dict[str, Any]:
    """Return the schema of an object with one member ``a``."""
    return {**OBJECT, "properties": {"a": rule}, **more}


# Schemas of authors: what is translated, each way once, and where Python, msgspec and JSON Schema differ.
WRITTEN: Mapping[str, Mapping[str, Any]] = {
    "integer": _of({"type": "integer", "minimum": 1, "maximum": 5}),
    "integer with fractions as bounds": _of({"type": "integer", "minimum": 0.5, "exclusiveMaximum": 2.5}),
    "large integer": _of({"type": "integer", "maximum": 2**53}),
    "integer of more than 64 bits": _of({"type": "integer", "minimum": 2**64}),
    "number": _of({"type": "number", "exclusiveMinimum": 0, "maximum": 1.5}),
    "large number": _of({"type": "number", "maximum": 2**53}),
    "number that no float is": _of({"type": "number", "maximum": 2**53 + 1}),
    "boolean": _of({"type": "boolean"}, required=["a"]),
    "null": _of({"type": ["null", "boolean"]}),
    "length": _of({"type": "string", "minLength": 1, "maxLength": 2}),
    "length as a float": _of({"type": "string", "maxLength": 2.0}),
    "pattern": _of({"type": "string", "pattern": "a$"}),
    "text or number": _of({"type": ["string", "integer"], "maxLength": 1, "minimum": 1}),
    "format": _of({"type": "string", "format": "date"}),
    "enum": _of({"enum": ["a", "1", 1]}),
    "enum of a type": _of({"type": "string", "enum": ["a", "b"]}),
    "enum of another type": _of({"type": "integer", "enum": ["a", 1]}),
    "enum with a truth": _of({"enum": [1, True, None]}),
    "const": _of({"const": 1}),
    "const of a float": _of({"const": 1.0}),
    "array": _of({"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 2}),
    "tuple": _of({"type": "array", "prefixItems": [{"type": "string"}], "items": False}),
    "unique": _of({"type": "array", "uniqueItems": True}),
    "no items": _of({"type": "array", "items": False}),
    "map": _of({"type": "object", "additionalProperties": {"type": "integer"}, "maxProperties": 1}),
    "closed": _of({"type": "integer"}, additionalProperties=False),
    "closed, and requires what it has not": _of(True, additionalProperties=False, required=["b"]),
    "members and others": _of({"type": "integer"}, additionalProperties={"type": "string"}),
    "members and a number of them": _of(True, maxProperties=1),
    "members by pattern": _of(True, patternProperties={"^o": {"type": "string"}}),
    "forbidden": _of({"not": {}}),
    "forbidden by false": _of(False),
    "not": _of({"not": {"type": "string"}}),
    "without a type": _of({"maxLength": 1}),
    "members without a type": _of({"properties": {"b": {"type": "string"}}, "required": ["b"]}),
    "any of types": _of({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "maxLength": 1}]}),
    "any of one type": _of({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "integer", "maximum": -1}]}),
    "any of one type, one within the other": _of(
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 3}, {"type": "integer", "minimum": 10}]}
    ),
    "any of one type, the larger first": _of(
        {"anyOf": [{"type": "string", "minLength": 1}, {"type": "string", "maxLength": 3, "minLength": 2}]}
    ),
    "any of what is required": {**OBJECT, "anyOf": [{"required": ["a"]}, {"required": ["other"]}]},
    "any beside members": {**_of({"type": "string"}), "anyOf": [_of({"maxLength": 1}), {"required": ["other"]}]},
    "one of": _of({"oneOf": [{"type": "integer"}, {"type": "number"}]}),
    "all of": {**OBJECT, "allOf": [_of({"type": "string", "maxLength": 1}), _of({"type": "string", "minLength": 1})]},
    "all of constants": {**OBJECT, "allOf": [_of({"const": 1}), _of({"const": True})]},
    "all of closed ones": {**OBJECT, "allOf": [_of(True, additionalProperties=False), {"properties": {"b": True}}]},
    "condition": {**_of(True), "if": _of({"const": 1}), "then": {"required": ["other"]}, "else": {"required": ["a"]}},
    "then without a condition": {**_of(True), "then": {"required": ["other"]}},
    "reference": {**_of({"$ref": "#/$defs/b"}), "$defs": {"b": {"type": "integer"}}},
    "reference beside keywords": {**_of({"$ref": "#/$defs/b", "maximum": 1}), "$defs": {"b": {"type": "integer"}}},
    "recursion": {**OBJECT, "properties": {"a": {"$ref": "#"}, "b": {"type": "string"}}},
    "dependent": _of(True, dependentRequired={"a": ["other"]}),
    "unknown keyword": _of({"type": "string", "maxlength": 1}),
}
# Those that msgspec says the same about: each has a check.
TRANSLATED = {
    *("integer", "integer with fractions as bounds", "large integer", "number", "large number", "boolean", "null"),
    *("length", "length as a float", "pattern", "text or number", "format", "enum", "enum of a type", "const", "array"),
    *("no items", "map", "closed", "forbidden", "forbidden by false", "members without a type", "any of types"),
    *("any of one type", "any of one type, one within the other", "any of one type, the larger first"),
    *("any of what is required", "any beside members", "all of", "condition", "then without a condition"),
    *("reference", "reference beside keywords"),
}
ANNOTATED = {repr(kind): kind for kind in [*annotations.TAKEN, *(kind for kind, _ in annotations.LEAVING.values())]}
# The suite looks at the same values each time, `make fuzz` at more and others.
EXAMPLES = os.environ.get("EXAMPLES")
SOME = settings(
    max_examples=int(EXAMPLES or 60),
    derandomize=EXAMPLES is None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
# A search that ends with what it finds.
MANY = settings(SOME, max_examples=5000, derandomize=True)


def assert_sound(checked: Schema, judge: Judge, document: Mapping[str, Any], how: settings = SOME) -> None:
    """Look for a value that the check accepts and the schema does not."""

    @how
    @given(near_values(document))
    def look(value: Any) -> None:
        if checked.accepts is not None and checked.accepts(value):
            assert judge.find_violation(value) is None

    look()


@pytest.mark.parametrize("name", sorted(set(FILES) - ONLY_JUDGED))
def test_what_is_accepted_without_jsonschema_matches_the_schema_of_a_request(name: str) -> None:
    document = read_document(f"{name}.json")
    assert schema(name).accepts is not None
    assert_sound(schema(name), Judge(document, f"{name}.json"), document)


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_accepted_without_jsonschema_matches_the_schema_of_an_author(name: str) -> None:
    document = WRITTEN[name]
    assert_sound(Schema(document), Judge(document, None), document)


@pytest.mark.parametrize("name", ANNOTATED)
def test_what_is_accepted_without_jsonschema_matches_the_schema_of_an_annotation(name: str) -> None:
    document = derive(ANNOTATED[name])
    assert_sound(Schema(document), Judge(document, None), document)


def derive(annotation: Any) -> Mapping[str, Any]:
    """Return the input schema of a tool with one parameter."""

    def take(a: Any) -> str:
        """Take something."""
        return str(a)

    take.__annotations__["a"] = annotation
    return tool(take).input_schema


def test_the_schemas_without_a_check_are_known() -> None:
    assert {name for name in FILES if schema(name).accepts is None} == ONLY_JUDGED
    assert {name for name in WRITTEN if Schema(WRITTEN[name]).accepts is not None} == TRANSLATED


@pytest.mark.parametrize(
    ("place", "name"),
    [
        # A bound, a length, an alternative, members beside the known ones: forgotten or taken for another.
        ("_number_type", "integer"),
        ("_number_type", "number"),
        ("_with_limits", "length"),
        ("_with_limits", "map"),
    ],
)
def test_a_check_that_forgets_a_limit_is_found(place: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acceptance, place, lambda kind, *_rule, **_limits: kind)
    with pytest.raises(AssertionError):
        assert_sound(Schema(WRITTEN[name]), Judge(WRITTEN[name], None), WRITTEN[name], MANY)


def test_a_check_that_takes_a_number_for_another_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A float alone would round a large integer before it is compared."""
    monkeypatch.setattr(
        acceptance, "_number_type", lambda _kind, rule: Annotated[float, msgspec.Meta(le=float(rule["maximum"]))]
    )
    document = WRITTEN["large number"]
    with pytest.raises(AssertionError):
        assert_sound(Schema(document), Judge(document, None), document, MANY)


def test_a_usual_call_does_not_import_jsonschema() -> None:
    """It takes half of a cold start."""
    call = subprocess.run([sys.executable, "-c", CALL], capture_output=True, text=True, check=True, cwd=ROOT)
    assert call.stdout.split() == ["False", "True"]


CALL = """
import sys
from runtime.authoring import tool
from runtime.validation.schemas import SchemaViolation, schema

@tool
def add(a: int, b: int) -> int:
    "Add."
    return a + b

params = {"name": "add", "arguments": {"a": 1, "b": 2}}
schema("mcp/message").check({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
for era in ("legacy", "2026-07-28"):
    schema(f"mcp/{era}/tools/call").check(params)
add.arguments.check(params["arguments"])
print("jsonschema" in sys.modules)
try:
    add.arguments.check({})
except SchemaViolation:
    print("jsonschema" in sys.modules)
"""
