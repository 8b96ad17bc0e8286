"""Invalid definitions are errors at import, with the name of the function; what some clients refuse is a warning."""

import math
import warnings
from typing import Annotated, Any

import pytest
from msgspec import Meta

from runtime.authoring import (
    Annotations,
    App,
    CompatibilityWarning,
    Context,
    DefinitionError,
    Form,
    Icon,
    completion,
    prompt,
    resource,
    tool,
)
from runtime.authoring.schema_check import InvalidSchema

NO_TEXT = "caf\udce9"


def act(**arguments: Any) -> Any:
    """Act."""
    return arguments


@pytest.mark.parametrize(
    "schema", [{"type": "array"}, {"type": "string"}, {"enum": [1]}, {}, {"type": "object", "required": 1}]
)
@pytest.mark.parametrize("which", ["input_schema", "output_schema"])
def test_a_schema_that_clients_refuse_is_refused_by_the_name_of_the_tool(which: str, schema: Any) -> None:
    """Official clients refuse the whole ``tools/list`` for one ``outputSchema`` that is not of type object
    (MCP 2025-11-25 and before, schema.ts, Tool)."""
    with pytest.raises(DefinitionError, match=rf"test_definitions\.act: {which}: /"):
        tool(**{"input_schema": {"type": "object"}, which: schema})(act)


@pytest.mark.parametrize("name", ["", "a b", "a,b", "größe", "a/b", "x" * 129, NO_TEXT, "a\n", "tool:1"])
def test_a_name_that_mcp_does_not_allow_is_refused(name: str) -> None:
    """MCP 2025-11-25 and 2026-07-28, Tool Names."""
    with pytest.raises(DefinitionError, match=r"act: .* is not a name for a tool"):
        tool(name=name, input_schema={"type": "object"})(act)


def test_a_function_name_that_mcp_does_not_allow_needs_another() -> None:
    def size() -> str:
        """Tell the size."""
        return "large"

    size.__name__ = "größe"

    with pytest.raises(DefinitionError, match="'größe' is not a name"):
        tool(size)
    assert tool(name="size")(size).name == "size"


@pytest.mark.parametrize("name", ["a", "getUser", "DATA_EXPORT_v2", "x-y", "x" * 64])
def test_a_name_that_all_clients_accept_gives_no_warning(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert tool(name=name, input_schema={"type": "object"})(act).name == name


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"name": "admin.tools.list"}, "a name with a dot"),
        ({"name": "x" * 65}, "more than 64 characters"),
        ({"input_schema": {"type": "object", "anyOf": [{"required": ["a"]}]}}, "anyOf at the top"),
        ({"input_schema": {"type": "object", "allOf": [{}], "not": {}}}, "allOf, not at the top"),
        ({"input_schema": {"type": "object", "properties": {"a b": {}}}}, "'a b'"),
        ({"input_schema": {"type": "object", "properties": {"a": {"type": "array"}}}}, "array without items"),
        (
            {"input_schema": {"type": "object", "properties": {"a": {"type": "array", "items": False}}}},
            "array without items",
        ),
        (
            {"input_schema": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {}}}},
            r"\$ref is not followed",
        ),
        ({"input_schema": {"type": "object", "properties": {"a": {"pattern": "(?P<x>a)"}}}}, "works in Python only"),
        ({"output_schema": {"type": "object", "properties": {"a": {"pattern": r"\Aa\Z"}}}}, "works in Python only"),
    ],
)
def test_what_only_some_clients_refuse_is_a_warning_at_the_function(options: dict[str, Any], told: str) -> None:
    with pytest.warns(CompatibilityWarning, match=told) as caught:
        made = tool(**{"input_schema": {"type": "object"}, **options})(act)
    assert len(caught) == 1
    assert made.listing["name"] == options.get("name", "act")
    assert (caught[0].filename, caught[0].lineno) == (__file__, act.__code__.co_firstlineno)
    assert "test_definitions.act: " in str(caught[0].message)


