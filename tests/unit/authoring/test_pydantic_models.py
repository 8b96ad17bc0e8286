"""Pydantic's models and ``Field`` describe parameters and results, in code that imports Pydantic."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, HttpUrl

from runtime.authoring import App, DefinitionError, Tool, tool
from runtime.testing import ToolFailed, client


class Line(BaseModel):
    """One line."""

    sku: str = Field(min_length=2)
    count: int = Field(default=1, ge=1, alias="qty")


class Order(BaseModel):
    lines: list[Line]
    due: date | None = None
    link: HttpUrl | None = None


@dataclass
class Parcel:
    order: Order


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]


@tool
def place(order: Order, note: Annotated[str, Field(description="For the driver", max_length=5)]) -> Order:
    """Place an order."""
    assert isinstance(order, Order)
    return order.model_copy(update={"due": date(2026, 1, len(note))})


@tool
def search(
    query: str = Field(description="What to look for"),
    limit: int = Field(default=10, ge=1, le=50),
    fields: list[str] = Field(default_factory=lambda: ["id"]),  # noqa: B008  # as Pydantic's users write it
) -> str:
    """Search."""
    return f"{query} {limit} {fields}"


@tool(structured_output=True)
def pack(parcels: list[Parcel], pet: Pet | None = None) -> list[Order]:
    """Pack."""
    return [parcel.order for parcel in parcels]


def _app(*tools: Tool) -> App:
    app = App(modules=[])
    app.tools.update({each.name: each for each in tools})
    return app


APP = _app(place, search, pack)


def test_models_are_the_schemas_of_parameters_and_results() -> None:
    properties = place.input_schema["properties"]
    line = properties["order"]["properties"]["lines"]["items"]
    assert line["properties"]["sku"] == {"type": "string", "minLength": 2, "title": "Sku"}
    assert line["properties"]["qty"] == {"type": "integer", "minimum": 1, "default": 1, "title": "Qty"}
    assert properties["note"] == {"type": "string", "maxLength": 5, "description": "For the driver"}
    assert place.output_schema is not None
    assert place.output_schema["properties"]["lines"]["items"]["required"] == ["sku"]
    assert "$ref" not in str((place.listing, pack.listing))


def test_a_tool_gets_and_returns_models() -> None:
    with client(APP) as c:
        placed = c.call_tool("place", order={"lines": [{"sku": "ab", "qty": 2}], "link": "https://x.y"}, note="abc")
        packed = c.call_tool("pack", parcels=[{"order": {"lines": []}}], pet={"kind": "dog"})
    order = {"lines": [{"sku": "ab", "qty": 2}], "due": "2026-01-03", "link": "https://x.y/"}
    assert placed.structured == order
    assert packed.structured == {"result": [{"lines": [], "due": None, "link": None}]}


def test_a_field_as_default_describes_a_parameter_and_fills_it() -> None:
    assert search.input_schema["required"] == ["query"]
    assert search.input_schema["properties"]["query"] == {"type": "string", "description": "What to look for"}
    assert search.input_schema["properties"]["limit"]["default"] == 10
    with client(APP) as c:
        assert c.call_tool("search", query="x").text == "x 10 ['id']"
        with pytest.raises(ToolFailed, match="/limit"):
            c.call_tool("search", query="x", limit=51)


def test_an_error_names_the_place_but_not_the_value() -> None:
    with client(APP) as c, pytest.raises(ToolFailed, match="/order/due: Input should be a valid date") as failed:
        c.call_tool("place", order={"lines": [], "due": "a secret"}, note="")
    assert "secret" not in str(failed.value)


def test_a_type_that_pydantic_cannot_describe_is_an_error_of_the_definition() -> None:
    class Holder(BaseModel):
        model_config = {"arbitrary_types_allowed": True}
        thing: Lock

    def hold(holder: Holder) -> None:
        """Hold."""

    with pytest.raises(DefinitionError, match=r"hold: Pydantic has no JSON Schema"):
        tool(hold)


class Lock:
    """Not a type of JSON."""


def test_a_tool_without_pydantic_never_imports_it() -> None:
    code = "import sys, runtime.app; print('pydantic' in sys.modules, bool(runtime.app.app.tools))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False True\n"


def test_a_recursive_model_keeps_its_reference() -> None:
    schema: Any = tool(grow).input_schema
    assert schema["properties"]["tree"] == {"$ref": "#/$defs/pydantic.Tree"}
    assert schema["$defs"]["pydantic.Tree"]["properties"]["trees"]["items"] == {"$ref": "#/$defs/pydantic.Tree"}


class Tree(BaseModel):
    trees: list["Tree"] = []


def grow(tree: Tree) -> None:
    """Grow."""
