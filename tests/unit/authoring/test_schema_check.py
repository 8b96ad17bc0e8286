"""Schemas of authors are checked at definition: by the rules of the metaschema and the needs of validation."""

import itertools
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from runtime.authoring.json_values import NotJson
from runtime.authoring.schema_check import InvalidSchema, read_schema, schemas_in
from runtime.authoring.schema_keywords import FORMS, NAMED_SCHEMAS, SCHEMA, SCHEMAS
from runtime.validation.schemas import Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def of(**rules: Any) -> dict[str, Any]:
    """A schema of an object with one property."""
    return {"type": "object", "properties": {"a": rules}}


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({}, "/type must be object"),
        ({"type": "array"}, "/type must be object"),
        ({"type": ["object"]}, "/type must be object"),
        ({"properties": {}}, "/type must be object"),
        (True, "/type must be object"),
        (None, "/type must be object"),
        (of(type="text"), "/properties/a/type must be one of array, boolean"),
        (of(type=[]), "/properties/a/type must be one of"),
        (of(type=["string", "string"]), "/properties/a/type must be one of"),
        (of(minLength=-1), "/properties/a/minLength must be a whole number"),
        (of(minLength=True), "/properties/a/minLength must be a whole number"),
        (of(maximum="3"), "/properties/a/maximum must be a number"),
        (of(multipleOf=0), "/properties/a/multipleOf must be a number greater than 0"),
        (of(enum="abc"), "/properties/a/enum must be a list"),
        (of(pattern="("), "/properties/a/pattern must be a regular expression that Python can compile"),
        (of(pattern=r"\p{L}"), "/properties/a/pattern must be a regular expression"),
        (of(patternProperties={"[": {}}), "/properties/a/patternProperties/[ must be a regular expression"),
        (of(anyOf=[]), "/properties/a/anyOf must be a list of schemas"),
        (of(items=[{"type": "string"}]), "/properties/a/items must be a schema"),
        (of(items="string"), "/properties/a/items must be a schema"),
        ({"type": "object", "properties": []}, "/properties must have schemas by name"),
        ({"type": "object", "properties": {"a": "string"}}, "/properties/a must be a schema"),
        ({"type": "object", "required": "a"}, "/required must be a list of different names"),
        ({"type": "object", "required": ["a", "a"]}, "/required must be a list of different names"),
        ({"type": "object", "$schema": "http://json-schema.org/draft-07/schema#"}, "/$schema must be https://json-sch"),
        ({"type": "object", "$schema": 7}, "/$schema must be text"),
        (of(**{"$schema": "http://json-schema.org/draft-04/schema"}), "/properties/a/$schema must be https"),
        (of(**{"$ref": "#/$defs/B"}), "/properties/a/$ref refers to something that is not in this schema"),
        (of(**{"$ref": "#b"}), "/properties/a/$ref refers to something that is not in this schema"),
        (of(**{"$ref": "b.json"}), "/properties/a/$ref refers to something that is not in this schema"),
        (
            of(**{"$ref": "https://example.com/b.json"}),
            "/properties/a/$ref refers to something that is not in this schema",
        ),
        (of(**{"$ref": "https://[/"}), "/properties/a/$ref refers to something that is not in this schema"),
        (of(**{"$dynamicRef": "#b"}), "/properties/a/$dynamicRef is not supported: use $ref"),
        ({**of(**{"$ref": "#/required/b"}), "required": ["a"]}, "/properties/a/$ref refers to something that is not"),
        ({**of(**{"$ref": "#/required/0"}), "required": ["a"]}, "/properties/a/$ref must be a schema"),
        ({"type": "object", "$ref": "#"}, "refers to itself, so it never ends"),
        (of(anyOf=[{"$ref": "#/properties/a"}]), "refers to itself, so it never ends"),
        ({**of(**{"$ref": "#/$defs/B"}), "$defs": {"B": {"allOf": [{"$ref": "#/properties/a"}]}}}, "never ends"),
        ({**of(**{"$ref": "#/x/y"}), "x": {"y": {"type": "text"}}}, "/properties/a/$ref/type must be one of"),
    ],
)
def test_an_invalid_schema_is_refused_with_its_pointer(schema: Any, told: str) -> None:
    """JSON Schema 2020-12, Core and Validation; MCP 2026-07-28, JSON Schema Usage."""
    with pytest.raises(InvalidSchema) as refused:
        read_schema(schema)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object"},
        {"type": "object", "$schema": DIALECT, "additionalProperties": False},
        {"type": "object", "$schema": f"{DIALECT}#"},
        {**of(**{"$ref": "#/$defs/B"}), "$defs": {"B": {"type": "string"}}},
        {**of(**{"$ref": "#b"}), "$defs": {"B": {"$anchor": "b", "type": "string"}}},
        {**of(**{"$ref": "#/$defs/a~1b"}), "$defs": {"a/b": {"type": "string"}}},
        {
            **of(**{"$ref": "b"}),
            "$id": "https://example.com/a",
            "$defs": {"B": {"$id": "b", "$ref": "#c", "$defs": {"C": {"$anchor": "c"}}}},
        },
        # Recursive, but into the value, which has an end.
        {"type": "object", "properties": {"a": {"$ref": "#"}}},
        {
            **of(**{"$ref": "#/$defs/T"}),
            "$defs": {"T": {"anyOf": [{"type": "null"}, {"type": "array", "items": {"$ref": "#/$defs/T"}}]}},
        },
        # Unknown keywords are annotations (Core 6.5).
        of(type="string", enumNames=["x"], **{"x-mcp-header": "A"}),
        of(type="string", default=None, examples=[{"type": "text"}], const={"type": 1}),
    ],
)
def test_a_valid_schema_passes_unchanged(schema: Any) -> None:
    assert read_schema(schema) == schema
    assert Schema(schema).check({}) is None  # type: ignore[func-returns-value]