def test_an_output_schema_is_shown_without_the_dialect_that_it_has_anyway() -> None:
    """The TypeScript SDK compiles it with a validator of draft 7, which fails at the name of 2020-12."""
    stated = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}
    made = tool(input_schema=stated, output_schema=stated)(act)
    assert made.listing["outputSchema"] == {"type": "object"}
    assert made.listing["inputSchema"] == stated


@pytest.mark.parametrize(
    "options",
    [
        {"title": NO_TEXT},
        {"description": NO_TEXT},
        {"meta": {"a": math.nan}},
        {"icons": [Icon(src=NO_TEXT)]},
        {"scopes": [NO_TEXT]},
        {"input_schema": {"type": "object", "description": NO_TEXT}},
        {"output_schema": {"type": "object", "title": NO_TEXT}},
    ],
)
def test_options_of_a_tool_that_json_cannot_carry_are_refused(options: dict[str, Any]) -> None:
    """RFC 8259 8.1. One text that cannot be written would fail the whole list."""
    with pytest.raises(DefinitionError, match=r"act: .* is not"):
        tool(**{"input_schema": {"type": "object"}, **options})(act)


def test_options_of_prompts_and_resources_that_json_cannot_carry_are_refused() -> None:
    def said() -> str:
        return ""

    said.__doc__ = NO_TEXT
    for define in (tool, prompt, resource("test://x")):
        with pytest.raises(DefinitionError, match="said"):
            define(said)
    said.__doc__ = "Say."
    for refused in (
        lambda: prompt(name=NO_TEXT)(said),
        lambda: prompt(title=NO_TEXT)(said),
        lambda: resource(f"test://{NO_TEXT}")(said),
        lambda: resource("test://x", mime_type=NO_TEXT)(said),
        lambda: resource("test://x", annotations=Annotations(priority=math.nan))(said),
    ):
        with pytest.raises(DefinitionError, match="said"):
            refused()
    with pytest.raises(ValueError, match="/instructions is not valid Unicode"):
        App([], instructions=NO_TEXT)


def test_a_pattern_is_compiled_when_the_tool_is_defined() -> None:
    def act(value: Any) -> str:
        """Act."""
        return str(value)

    act.__annotations__ = {"value": Annotated[str, Meta(extra_json_schema={"pattern": "("})]}
    with pytest.raises(DefinitionError, match="act: the parameters: /properties/value/pattern"):
        tool(act)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array"},
        {"type": "object", "properties": {"a": {"type": "object"}}},
        {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}}},
        {"type": "object", "properties": {"a": {"enum": ["x"]}}},
        {"type": "object", "properties": {"a": True}},
        {"type": "object", "properties": {"a": {"type": "string", "pattern": "("}}},
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}},
    ],
)
def test_a_form_is_flat_and_valid(schema: Any) -> None:
    """MCP, Elicitation, Requested Schema: "flat objects with primitive properties only"."""
    with pytest.raises(InvalidSchema):
        Form("Fill this in", schema)


def test_a_form_has_the_properties_that_clients_require() -> None:
    """schema.ts, ElicitRequestFormParams: ``properties`` is not optional."""
    assert Form("Sure?", {"type": "object"}).params()["requestedSchema"] == {"type": "object", "properties": {}}
    choices = {
        "one": {"type": "string", "enum": ["a"]},
        "titled": {"type": "string", "oneOf": [{"const": "a", "title": "A"}]},
        "many": {"type": "array", "items": {"type": "string", "enum": ["a"]}},
        "titled_many": {"type": "array", "items": {"anyOf": [{"const": "a", "title": "A"}]}},
        "number": {"type": "number", "default": 0.5},
        "sure": {"type": "boolean"},
    }
    assert Form("Choose", {"type": "object", "properties": choices}).schema["properties"] == choices


def test_a_completion_needs_an_existing_argument() -> None:
    @prompt
    def start(topic: str) -> str:
        """Start."""
        return topic

    def topics(value: str, context: Context) -> list[str]:
        return [value]

    with pytest.raises(DefinitionError, match="topics"):
        completion(start, "nothing")(topics)
