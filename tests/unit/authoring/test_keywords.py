"""The decorators take the keywords of other frameworks, or say what to use instead."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from mcp.server.mcpserver import MCPServer

from runtime.authoring import Annotations, Context, DefinitionError, Icon, ToolAnnotations, prompt, resource, tool
from runtime.mcp.tools import run_tool

# FastMCP 2.14, 3.4 and 4.2; the official SDK 1.30 and 2.3.
TOOL = (
    {"name", "version", "title", "description", "icons", "tags", "output_schema", "annotations", "exclude_args"}
    | {"meta", "app", "enabled", "task", "timeout", "auth", "run_in_thread", "serializer", "structured_output"}
)  # fmt: skip
RESOURCE = (
    {"name", "version", "title", "description", "icons", "mime_type", "tags", "annotations", "meta", "app", "enabled"}
    | {"task", "auth", "security"}
)  # fmt: skip
PROMPT = {"name", "version", "title", "description", "icons", "tags", "meta", "enabled", "task", "auth"}
DECORATORS: dict[str, tuple[Callable[..., Any], set[str]]] = {
    "tool": (tool, TOOL),
    "resource": (lambda **options: resource("docs://x", **options), RESOURCE),
    "prompt": (prompt, PROMPT),
}


def act() -> int:
    """Act."""
    return 5


def _context() -> Context:
    return Context(
        client_id="c", subject="s", scopes=frozenset(), request_id="r", protocol_version="2026-07-28"
    )  # fmt: skip


def _run(defined: Any) -> dict[str, Any]:
    return msgspec.json.decode(msgspec.json.encode(run_tool(defined, {}, _context())))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("kind", "keyword"), [(kind, each) for kind in DECORATORS for each in sorted(DECORATORS[kind][1])]
)
def test_a_keyword_of_another_framework_is_taken_or_named_with_what_replaces_it(kind: str, keyword: str) -> None:
    decorator, _ = DECORATORS[kind]
    value: Any = {"output_schema": {"type": "object"}, "annotations": {}, "meta": {}, "structured_output": False}
    fitting = {"timeout": None, "task": None, "tags": {"a"}, "icons": [], **value}.get(keyword, "text")
    try:
        decorator(**{keyword: fitting})(act)
    except DefinitionError as error:
        assert f"test_keywords.act: @{kind} has no {keyword!r}: " in str(error)  # noqa: PT017  # either is right
        assert "it has" not in str(error)  # noqa: PT017


@pytest.mark.parametrize("kind", DECORATORS)
def test_the_keywords_are_those_of_the_official_sdk(kind: str) -> None:
    parameters = inspect.signature(getattr(MCPServer, kind)).parameters
    assert parameters.keys() - {"self", "uri"} <= DECORATORS[kind][1]


def test_an_unknown_keyword_names_the_function_and_the_one_that_is_meant() -> None:
    with pytest.raises(DefinitionError, match=r"act: @tool has no 'descripton': use description"):
        tool(descripton="Act.")(act)  # type: ignore[call-overload]  # the case
    with pytest.raises(DefinitionError, match=r"act: @prompt has no 'colour': it has description, icons"):
        prompt(colour="red")(act)
    with pytest.raises(DefinitionError, match=r"act: annotations have no 'readonly': they have title, readOnlyHint"):
        tool(annotations={"readonly": True})(act)


def test_hints_icons_and_tags_may_be_in_the_form_of_the_protocol() -> None:
    icon = {"src": "https://example.com/i.png", "mimeType": "image/png", "sizes": ["48x48"]}
    defined = tool(annotations={"readOnlyHint": True, "open_world": False}, icons=[icon], tags={"b", "a"})(act)
    assert defined.options.annotations == ToolAnnotations(read_only=True, open_world=False)
    assert defined.options.icons == [Icon(src=icon["src"], mime_type="image/png", sizes=["48x48"])]  # type: ignore[arg-type]
    assert defined.listing["_meta"] == {"fastmcp": {"tags": ["a", "b"]}}
    shown = resource("docs://x", annotations={"audience": ["user"], "lastModified": "2026"}, tags=["x"])(act)
    assert shown.annotations == Annotations(audience=["user"], last_modified="2026")
    assert shown.listing["_meta"] == {"fastmcp": {"tags": ["x"]}}
    assert prompt(meta={"a": 1}, icons=None)(act).listing["_meta"] == {"a": 1}


def test_a_name_may_be_the_first_argument_and_options_may_come_with_the_function() -> None:
    assert tool("other")(act).name == "other"
    assert tool(act, name="third").name == "third"
    assert prompt("other")(act).name == "other"
    assert prompt(act, title="Act now").title == "Act now"


@pytest.mark.parametrize(("task", "meant"), [(True, "optional"), (False, None), ("required", "required")])
def test_a_tool_may_be_a_task_by_true_or_false(task: Any, meant: str | None) -> None:
    assert tool(task=task)(act).options.task == meant


def test_structured_output_sends_any_result_as_an_object() -> None:
    wrapped = tool(structured_output=True)(act)
    assert wrapped.listing["outputSchema"] == {
        "type": "object",
        "properties": {"result": {"type": "integer"}},
        "required": ["result"],
    }
    text = [{"type": "text", "text": "5"}]
    assert _run(wrapped) == {"content": text, "isError": False, "structuredContent": {"result": 5}}
    assert _run(tool(act)) == {"content": text, "isError": False}


def test_no_structured_output_leaves_an_object_as_text() -> None:
    def show() -> dict[str, int]:
        """Show."""
        return {"a": 1}

    assert "outputSchema" in tool(show).listing
    plain = tool(structured_output=False)(show)
    assert "outputSchema" not in plain.listing
    assert _run(plain) == {"content": [{"type": "text", "text": '{"a":1}'}], "isError": False}


def test_structured_output_needs_a_typed_result() -> None:
    def show():  # type: ignore[no-untyped-def]  # noqa: ANN202  # the case
        """Show."""

    with pytest.raises(DefinitionError, match="structured output needs a typed result"):
        tool(structured_output=True)(show)


def test_an_async_tool_ends_at_its_timeout() -> None:
    @tool(timeout=0.01)
    async def wait() -> str:
        """Wait."""
        await asyncio.Event().wait()
        return "never"

    result = _run(wait)
    assert result == {"content": [{"type": "text", "text": "wait took longer than 0.01 seconds"}], "isError": True}


def test_a_timeout_of_what_the_tool_calls_is_not_its_own() -> None:
    @tool(timeout=60)
    async def wait() -> str:
        """Wait."""
        raise TimeoutError("the database")

    assert "failed unexpectedly" in _run(wait)["content"][0]["text"]


def test_only_an_async_function_can_have_a_timeout() -> None:
    with pytest.raises(DefinitionError, match="a timeout needs an async function"):
        tool(timeout=1)(act)
