"""A Lambda function as a tool: what defines it, and how it is listed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runtime.authoring import App, DefinitionError, Icon, ToolAnnotations
from runtime.authoring.lambda_tool import lambda_tool
from tests.unit.authoring.lambda_tools import ORDER, TOTAL, billing


def test_it_is_listed_like_any_tool() -> None:
    tool = billing(
        output_schema=TOTAL,
        title="Bill",
        annotations=ToolAnnotations(destructive=True),
        icons=[Icon(src="https://example.com/i.png")],
        scopes=["billing"],
        task="optional",
        meta={"team": "finance"},
    )
    module: Any = type(sys)("module")
    module.tool = tool
    assert App([module]).tools["bill"].listing == {
        "name": "bill",
        "title": "Bill",
        "description": "Bill an order.",
        "inputSchema": ORDER,
        "outputSchema": TOTAL,
        "annotations": {"destructiveHint": True},
        "icons": [{"src": "https://example.com/i.png"}],
        "_meta": {"team": "finance"},
    }
    assert tool.options.scopes == {"billing"}
    assert tool.options.task == "optional"


def test_a_schema_may_be_a_file_beside_the_module(tmp_path: Path) -> None:
    (tmp_path / "order.json").write_text(json.dumps(ORDER))
    module = {"__name__": "tools", "__file__": str(tmp_path / "tools.py"), "lambda_tool": lambda_tool}
    source = "tool = lambda_tool(name='b', description='B.', function='b', input_schema={!r})"
    exec(source.format("order.json"), module)  # noqa: S102  # a module in that folder
    assert module["tool"].listing["inputSchema"] == ORDER  # type: ignore[attr-defined]  # a namespace has objects
    with pytest.raises(DefinitionError, match=r"^tools\.lambda_tool\('b'\): nowhere\.json is no JSON file"):
        exec(source.format("nowhere.json"), module)  # noqa: S102


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"environment": "BILLING"}, "either function"),
        ({"function": None}, "either function"),
        ({"function": "no such form"}, "a function is named by"),
        ({"qualifier": "a b"}, "a function is named by"),
        ({"function": None, "environment": "BILLING", "qualifier": "live"}, "takes no qualifier with environment"),
        ({"input_schema": {"type": "array"}}, "input_schema: /type must be object"),
        ({"output_schema": {"type": "array"}}, "output_schema: /type must be object"),
        ({"name": "no name"}, "is not a name for a tool"),
        ({"description": ""}, "needs a docstring"),
    ],
)
def test_a_definition_that_cannot_work_is_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(DefinitionError, match=reason):
        billing(**options)


def test_a_server_without_such_a_tool_imports_nothing_for_it() -> None:
    # What the app of this project imports is its owner's.
    load = "import sys, runtime.handlers.load_app as l; l.load_app('tests.support.example_app')"
    code = f"{load}; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "runtime.authoring.tool" in imported
    assert not {name for name in imported if name.endswith(("lambda_tool", "function_calls", "lambda_calls", "boto3"))}
