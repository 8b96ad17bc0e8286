"""What a model reads of a response."""

from typing import Any

import pytest

from runtime.authoring import ToolError
from runtime.authoring.content import Audio, EmbeddedResource, Image, Text
from runtime.openapi.answer import LONGEST_PROBLEM, to_result
from runtime.openapi.send import Response
from runtime.openapi.table import Operation, Parameter
from runtime.redaction import forget, hide
from runtime.validation.schemas import Schema

SCHEMA = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "tags": {"type": "array", "items": {"type": "string"}}},
}
OPERATION = Operation(
    "list", "GET", "/x", "", "List.", {"type": "object"}, parameters=(Parameter("after", "page[after]", "query"),)
)


def respond(body: bytes = b"", status: int = 200, content_type: str = "application/json", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, "OK", {"content-type": content_type, **named}, body)


def fail(*args: Any, **keywords: Any) -> str:
    with pytest.raises(ToolError) as caught:
        to_result(OPERATION, None, respond(*args, **keywords))
    return str(caught.value)


def test_an_object_is_structured_content_and_text() -> None:
    result = to_result(
        OPERATION, Schema(SCHEMA), respond(b'{ "id": 1 }', content_type="application/hal+json; charset=utf-8")
    )
    assert (result.structured, result.content) == ({"id": 1}, ['{"id":1}'])


def test_members_that_the_document_describes_otherwise_are_in_the_text_only() -> None:
    """MCP, Output Schema: structured content must match the schema. A write that succeeded must not look failed."""
    result = to_result(OPERATION, Schema(SCHEMA), respond(b'{"id": "7", "tags": ["a"], "new": 1}'))
    assert (result.structured, result.is_error) == ({"tags": ["a"], "new": 1}, False)
    assert result.content == ['{"id":"7","tags":["a"],"new":1}']


@pytest.mark.parametrize("body", [b"[1]", b'"text"', b"null"])
def test_a_value_that_is_no_object_is_text(body: bytes) -> None:
    assert to_result(OPERATION, None, respond(body)).content == [body.decode()]
    assert to_result(OPERATION, Schema(SCHEMA), respond(body)).structured == {}


def test_no_content_is_told_by_its_status() -> None:
    assert to_result(OPERATION, Schema(SCHEMA), respond(status=204)).content == ["204 OK"]
    assert to_result(OPERATION, Schema(SCHEMA), respond(status=204)).structured == {}


@pytest.mark.parametrize(
    ("content_type", "block"),
    [
        ("text/csv; charset=utf-8", Text("a")),
        ("application/xml", Text("a")),
        ("", Text("a")),
        ("image/png", Image(b"a", "image/png")),
        ("audio/wav", Audio(b"a", "audio/wav")),
        ("application/pdf", EmbeddedResource("response://list", b"a", "application/pdf")),
    ],
)
def test_another_media_type_is_content_of_its_kind(content_type: str, block: object) -> None:
    assert to_result(OPERATION, None, respond(b"a", content_type=content_type)).content == [block]


def test_what_is_not_json_although_it_says_so_is_text() -> None:
    assert to_result(OPERATION, None, respond(b"{oops")).content == ["{oops"]


def test_a_compressed_response_is_an_error() -> None:
    assert "compressed" in fail(b"x", content_encoding="gzip")


@pytest.mark.parametrize(
    ("link", "note"),
    [
        ('</x?page%5Bafter%5D=abc&key=s>; rel="next"', "Call this tool again with after=abc"),
        ("</x?page[after]=abc>; rel=next", "Call this tool again with after=abc"),
        ('</x?other=1>; title="a"; rel="prev next"', "There are more results."),
        ('</x?page%5Bafter%5D=1>; rel="prev", </x?page%5Bafter%5D=2>; rel="next"', "again with after=2"),
    ],
)
def test_a_link_to_the_next_page_is_told(link: str, note: str) -> None:
    """RFC 8288."""
    [_, told] = to_result(OPERATION, None, respond(b"[]", link=link)).content
    assert note in str(told)


@pytest.mark.parametrize("link", ["", '</x>; rel="prev"', "nonsense", '</x>; rel="nextpage"'])
def test_no_link_to_the_next_page_is_not_told(link: str) -> None:
    assert len(to_result(OPERATION, None, respond(b"[]", link=link)).content) == 1


@pytest.mark.parametrize(
    ("body", "content_type", "detail"),
    [
        (
            b'{"type": "about:blank", "title": "Bad", "detail": "No such team."}',
            "application/problem+json",
            "No such team.",
        ),
        (b'{"error": {"message": "Too long"}, "trace_id": "abc"}', "application/json", "Too long"),
        (b'{"reason": "odd"}', "application/json", "odd"),
        (b"No\x1b[31m such\r\nteam", "text/plain", "No [31m such \nteam"),
        (b"<html>stack</html>", "text/html", ""),
        (b"{oops", "application/json", ""),
    ],
)
def test_an_error_of_the_caller_tells_a_bounded_part_of_the_problem(
    body: bytes, content_type: str, detail: str
) -> None:
    told = fail(body, 422, content_type)
    assert told.startswith("The API answered 422 Unprocessable")
    assert detail in told
    assert "trace_id" not in told
    assert "stack" not in told
    assert len(fail(b'{"detail": "' + b"x" * 9000 + b'"}', 400)) < LONGEST_PROBLEM + 100


def test_an_error_of_the_server_tells_its_status_alone() -> None:
    assert fail(b'{"detail": "Traceback"}', 503) == (
        "The API answered 503 Service Unavailable. It failed; the same call may work later"
    )


def test_a_limit_tells_when_to_come_back() -> None:
    assert "429 Too Many Requests (Retry-After: 30)" in fail(b"", 429, retry_after="30")


def test_no_part_of_a_response_repeats_a_secret() -> None:
    hide("s3cret-t0ken")
    try:
        assert "s3cret" not in fail(b'{"detail": "bad key s3cret-t0ken"}', 401)
        result = to_result(OPERATION, Schema(SCHEMA), respond(b'{"seen": "s3cret-t0ken"}'))
        assert "s3cret" not in str(result)
        assert "s3cret" not in str(to_result(OPERATION, None, respond(b"a s3cret-t0ken", content_type="text/plain")))
    finally:
        forget()
