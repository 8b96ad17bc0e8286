"""The default of a parameter is listed as clients would send it; one that JSON cannot carry is refused."""

import datetime
import enum
import math
from typing import Any

import msgspec
import pytest

from runtime.authoring import DefinitionError, prompt, tool

NO_TEXT = "caf\udce9"


class Color(enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        (float, math.nan),
        (float, -math.inf),
        (list[float], [1.0, math.inf]),
        (str, NO_TEXT),
        (dict[str, int], {NO_TEXT: 1}),
        (dict[str, int], {("a", "b"): 1}),
        (Any, object()),
        (Any, {object()}),
        (Any, [lambda: 1]),
    ],
)
def test_a_default_that_json_cannot_carry_is_refused(kind: Any, default: Any) -> None:
    def act(value: Any = default) -> str:
        """Act."""
        return str(value)

    act.__annotations__ = {"value": kind, "return": str}
    with pytest.raises(DefinitionError, match="act: the default of 'value'"):
        tool(act)


def test_a_default_in_a_type_is_refused_too() -> None:
    class Part(msgspec.Struct):
        mean: float = math.nan

    def act(part: Any) -> str:
        """Act."""
        return str(part)

    act.__annotations__ = {"part": Part, "return": str}
    with pytest.raises(DefinitionError, match=r"act: .*/default is not a finite number"):
        tool(act)


@pytest.mark.parametrize(
    ("kind", "default", "shown"),
    [
        (set[int], {1}, [1]),
        (bytes, b"\xff", "/w=="),
        (datetime.date, datetime.date(2026, 7, 28), "2026-07-28"),
        (tuple[int, int], (1, 2), [1, 2]),
        (Color, Color.RED, "red"),
        (str | None, None, None),
    ],
)
def test_a_default_is_shown_as_the_argument_would_be_sent(kind: Any, default: Any, shown: Any) -> None:
    def act(value: Any = default) -> str:
        """Act."""
        return str(value)

    act.__annotations__ = {"value": kind, "return": str}
    assert tool(act).input_schema["properties"]["value"]["default"] == shown


def test_a_parameter_that_may_be_unset_has_no_default_to_show() -> None:
    @tool
    def act(value: int | msgspec.UnsetType = msgspec.UNSET) -> str:
        """Act."""
        return str(value)

    assert act.input_schema["properties"] == {"value": {"type": "integer"}}


@pytest.mark.parametrize("default", [1, math.nan, object(), b"x"])
def test_the_default_of_a_prompt_is_text(default: Any) -> None:
    """MCP, Prompts: arguments are strings."""

    def start(topic: str = default) -> str:
        """Start."""
        return topic

    with pytest.raises(DefinitionError, match="start: the default of parameter 'topic'"):
        prompt(start)
