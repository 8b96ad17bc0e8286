"""The schemas that clients see: JSON Schema 2020-12 of OpenAPI 3.0 and 3.1, in the form that strict clients take."""

from typing import Any

import pytest

from tests.unit.openapi.conftest import MakeOperation, answer

TREE = {
    "Tree": {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "parent": {"$ref": "#/components/schemas/Tree"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        },
    }
}
STRING, NULL = {"type": "string"}, {"type": "null"}


def query(schema: Any) -> dict[str, Any]:
    return {"parameters": [{"name": "q", "in": "query", "schema": schema}]}


@pytest.mark.parametrize(
    ("version", "stated", "written"),
    [
        ("3.0.3", {"type": "string", "nullable": True}, {"anyOf": [STRING, NULL]}),
        ("3.1.0", {"type": ["string", "null"]}, {"anyOf": [STRING, NULL]}),
        ("3.1.0", {"anyOf": [STRING, NULL]}, {"anyOf": [STRING, NULL]}),
        ("3.1.0", {"oneOf": [STRING, {"type": "integer"}]}, {"anyOf": [STRING, {"type": "integer"}]}),
        ("3.1.0", {"type": ["string", "integer"]}, {"anyOf": [STRING, {"type": "integer"}]}),
        ("3.0.3", {"type": "integer", "minimum": 1, "exclusiveMinimum": True}, {"type": "integer", "minimum": 2}),
        ("3.1.0", {"type": "integer", "exclusiveMinimum": 1}, {"type": "integer", "minimum": 2}),
        ("3.1.0", {"type": "integer", "exclusiveMaximum": 1.5}, {"type": "integer", "maximum": 1}),
        ("3.1.0", {"type": "number", "exclusiveMaximum": 9}, {"type": "number", "maximum": 9}),
        ("3.1.0", {"const": "a"}, {"type": "string", "enum": ["a"]}),
        ("3.0.3", {"enum": ["a", None], "nullable": True}, {"anyOf": [{"type": "string", "enum": ["a"]}, NULL]}),
        ("3.1.0", {"enum": ["a", 1]}, {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "integer", "enum": [1]}]}),
        ("3.1.0", {"type": "array", "items": STRING, "uniqueItems": True}, {"type": "array", "items": STRING}),
        ("3.1.0", {"type": "integer", "multipleOf": 5, "format": "int64"}, {"type": "integer"}),
        ("3.1.0", {"type": "string", "format": "date"}, {"type": "string", "format": "date"}),
        ("3.1.0", {"type": "string", "format": "decimal"}, {"type": "string", "description": "Format: decimal."}),
        ("3.1.0", {"type": "string", "pattern": "^(a+)+$"}, {"type": "string", "description": "Pattern: ^(a+)+$"}),
        ("3.1.0", {**STRING, "example": "x", "xml": {}, "x-own": 1, "title": "T"}, {**STRING, "description": "T"}),
        ("3.1.0", {"type": "integer", "default": 3}, {"type": "integer", "default": 3}),
        ("3.1.0", {"type": "integer", "default": "3 - pages"}, {"type": "integer"}),
        ("3.1.0", {"allOf": [{"type": "string"}, {"maxLength": 3}]}, {"type": "string", "maxLength": 3}),
        ("3.1.0", {"properties": {"a": STRING}}, {"type": "object", "properties": {"a": STRING}}),
        (
            "3.1.0",
            {"type": "object", "additionalProperties": {"type": "integer"}},
            {"type": "object", "additionalProperties": {"type": "integer"}},
        ),
    ],
)  # fmt: skip
def test_a_schema_of_either_version_is_written_with_keywords_that_every_client_knows(
    operation_of: MakeOperation, version: str, stated: dict[str, Any], written: dict[str, Any]
) -> None:
    assert operation_of(version=version, **query(stated)).input_schema["properties"]["q"] == written


def test_a_schema_without_a_type_takes_everything_and_still_states_types(operation_of: MakeOperation) -> None:
    written = operation_of(**query({"description": "Anything."})).input_schema["properties"]["q"]
    assert written["description"] == "Anything."
    assert {rule["type"] for rule in written["anyOf"]} == {"string", "number", "boolean", "object", "array"}


