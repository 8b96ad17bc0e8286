"""The permission to call a Lambda function that is a tool, and what is said where it is missing."""

import re
from typing import Any

import pulumi
import pytest

from components.iam import Statement
from components.lambda_tools import allow_calling
from components.location import Location
from components.packaging.lambda_tools import LambdaTool

THEIRS = "arn:aws:lambda:us-east-1:210987654321:function:rates"


def location() -> Location:
    text = pulumi.Output.from_input
    return Location(text("123456789012"), text("eu-west-1"), text("aws"), text("amazonaws.com"))


def permitted(action: str = "lambda:InvokeFunction") -> list[Statement]:
    return [Statement(actions=[action], resources=["arn:aws:lambda:eu-west-1:123456789012:function:billing"])]


def resolve(statement: Statement) -> list[str]:
    found: list[str] = []
    pulumi.runtime.test(lambda: pulumi.Output.all(*statement.resources).apply(found.extend))()  # type: ignore[no-untyped-call]
    return found


def test_exactly_the_functions_that_the_source_names_may_be_called() -> None:
    """A permission for a function is none for its versions: a function with a qualifier is named with it."""
    tools = [LambdaTool("a", "billing", "live"), LambdaTool("b", "billing:live"), LambdaTool("c", "billing")]
    [statement] = allow_calling([*tools, LambdaTool("d", THEIRS)], location(), {}, [])
    assert statement.actions == ["lambda:InvokeFunction"]
    assert sorted(resolve(statement)) == [
        "arn:aws:lambda:eu-west-1:123456789012:function:billing",
        "arn:aws:lambda:eu-west-1:123456789012:function:billing:live",
        THEIRS,
    ]


@pytest.mark.parametrize("action", ["lambda:InvokeFunction", "lambda:*"])
def test_a_function_in_a_variable_has_the_permission_that_the_needs_file_declares(action: str) -> None:
    tools = [LambdaTool("a", environment="BILLING")]
    assert allow_calling(tools, location(), {"BILLING": "billing"}, permitted(action)) == []


@pytest.mark.parametrize(
    ("tool", "environment", "statements", "message"),
    [
        (LambdaTool("app/tools.py:3"), {}, [], "app/tools.py:3: the function must be written there as a text"),
        (
            LambdaTool("app/tools.py:3", "no such form"),
            {},
            [],
            "app/tools.py:3: a function is named by its name or ARN",
        ),
        (
            LambdaTool("app/tools.py:3", environment="BILLING"),
            {"OTHER": "x"},
            permitted(),
            'variable BILLING is not declared; say in needs.py: needs.invoke(ARN, environment="BILLING")',
        ),
        (
            LambdaTool("app/tools.py:3", environment="BILLING"),
            {"BILLING": "billing"},
            permitted("s3:GetObject"),
            'nothing permits to call the function in BILLING; say in needs.py: needs.invoke(ARN',
        ),
    ],
)
def test_what_is_missing_is_said_with_the_place_and_what_to_write(
    tool: LambdaTool, environment: dict[str, Any], statements: list[Statement], message: str
) -> None:
    with pytest.raises(pulumi.RunError, match=re.escape(message)):
        allow_calling([tool], location(), environment, statements)
