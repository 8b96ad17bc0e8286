"""The permission to call a Lambda function that is a tool, and what is said where it is missing."""

import re
from typing import Any

import pulumi
import pytest

from components.iam import Statement
from components.lambda_tools import allow_calling
from components.location import Location
from components.packaging.lambda_tools import LambdaTool
from tests.infra.functions import FUNCTIONS, environment
from tests.infra.policies import statements
from tests.infra.recorder import Stack, run_program

OURS = "arn:aws:lambda:eu-central-1:123456789012:function"
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
            "nothing permits to call the function in BILLING; say in needs.py: needs.invoke(ARN",
        ),
    ],
)
def test_what_is_missing_is_said_with_the_place_and_what_to_write(
    tool: LambdaTool, environment: dict[str, Any], statements: list[Statement], message: str
) -> None:
    with pytest.raises(pulumi.RunError, match=re.escape(message)):
        allow_calling([tool], location(), environment, statements)


APP = """
from runtime.authoring.lambda_tool import lambda_tool

named = lambda_tool(function="rates", qualifier="live", name="a", description="A.", input_schema={"type": "object"})
other = lambda_tool(environment="INVOICES", name="b", description="B.", input_schema={"type": "object"})
"""
NEEDS = """
from components.needs import Needs


def declare(needs: Needs) -> None:
    needs.invoke("arn:aws:lambda:eu-central-1:123456789012:function:invoices:7", environment="INVOICES")
"""


@pytest.fixture(scope="module")
def calling(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """A stack whose app offers two Lambda functions as tools."""
    app = tmp_path_factory.mktemp("example") / "app"
    app.mkdir()
    (app / "__init__.py").write_text(
        "from runtime.app import tools\nfrom runtime.authoring import App\napp = App([tools])\n"
    )
    (app / "tools.py").write_text(APP)
    (app.parent / "needs.py").write_text(NEEDS)
    return run_program({"appDirectory": str(app), "appNeeds": str(app.parent / "needs.py")})


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_the_functions_that_run_tools_may_call_them(calling: Stack, name: str) -> None:
    """Each by the permission that the needs file or the source declares, and no other function of the account."""
    found = statements(calling, f"-{name}-policy")
    theirs = [statement for statement in found if re.search("rates|invoices", str(statement["Resource"]))]
    expected = [
        {"Effect": "Allow", "Action": ["lambda:InvokeFunction"], "Resource": [f"{OURS}:invoices:7"]},
        {"Effect": "Allow", "Action": ["lambda:InvokeFunction"], "Resource": [f"{OURS}:rates:live"]},
    ]
    runs_tools = name in {"mcp", "worker"}
    assert theirs == (expected if runs_tools else [])
    assert environment(calling, name).get("INVOICES") == (f"{OURS}:invoices:7" if runs_tools else None)
