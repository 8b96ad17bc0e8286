"""Tools and resources are plain functions; an invalid definition is refused at import, by name."""

from typing import Any

import pytest

from runtime.authoring import App, DefinitionError, resource, tool
from tests.support.example_app import repeat


def test_a_tool_stays_callable_as_the_function_it_is() -> None:
    assert repeat("a", 3) == "aaa"


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
    first.t = tool(name="same")(repeat.function)
    second.t = tool(name="same")(repeat.function)
    with pytest.raises(ValueError, match="same"):
        App([first, second])
