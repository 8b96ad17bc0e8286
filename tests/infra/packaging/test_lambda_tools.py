"""Which Lambda functions an app offers as tools, as its source says."""

from pathlib import Path

import pytest

from components.packaging.lambda_tools import LambdaTool, find_lambda_tools
from components.packaging.sources import Sources

PLACE = "runtime/app/tools.py"


def found(root: Path, source: str) -> list[LambdaTool]:
    """Return what is found in an app with one module."""
    app = root / "app"
    app.mkdir()
    (root / "runtime").mkdir()
    (root / "runtime" / "__init__.py").touch()
    (app / "__init__.py").write_text("from runtime.app import tools\n")
    (app / "tools.py").write_text(source)
    return find_lambda_tools(Sources(root, app), "runtime.app")


@pytest.mark.parametrize(
    ("call", "tool"),
    [
        ('lambda_tool(function="billing")', LambdaTool(f"{PLACE}:3", "billing")),
        ('lambda_tool(function="billing", qualifier="live")', LambdaTool(f"{PLACE}:3", "billing", "live")),
        ("lambda_tool(function=BILLING)", LambdaTool(f"{PLACE}:3", "billing:7")),
        ('lambda_tool(environment="BILLING")', LambdaTool(f"{PLACE}:3", environment="BILLING")),
        # What nobody can read is found, too: it needs a permission that somebody must declare.
        ("lambda_tool(function=make_name())", LambdaTool(f"{PLACE}:3")),
        ('lambda_tool(function=f"billing-{1}")', LambdaTool(f"{PLACE}:3")),
        ("lambda_tool(**OPTIONS)", LambdaTool(f"{PLACE}:3")),
        ('lambda_tool(function="billing", qualifier=version())', LambdaTool(f"{PLACE}:3")),
        ("[lambda_tool(function=name) for name in NAMES]", LambdaTool(f"{PLACE}:3")),
    ],
)
def test_a_function_is_found_where_it_is_made_a_tool(tmp_path: Path, call: str, tool: LambdaTool) -> None:
    source = f'from runtime.authoring.lambda_tool import lambda_tool\nBILLING = "billing:7"\ntool = {call}\n'
    assert found(tmp_path, source) == [tool]


def test_it_is_found_under_another_name_and_behind_its_module(tmp_path: Path) -> None:
    source = """
from runtime.authoring import lambda_tool as made
from runtime.authoring.lambda_tool import lambda_tool as as_tool
a = as_tool(function="a")
b = made.lambda_tool(function="b")
"""
    assert [tool.function for tool in found(tmp_path, source)] == ["a", "b"]


def test_a_name_with_two_values_cannot_be_read(tmp_path: Path) -> None:
    source = """from runtime.authoring.lambda_tool import lambda_tool
NAME = "a"
NAME = "b"
tool = lambda_tool(function=NAME)
"""
    assert found(tmp_path, source) == [LambdaTool(f"{PLACE}:4")]


def test_an_app_without_one_has_none(tmp_path: Path) -> None:
    assert found(tmp_path, "from runtime.authoring import tool\n\n\ndef lambda_tool(): ...\n\n\nlambda_tool()\n") == []
