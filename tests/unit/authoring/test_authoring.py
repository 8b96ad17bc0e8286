"""Tools and resources are plain functions; an invalid definition is refused at import, by name."""

from typing import Any

import pytest

from runtime.app import app
from runtime.app.tools import calculate, current_time
from runtime.authoring import App, DefinitionError, ToolError, resource, tool


def test_a_tool_stays_callable_as_the_function_it_is() -> None:
    assert calculate("2 * (3 + 4)") == "14"
    assert current_time(60).endswith("+01:00")


@pytest.mark.parametrize(
    "expression", ["__import__('os')", "1 +", "a", "2 ** 9", "'x' * 9", "True", "(" * 200, "1/0", "1e308*10*10%1e999"]
)
def test_the_calculator_accepts_arithmetic_only(expression: str) -> None:
    with pytest.raises(ToolError):
        calculate(expression)


def untyped(a):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Has no types."""


def variadic(*values: int) -> None:
    """Takes any number."""


def undocumented(a: int) -> None: ...


def unserialisable(a: complex) -> None:
    """Takes what JSON has no word for."""


def unresolvable(a: "NoSuchType") -> None:  # type: ignore[name-defined]  # noqa: F821
    """Names a type that is not there."""


@pytest.mark.parametrize("function", [untyped, variadic, undocumented, unserialisable, unresolvable])
def test_a_bad_tool_is_refused_at_import_by_name(function: Any) -> None:
    with pytest.raises(DefinitionError, match=function.__name__):
        tool(function)


def test_a_resource_with_parameters_is_refused_by_name() -> None:
    def sized(size: int) -> str:
        """Has a parameter."""
        return "x" * size

    with pytest.raises(DefinitionError, match="sized"):
        resource("test://sized")(sized)


def test_two_tools_of_one_name_are_refused() -> None:
    class Module:
        pass

    first: Any = Module()
    second: Any = Module()
    first.t = tool(name="same")(calculate.function)
    second.t = tool(name="same")(calculate.function)
    with pytest.raises(ValueError, match="same"):
        App([first, second])


def test_the_app_has_three_tools_and_two_resources() -> None:
    assert list(app.tools) == ["whoami", "current_time", "calculate"]
    assert list(app.resources) == ["server://about", "server://status"]
