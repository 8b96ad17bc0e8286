"""Tests of tools that Lambda functions run, without these."""

from typing import Any

import pytest

from runtime.authoring import ToolError
from runtime.authoring.function_calls import CallFailed
from runtime.authoring.lambda_tool import lambda_tool
from runtime.testing import client
from tests.unit.mcp.conftest import app_of

ORDER = {"type": "object", "properties": {"order": {"type": "integer"}}}
BILL = lambda_tool(
    name="bill",
    description="Bill an order.",
    function="billing",
    qualifier="live",
    input_schema=ORDER,
    output_schema={"type": "object"},
    shown_errors=["LookupError"],
)


def refuse(event: Any) -> None:
    if event["order"] == 1:
        raise LookupError("There is no order 1.")
    raise CallFailed("busy")


def test_a_python_function_answers_in_the_place_of_a_lambda_function() -> None:
    with client(app_of(BILL), functions={"billing:live": lambda event: {"billed": event["order"]}}) as c:
        assert c.call_tool("bill", order=7).structured == {"billed": 7}


def test_it_can_fail_as_a_lambda_function_fails() -> None:
    with client(app_of(BILL), functions={"billing:live": refuse}) as c:
        with pytest.raises(ToolError, match=r"^There is no order 1\.$"):
            c.call_tool("bill", order=1)
        with pytest.raises(ToolError, match="is busy"):
            c.call_tool("bill", order=2)


def test_a_function_without_a_stand_in_is_named() -> None:
    with (
        client(app_of(BILL), functions={"billing": refuse}) as c,
        pytest.raises(ToolError, match=r"the function billing:live has no stand-in: client\(app, functions="),
    ):
        c.call_tool("bill", order=1)