def test_parts_of_all_of_become_one_object(operation_of: MakeOperation) -> None:
    base = {"type": "object", "required": ["id"], "properties": {"id": STRING, "kind": {"type": "string"}}}
    cat = {"allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"kind": {"enum": ["cat"]}}}]}
    operation = operation_of(**query(cat), components={"schemas": {"Base": base}})
    assert operation.input_schema["properties"]["q"] == {
        "type": "object",
        "properties": {"id": STRING, "kind": {"type": "string", "enum": ["cat"]}},
        "required": ["id"],
    }


def test_alternatives_of_an_object_become_one_object_that_requires_what_all_of_them_do(
    operation_of: MakeOperation,
) -> None:
    stated = {
        "type": "object",
        "properties": {"id": STRING},
        "oneOf": [
            {"properties": {"a": STRING}, "required": ["a", "id"]},
            {"properties": {"b": STRING}, "required": ["id"]},
        ],
    }
    written = operation_of(**query(stated)).input_schema["properties"]["q"]
    assert set(written["properties"]) == {"id", "a", "b"}
    assert written["required"] == ["id"]
    assert "anyOf" not in written


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_recursive_schema_ends_where_it_comes_back(operation_of: MakeOperation, version: str) -> None:
    tree = {"$ref": "#/components/schemas/Tree"}
    written = operation_of(version=version, **query(tree), components={"schemas": TREE}).input_schema
    assert "$ref" not in str(written)
    assert written["properties"]["q"]["properties"] == {
        "name": STRING,
        "parent": {"type": "object"},
        "children": {"type": "array", "items": {"type": "object"}},
    }


def test_a_schema_that_consists_of_itself_says_nothing(operation_of: MakeOperation) -> None:
    circle = {
        "A": {"allOf": [{"$ref": "#/components/schemas/B"}]},
        "B": {"allOf": [{"$ref": "#/components/schemas/A"}]},
    }
    operation = operation_of(**query({"$ref": "#/components/schemas/A"}), components={"schemas": circle})
    assert {rule["type"] for rule in operation.input_schema["properties"]["q"]["anyOf"]} >= {"string", "object"}


def test_a_schema_with_very_many_parts_is_cut_where_it_is_deep(operation_of: MakeOperation) -> None:
    schema: dict[str, Any] = STRING
    for _ in range(6):
        schema = {"type": "object", "properties": {f"m{number}": schema for number in range(6)}}
    written = operation_of(**query(schema)).input_schema
    assert len(str(written)) < 20_000
    assert set(written["properties"]["q"]["properties"]) == {f"m{number}" for number in range(6)}


def test_a_result_requires_nothing_and_may_be_null_but_is_an_object(operation_of: MakeOperation) -> None:
    ticket = {
        "type": "object",
        "required": ["id"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "integer", "minimum": 1},
            "state": {"type": "string", "enum": ["open"]},
            "secret": {"type": "string", "writeOnly": True},
            "tags": {"type": "array", "items": STRING},
            "any": {},
        },
    }
    assert operation_of(responses=answer(ticket)).output_schema == {
        "type": "object",
        "properties": {
            "id": {"type": ["integer", "null"]},
            "state": {"type": ["string", "null"]},
            "tags": {"type": ["array", "null"], "items": {"type": ["string", "null"]}},
            "any": {},
        },
    }


@pytest.mark.parametrize(
    "schema", [None, {"type": "array", "items": STRING}, STRING, {}, {"oneOf": [STRING, {"type": "object"}]}]
)
def test_a_response_that_is_no_object_has_no_output_schema(operation_of: MakeOperation, schema: Any) -> None:
    assert operation_of(responses=answer(schema)).output_schema is None


def test_what_only_the_server_sets_is_no_argument(operation_of: MakeOperation) -> None:
    body = {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {**STRING, "readOnly": True}, "name": STRING},
    }
    operation = operation_of(requestBody={"required": True, "content": {"application/json": {"schema": body}}})
    assert operation.input_schema == {
        "type": "object",
        "properties": {"name": STRING},
        "required": ["name"],
        "additionalProperties": False,
    }
