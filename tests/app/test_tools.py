"""The tests of the example tools in ``runtime/app``. Replace them with those of your own."""

import pytest

from runtime.app import app
from runtime.app.tools import calculate, current_time
from runtime.authoring import ToolError


def test_a_tool_is_called_as_the_function_it_is() -> None:
    assert calculate("2 * (3 + 4)") == "14"
    assert current_time(60).endswith("+01:00")


@pytest.mark.parametrize(
    "expression", ["__import__('os')", "1 +", "a", "2 ** 9", "'x' * 9", "True", "(" * 200, "1/0", "1e308*10*10%1e999"]
)
def test_the_calculator_works_out_nothing_but_arithmetic(expression: str) -> None:
    with pytest.raises(ToolError):
        calculate(expression)


def test_the_app_serves_its_example_tools_and_resources() -> None:
    assert {"whoami", "current_time", "calculate"} <= set(app.tools)
    assert {"server://about", "server://status"} <= set(app.resources)
