"""The client in memory says what the server says, in both eras, and needs nothing but the app."""

import os
import subprocess
import sys
from datetime import date
from typing import Annotated, Any

import pytest

from runtime.authoring import (
    Context,
    NoSuchResource,
    ToolError,
    ToolResult,
    completion,
    header,
    prompt,
    resource,
    secret,
    tool,
)
from runtime.authoring.json_values import NotJson
from runtime.redaction import is_hiding
from runtime.testing import Asked, Progress, RequestError, ToolFailed, client
from tests.unit.mcp.conftest import app_of

ERAS = ["2026-07-28", "2025-11-25", "2024-11-05"]
SECRET = "the client's business"


@tool
def add(a: int, b: int = 1) -> dict[str, int]:
    """Add two numbers."""
    return {"sum": a + b}


@tool
def greet(name: Annotated[str, header("Name")], day: date) -> str:
    """Greet someone on a day."""
    return f"{name}, {day:%d.%m.}, {os.environ['GREETING']}"


@tool(scopes=["admin"])
def restart(context: Context) -> str:
    """Restart a machine."""
    context.progress(1, 2, "half")
    context.log({"step": 1}, "debug")
    return f"{context.client_id} {context.subject} {sorted(context.scopes)} {context.time_left > 20}"


@tool
def refuse() -> str:
    """Refuse."""
    raise ToolError("not today")


@tool
def crash() -> str:
    """Fail."""
    raise ZeroDivisionError(SECRET)


@tool
def report(*, fail: bool) -> ToolResult:
    """Set every part of the result."""
    return ToolResult(content=["a", "b"], structured={"rows": 2}, is_error=fail, meta={"mine": 1})


@resource("docs://{page}", mime_type="text/markdown")
def page(page: str) -> str | bytes:
    """A page."""
    if page == "missing":
        raise NoSuchResource
    return page if page != "picture" else b"\x89PNG"


@prompt
def review(language: str) -> str:
    """Review code."""
    return f"Review this {language} code."


@completion(review, "language")
def languages(value: str, arguments: dict[str, str]) -> list[str]:
    """Complete a language."""
    return [f"{value}thon", *arguments]


APP = app_of(add, greet, restart, refuse, crash, report, page, review, languages)


@pytest.mark.parametrize("era", ERAS)
def test_a_call_returns_what_the_tool_returns(era: str) -> None:
    with client(APP, protocol_version=era) as c:
        result = c.call_tool("add", a=1, b=2)
    assert (result.structured, result.text, result.is_error) == ({"sum": 3}, '{"sum":3}', False)


def test_every_part_of_a_result_is_there() -> None:
    with client(APP) as c:
        result = c.call_tool("report", fail=False)
    assert (result.text, result.structured, result.meta) == ("a\nb", {"rows": 2}, {"mine": 1})
    assert [block["type"] for block in result.content] == ["text", "text"]


def test_arguments_may_have_types_of_python_and_the_environment_ends_with_the_client() -> None:
    with client(APP, environment={"GREETING": "hello"}) as c:
        assert c.call_tool("greet", name="Zoë ", day=date(2026, 3, 1)).text == "Zoë , 01.03., hello"
    assert "GREETING" not in os.environ


def test_a_variable_that_was_there_before_has_its_value_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREETING", "before")
    with client(APP, environment={"GREETING": "within"}) as c:
        assert c.call_tool("greet", name="Ada", day="2026-03-01").text.endswith("within")
    assert os.environ["GREETING"] == "before"


@tool
def search(key: str = "TICKETS_TOKEN") -> str:
    """Search with a key."""
    value = secret(key)
    raise ToolError(f"{len(value)} characters, {value}")


def test_secrets_are_given_and_stay_secret() -> None:
    with client(app_of(search), secrets={"TICKETS_TOKEN": "s3cr3t-value"}) as c:
        with pytest.raises(ToolError, match=r"^12 characters, \[redacted\]$"):
            c.call_tool("search")
        with pytest.raises(ToolError, match="the secret OTHER has no value: client"):
            c.call_tool("search", key="OTHER")
    assert not is_hiding()


@pytest.mark.parametrize("era", ERAS)
def test_a_tool_error_is_raised_with_its_message_and_its_result(era: str) -> None:
    with client(APP, protocol_version=era) as c:
        with pytest.raises(ToolError, match="not today") as refused:
            c.call_tool("refuse")
        with pytest.raises(ToolFailed, match=r"a\nb") as failed:
            c.call_tool("report", fail=True)
    assert refused.value.__cause__ is None
    assert failed.value.result.structured == {"rows": 2}


