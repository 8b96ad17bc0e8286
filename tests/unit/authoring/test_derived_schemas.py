"""Common clients accept the schemas that are derived from annotations; see clients.py."""

import dataclasses
import re
import warnings
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from jsonschema import Draft202012Validator
from msgspec import Meta

from runtime.authoring import CompatibilityWarning, Context, tool
from runtime.authoring.derived import LARGEST
from tests.unit.authoring.annotations import LEAVING, TAKEN, Color, Folder, House, Room, Size
from tests.unit.authoring.clients import CLIENTS, refusals

DOCS = Path(__file__).resolve().parents[3] / "docs" / "tools.md"


def function_of(kind: Any) -> Any:
    def taking(value: Any) -> str:
        """Take a value."""
        return str(value)

    taking.__annotations__ = {"value": kind, "return": str}
    return taking


def schema_of(kind: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CompatibilityWarning)
        return tool(function_of(kind)).input_schema


@pytest.mark.parametrize("kind", TAKEN, ids=str)
def test_common_clients_take_the_schema_of_an_annotation(kind: Any) -> None:
    schema = schema_of(kind)
    assert refusals(schema) == {}
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", LEAVING)
def test_the_documents_name_each_annotation_that_leaves_what_they_take(name: str) -> None:
    kind, clients = LEAVING[name]
    assert set(refusals(schema_of(kind))) == clients
    section = DOCS.read_text().partition("### Which clients take a schema")[2].partition("\n## ")[0]
    (row,) = [row for row in section.split("\n") if row.startswith("|") and f"`{name}`" in row]
    assert {client for client in CLIENTS if client in row.split("|")[2]} == clients


def test_optional_parameters_with_defaults_are_taken_too() -> None:
    @tool
    def book(
        room: Room,
        *,
        size: Size = Size.SMALL,
        color: Color | None = None,
        rooms: list[Room] = [],  # noqa: B006
        at: tuple[int, int] = (1, 2),
        context: Context,
    ) -> House:
        """Book.

        Args:
            room: Which one.
            size: How large.
        """
        return House(room)

    shown = book.listing
    assert refusals(shown["inputSchema"]) == {}
    assert shown["inputSchema"]["properties"]["size"] == {
        "title": "Size",
        "type": "string",
        "enum": ["l", "s"],
        "default": "s",
        "description": "How large.",
    }
    assert shown["inputSchema"]["properties"]["at"]["default"] == [1, 2]
    assert shown["inputSchema"]["properties"]["room"]["description"] == "Which one."
    assert "$defs" not in shown["outputSchema"]


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (Literal["b", "a"], {"type": "string", "enum": ["a", "b"]}),
        (Literal[2, 1], {"type": "integer", "enum": [1, 2]}),
        (Literal["a", None], {"anyOf": [{"type": "null"}, {"type": "string", "enum": ["a"]}]}),
        (Literal["a", 1], {"anyOf": [{"type": "integer", "enum": [1]}, {"type": "string", "enum": ["a"]}]}),
        (list, {"type": "array", "items": {}}),
        (list[Any], {"type": "array", "items": {}}),
        (tuple[int, int], {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}),
        (
            tuple[int, str],
            {
                "type": "array",
                "items": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
                "minItems": 2,
                "maxItems": 2,
            },
        ),
        (tuple[()], {"type": "array", "items": {}, "minItems": 0, "maxItems": 0}),
        (set[int], {"type": "array", "items": {"type": "integer"}, "maxItems": 1000}),
        (set[str], {"type": "array", "items": {"type": "string"}}),
        (Annotated[int, Meta(gt=0, lt=10)], {"type": "integer", "minimum": 1, "maximum": 9}),
        (Annotated[float, Meta(gt=0)], {"type": "number", "exclusiveMinimum": 0}),
    ],
)
def test_the_forms_that_differ_from_what_the_type_alone_would_have(kind: Any, schema: Any) -> None:
    assert schema_of(kind)["properties"]["value"] == schema


def test_the_positions_of_a_tuple_are_still_checked() -> None:
    """The schema allows the kinds of items in any order; the type then checks the order."""
    taking = tool(function_of(tuple[int, str]))
    context: Any = None
    assert taking.bind({"value": [1, "a"]}, context) == {"value": (1, "a")}
    for wrong in ([1], [1, "a", 2], ["a", 1], [1, None]):
        with pytest.raises(ValueError, match="value"):
            taking.bind({"value": wrong}, context)


def test_recursive_types_keep_their_definitions() -> None:
    with pytest.warns(CompatibilityWarning, match="taking.*\\$ref"):
        schema: Any = tool(function_of(Folder)).input_schema
    assert schema["properties"]["value"] == {"$ref": "#/$defs/Folder"}
    assert schema["$defs"]["Folder"]["properties"]["folders"]["items"] == {"$ref": "#/$defs/Folder"}
    Draft202012Validator(schema).validate({"value": {"name": "a", "folders": [{"name": "b", "folders": []}]}})


def test_a_reference_has_nothing_beside_it() -> None:
    """Gemini: "If ``$ref`` is set on a sub-schema, no other properties [...] may be set"; draft 7 ignores them."""

    with pytest.warns(CompatibilityWarning):

        @tool
        def list_folder(folder: Folder | None = None, *, top: Folder = Folder("a", [])) -> str:  # noqa: B008
            """List.

            Args:
                top: Where to begin.
            """
            return top.name

    top = list_folder.listing["inputSchema"]["properties"]["top"]
    assert top == {
        "description": "Where to begin.",
        "default": {"name": "a", "folders": []},
        "anyOf": [{"$ref": "#/$defs/Folder"}],
    }


def test_definitions_that_would_grow_too_large_in_place_are_kept_once() -> None:
    """Ten types, each of which holds the one before it ten times, are 10^10 in place."""
    kind: Any = int
    for number in range(10):
        kind = dataclasses.make_dataclass(f"Level{number}", [(f"field{index}", kind) for index in range(10)])
    schema = schema_of(kind)
    assert len(schema["$defs"]) == 10
    assert len(str(schema)) < LARGEST * 100


def test_a_result_of_a_recursive_type_is_an_object_at_the_top() -> None:
    @tool
    def tree() -> Folder:
        """Show the tree."""
        return Folder("a", [])

    assert tree.output_schema is not None
    assert tree.output_schema["type"] == "object"
    assert tree.output_schema["properties"]["folders"]["items"] == {"$ref": "#/$defs/Folder"}
    Draft202012Validator(tree.output_schema).validate({"name": "a", "folders": [{"name": "b", "folders": []}]})


def test_the_example_tools_are_taken() -> None:
    from tests.conformance.app import app as conformance  # noqa: PLC0415
    from tests.support.example_app import app  # noqa: PLC0415

    for offered in [*app.tools.values(), *conformance.tools.values()]:
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", offered.name)
        if offered.options.input_schema is None and not offered.headers:
            assert refusals(offered.listing["inputSchema"]) == {}, offered.name