def test_a_schema_that_is_nested_too_deep_is_refused() -> None:
    for depth in (250, 900, 10_000):
        deep: dict[str, Any] = {}
        for _ in range(depth):
            deep = {"items": deep}
        with pytest.raises((InvalidSchema, NotJson), match="nested too deep"):
            read_schema(of(**deep))


def test_a_schema_that_json_cannot_carry_is_refused() -> None:
    for bad in (float("nan"), "\ud800", {1, object()}):
        with pytest.raises(NotJson):
            read_schema(of(default=bad))


VALUES = st.recursive(
    st.none() | st.booleans() | st.sampled_from([-1, 0, 1, 2.0, 2.5, "string", "object", "(", "a", "", "a#b", "9"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "type", "("]), inner, max_size=2)
    ),
    max_leaves=5,
)
# References are checked by more than the metaschema; the names of dialects are of no concern to it.
KEYWORDS = st.sampled_from(
    sorted({*FORMS, *SCHEMA, *SCHEMAS, *NAMED_SCHEMAS} - {"$ref", "$dynamicRef", "$schema", "$id"})
)
RULES = st.recursive(
    st.booleans() | st.dictionaries(KEYWORDS, VALUES, max_size=3),
    lambda inner: st.dictionaries(
        KEYWORDS,
        VALUES | inner | st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "("]), inner, max_size=2),
        max_size=3,
    ),
    max_leaves=6,
)


@pytest.mark.slow
@given(RULES)
@settings(max_examples=500, deadline=None)
def test_it_accepts_and_refuses_what_the_metaschema_does(rules: Any) -> None:
    schema = {"type": "object", "properties": {"a": rules}}
    try:
        Draft202012Validator.check_schema(schema)
        valid = True
    except SchemaError:
        valid = False
    try:
        read_schema(schema)
        taken = True
    except InvalidSchema:
        taken = False
    assert taken == valid


def test_every_schema_in_a_schema_is_found() -> None:
    found = list(schemas_in({"type": "object", "properties": {"a": {"anyOf": [{"x": 1}, True]}}, "not": {"y": 2}}))
    assert {"x": 1} in found
    assert {"y": 2} in found
    assert len(found) == 4


def test_the_time_it_takes_grows_as_the_schema_does() -> None:
    """Also where everything refers to everything: what a schema applies is looked at once."""

    def calls(size: int) -> int:
        names = [f"d{number}" for number in range(size)]
        chained = {name: {"allOf": [{"$ref": f"#/$defs/{after}"}]} for name, after in itertools.pairwise(names)}
        schema = {**of(**{"$ref": "#/$defs/d0"}), "$defs": {**chained, names[-1]: {"type": "string"}}}
        counted = itertools.count()
        sys.setprofile(lambda _frame, event, _argument: next(counted) if event == "call" else None)
        try:
            read_schema(schema)
        finally:
            sys.setprofile(None)
        return next(counted)

    calls(100)
    assert calls(1600) < 2.1 * calls(800)
