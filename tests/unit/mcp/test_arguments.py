"""Arguments and results of tools where a schema and a type differ."""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError

from runtime.authoring import Image, Text, ToolResult, resource, tool
from tests.unit.mcp.conftest import Server, result, text

N = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


@tool
def add(a: int, more: list[int | str] | None = None) -> str:
    """Add up."""
    return repr((a, more))


@tool
def plan(when: date) -> str:
    """Plan something."""
    return when.isoformat()


@tool
def misread() -> str:
    """Read what is not there."""
    return msgspec.json.decode(b"{}", type=str)


@resource("test://misread/{number}")
def misread_resource(number: int) -> str:
    """Read what is not there."""
    return msgspec.json.decode(b"{}", type=str)


@tool(output_schema=N)
def explicit(kind: str) -> Any:
    """Say everything, or nothing."""
    return {
        "good": ToolResult(structured={"n": 1}),
        "wrong": ToolResult(structured={"n": "one"}),
        "missing": ToolResult(content=["one"]),
        "failed": ToolResult(content=["no"], is_error=True),
        "text": "one",
        "content": Text("one"),
        "contents": [Image(b"one")],
    }[kind]


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    return serve(add, plan, misread, misread_resource, explicit)


def call(server: Server, name: str, **arguments: Any) -> dict[str, Any]:
    return server.legacy("tools/call", {"name": name, "arguments": arguments})


def test_a_number_without_a_fraction_is_an_integer(server: Server) -> None:
    """JSON Schema 2020-12 6.1.1: integer matches "any number with a zero fractional part"."""
    assert text(call(server, "add", a=1.0)) == "(1, None)"
    assert text(call(server, "add", a=1.0, more=[2.0, "3"])) == "(1, [2, '3'])"


def test_an_argument_that_does_not_convert_to_its_type_is_invalid(server: Server) -> None:
    """2025-11-25, Tools, Error Handling: input validation errors are tool execution errors."""
    answer = call(server, "plan", when="tomorrow")
    assert result(answer)["isError"] is True
    assert text(answer).startswith("Invalid arguments: /when: ")
    assert text(call(server, "plan", when="2026-07-28")) == "2026-07-28"


def test_a_conversion_that_fails_in_the_tool_is_a_failure_of_the_tool(server: Server) -> None:
    assert "failed unexpectedly" in text(call(server, "misread"))
    read = server.legacy("resources/read", {"uri": "test://misread/1"})
    assert read["json"]["error"]["code"] == -32603
    read = server.legacy("resources/read", {"uri": "test://misread/one"})
    assert read["json"]["error"]["code"] == -32002


def test_an_explicit_result_must_match_the_output_schema(server: Server) -> None:
    """2025-11-25, Output Schema: servers MUST provide structured results that conform to it."""
    assert result(call(server, "explicit", kind="good"))["structuredContent"] == {"n": 1}
    failed = call(server, "explicit", kind="failed")
    assert (result(failed)["isError"], text(failed)) == (True, "no")


@pytest.mark.parametrize("kind", ["wrong", "missing", "text", "content", "contents"])
def test_a_result_that_breaks_the_output_schema_is_a_failure_of_the_tool(server: Server, kind: str) -> None:
    answer = call(server, "explicit", kind=kind)
    assert result(answer)["isError"] is True
    assert "failed unexpectedly" in text(answer)


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"])
def test_a_tool_that_lacks_a_permission_says_so_and_the_log_says_which(
    serve: Callable[..., Server], caplog: pytest.LogCaptureFixture, code: str
) -> None:
    """The message of AWS names the role and the resource: it is for the log."""
    told = "User: arn:aws:sts::123456789012:assumed-role/mcp is not authorized to perform: s3:GetObject on resource: x"

    @tool
    def read() -> str:
        """Read a file."""
        raise ClientError({"Error": {"Code": code, "Message": told}}, "GetObject")

    answer = call(serve(read), "read")
    assert result(answer)["isError"] is True
    assert text(answer).startswith("The tool read lacks a permission in AWS (request ")
    assert "arn:" not in text(answer)
    assert "s3:GetObject" in caplog.text