def test_another_exception_is_the_cause_of_what_the_caller_reads() -> None:
    with client(APP) as c:
        with pytest.raises(ToolFailed, match="failed unexpectedly") as failed:
            c.call_tool("crash")
        with pytest.raises(ToolFailed, match="not today") as refused:
            c.call_tool("refuse")
    assert isinstance(failed.value.__cause__, ZeroDivisionError)
    assert SECRET not in str(failed.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("arguments", "reason"), [({}, "Invalid arguments: .*a"), ({"a": "x"}, "/a"), ({"a": 1, "c": 1}, "c")]
)
def test_arguments_are_checked_as_in_production(arguments: dict[str, Any], reason: str) -> None:
    with client(APP) as c, pytest.raises(ToolFailed, match=reason):
        c.call_tool("add", **arguments)


def test_an_argument_that_json_cannot_carry_is_the_mistake_of_the_test() -> None:
    with client(APP) as c, pytest.raises(NotJson, match="/a is not a finite number"):
        c.call_tool("add", a=float("nan"))


def test_without_scopes_the_caller_has_all_that_the_app_names() -> None:
    with client(APP, subject="ada", client_id="claude") as c:
        assert c.call_tool("restart").text == "claude ada ['admin'] True"
        assert "restart" in [listed["name"] for listed in c.list_tools()]
    assert c.progress == [Progress(1, 2, "half")]
    assert [(log.level, log.data) for log in c.logs] == [("debug", {"step": 1})]


@pytest.mark.parametrize("era", ERAS)
def test_a_caller_without_the_scope_neither_sees_nor_calls_the_tool(era: str) -> None:
    with client(APP, scopes=["mcp:read"], protocol_version=era) as c:
        assert "restart" not in [listed["name"] for listed in c.list_tools()]
        with pytest.raises(RequestError, match="lacks a scope") as refused:
            c.call_tool("restart")
    assert refused.value.data == {"requiredScopes": ["admin"]}


@pytest.mark.parametrize("era", ERAS)
def test_progress_and_log_messages_are_noted(era: str) -> None:
    with client(APP, protocol_version=era) as c:
        c.call_tool("restart")
        assert c.progress == [Progress(1, 2, "half")]
        assert [(log.level, log.data) for log in c.logs] == [("debug", {"step": 1})]
    with client(APP, protocol_version=era, log_level="info") as c:
        c.call_tool("restart")
        assert c.logs == []


@pytest.mark.parametrize("era", ERAS)
def test_resources_prompts_and_completions_are_asked_for_like_tools(era: str) -> None:
    with client(APP, protocol_version=era) as c:
        read = c.read_resource("docs://intro")
        assert (read.text, read.mime_type) == ("intro", "text/markdown")
        assert c.read_resource("docs://picture").data == b"\x89PNG"
        assert c.get_prompt("review", language="Rust").text == "Review this Rust code."
        assert c.complete("review", "language", "Py", style="short") == ["Python", "style"]
        assert c.complete("docs://{page}", "page", "x") == []
        assert [listed["uriTemplate"] for listed in c.list_resource_templates()] == ["docs://{page}"]
        assert [listed["name"] for listed in c.list_prompts()] == ["review"]
        assert c.list_resources() == []


@pytest.mark.parametrize(
    ("era", "code"), [("2026-07-28", -32602), ("2025-11-25", -32002)], ids=["2026-07-28", "2025-11-25"]
)
def test_what_is_missing_is_a_request_error(era: str, code: int) -> None:
    with client(APP, protocol_version=era) as c:
        with pytest.raises(RequestError, match="is not a resource") as missing:
            c.read_resource("docs://missing")
        with pytest.raises(RequestError, match="is not a tool"):
            c.call_tool("ad")
        with pytest.raises(RequestError, match="is required"):
            c.get_prompt("review")
    assert missing.value.code == code


def test_a_client_that_is_not_open_says_so() -> None:
    with pytest.raises(RuntimeError, match="with client"):
        client(APP).call_tool("add", a=1)


def test_a_question_is_told_by_its_key_its_message_and_its_form() -> None:
    form = {"type": "object", "properties": {}}
    asked = Asked("k", "elicitation/create", {"message": "Sure?", "requestedSchema": form})
    assert (asked.message, asked.schema) == ("Sure?", form)


NOT_NEEDED = {"asyncio", "boto3", "botocore", "http.client", "hypercorn", "pytest", "requests", "ssl", "urllib3"}
SCRIPT = f"""
import sys
from tests.support.example_app import app
from runtime.testing import client
with client(app) as c:
    assert c.call_tool("repeat", text="a").text == "aa"
print(*sorted({NOT_NEEDED!r} & set(sys.modules)))
"""


def test_a_call_needs_neither_aws_nor_http() -> None:
    """What is not imported costs nothing: this is why a call takes milliseconds."""
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("\n", "")
