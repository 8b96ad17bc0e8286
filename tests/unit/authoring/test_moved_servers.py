"""Servers in the style of other frameworks run here with other imports: same names, schemas and results.

``tests/moved/originals`` has them as they were, ``migrated`` as they are here, and ``recorded`` what the originals list
and return in their own frameworks: ``tests/moved/record.py`` says how.
"""

import difflib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from runtime.authoring import App
from runtime.authoring.asking import Elicitation
from runtime.testing import Client, ToolFailed, client

HERE = Path(__file__).resolve().parents[2] / "moved"
CALLS = json.loads((HERE / "calls.json").read_bytes())
# The lines besides imports that change: of the original, and of the server here.
OTHER_LINES = {
    "fastmcp": ([], []),
    "sdk1": ([], []),
    "sdk2": ([], []),
    "awslabs": (
        [
            'raise ValueError("There is no such order.")',
            "def lambda_handler(event, context):",
            "return mcp.handle_request(event, context)",
        ],
        ['raise ToolError("There is no such order.")', '"""The terms."""'],
    ),
}
# What has no meaning for a caller: names that Pydantic makes up, and FastMCP's note for its own client.
MADE_UP = {"title", "additionalProperties", "x-fastmcp-wrap-result"}


def _load(name: str) -> App:
    module = ModuleType(f"moved_{name}")
    sys.modules[module.__name__] = module
    source = HERE / "migrated" / f"{name}.txt"
    exec(compile(source.read_text(), str(source), "exec"), vars(module))  # noqa: S102  # a file of this project
    assert isinstance(module.mcp, App)
    return module.mcp


@pytest.fixture(scope="module", params=CALLS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def app(name: str) -> App:
    return _load(name)


@pytest.fixture(scope="module")
def recorded(name: str) -> dict[str, Any]:
    return json.loads((HERE / "recorded" / f"{name}.json").read_bytes())  # type: ignore[no-any-return]


def _client(app: App, name: str) -> Client:
    answers = CALLS[name]["answers"].items()
    return client(app, answers={message: Elicitation(**answer) for message, answer in answers})


def test_little_besides_the_imports_changes(name: str) -> None:
    before, after = ((HERE / kind / f"{name}.txt").read_text().splitlines() for kind in ("originals", "migrated"))
    changes = [line for line in difflib.ndiff(before, after) if line[:2] in {"- ", "+ "} and line[2:].strip()]
    others = tuple(
        [line[2:].strip() for line in changes if line.startswith(sign) and not _is_of_an_import(line[2:])]
        for sign in "-+"
    )
    assert others == OTHER_LINES[name]


def _is_of_an_import(line: str) -> bool:
    return line.startswith(("from ", "import ", ")")) or (line.startswith("    ") and line.strip(" ,").isidentifier())


def test_the_tools_have_the_same_names_schemas_and_hints(name: str, app: App, recorded: dict[str, Any]) -> None:
    with _client(app, name) as c:
        listed = {tool["name"]: tool for tool in c.list_tools()}
    assert set(listed) == {tool["name"] for tool in recorded["tools"]}
    for tool in recorded["tools"]:
        ours = listed[tool["name"]]
        assert ours["description"] == tool["description"]
        assert ours.get("annotations") == tool.get("annotations")
        assert _bare(ours["inputSchema"]) == _bare(tool["inputSchema"])
        assert _bare(ours.get("outputSchema")) == _bare(tool.get("outputSchema"))
        assert _meta(ours) == _meta(tool)


def test_the_tools_return_the_same(name: str, app: App, recorded: dict[str, Any]) -> None:
    with _client(app, name) as c:
        for (tool, arguments), before in zip(CALLS[name]["tools"], recorded["results"], strict=True):
            try:
                result = c.call_tool(tool, **arguments)
            except ToolFailed as failed:
                result = failed.result
            if "message" in before or before.get("isError"):
                assert result.is_error
                assert str(before.get("message", before.get("content"))).find(result.text) > 0
                continue
            assert result.structured == before.get("structuredContent")
            assert not result.is_error
            if result.structured is None or not isinstance(result.structured.get("result"), list):
                assert list(map(_as_value, result.content)) == list(map(_as_value, before["content"]))


def test_the_resources_and_prompts_are_the_same(name: str, app: App, recorded: dict[str, Any]) -> None:
    with _client(app, name) as c:
        assert list(map(_listed, c.list_resources())) == list(map(_listed, recorded["resources"]))
        assert list(map(_listed, c.list_resource_templates())) == list(map(_listed, recorded.get("templates", [])))
        prompts = c.list_prompts() if app.prompts else []
        assert list(map(_listed, prompts)) == list(map(_listed, recorded.get("prompts", [])))
        for uri, before in zip(CALLS[name]["resources"], recorded["read"], strict=True):
            assert c.read_resource(uri).contents == before
        for (prompt, arguments), before in zip(CALLS[name]["prompts"], recorded.get("messages", []), strict=True):
            assert c.get_prompt(prompt, **arguments).messages == before


def _bare(schema: Any, definitions: Mapping[str, Any] | None = None) -> Any:
    """Return a schema with its definitions in place, without what has no meaning for a caller."""
    if isinstance(schema, list):
        return [_bare(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    definitions = schema.get("$defs", definitions)
    if "$ref" in schema and definitions:
        return _bare(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if schema.get("anyOf", [])[1:] == [{"type": "null"}]:
        # awslabs' handler lists optional parameters without it.
        return _bare(schema["anyOf"][0], definitions)
    kept: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            kept[key] = {each: _bare(rule, definitions) for each, rule in value.items()}
        elif key != "$defs" and (key not in MADE_UP or (key == "additionalProperties" and isinstance(value, dict))):
            kept[key] = sorted(value) if key == "required" else _bare(value, definitions)
    if not kept.get("required", True):
        del kept["required"]
    return kept


def _meta(listed: Mapping[str, Any]) -> Any:
    meta = dict(listed.get("_meta", {}))
    if meta.get("fastmcp") == {"tags": []}:
        del meta["fastmcp"]
    return meta


def _listed(member: Mapping[str, Any]) -> Any:
    arguments = [
        {**each, "description": each.get("description", "").partition("\n")[0]} for each in member.get("arguments", [])
    ]
    return {**member, "_meta": _meta(member), "arguments": arguments}


def _as_value(block: Mapping[str, Any]) -> Any:
    """Return a block of content, with a text that is JSON as its value."""
    try:
        return json.loads(block["text"])
    except (KeyError, ValueError):
        return dict(block)
