"""How arguments become a request: parameters, bodies, and what they must not be able to do."""

import json
from typing import Any

import pytest

from openapi.document import DocumentError
from runtime.authoring import ToolError
from runtime.openapi.base_url import BaseUrl
from runtime.openapi.request import Request, build_request
from runtime.openapi.table import Operation
from tests.unit.openapi.conftest import MakeOperation

BASE = BaseUrl.parse("https://api.example.com/v1/")
STRING = {"type": "string"}
COLOR = {"R": 100, "G": 200}
LIST = ["blue", "black"]


def parameter(place: str, name: str = "color", **members: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": {}, **members}


def body(schema: Any, media_type: str = "application/json", *, required: bool = True, **members: Any) -> dict[str, Any]:
    return {"requestBody": {"required": required, "content": {media_type: {"schema": schema, **members}}}}


def build(operation: Operation, **arguments: Any) -> Request:
    return build_request(operation, BASE, arguments)


@pytest.mark.parametrize(
    ("style", "explode", "value", "target"),
    [
        # OpenAPI 3.1.1, Style Examples.
        ("simple", False, "blue", "blue"),
        ("simple", False, LIST, "blue,black"),
        ("simple", False, COLOR, "R,100,G,200"),
        ("simple", True, COLOR, "R=100,G=200"),
        ("label", False, "blue", ".blue"),
        ("label", False, LIST, ".blue,black"),
        ("label", True, LIST, ".blue.black"),
        ("label", True, COLOR, ".R=100.G=200"),
        ("matrix", False, "blue", ";color=blue"),
        ("matrix", False, LIST, ";color=blue,black"),
        ("matrix", True, LIST, ";color=blue;color=black"),
        ("matrix", True, COLOR, ";R=100;G=200"),
        ("simple", False, "a/b?c#d%2F é", "a%2Fb%3Fc%23d%252F%20%C3%A9"),
        ("simple", False, True, "true"),
        ("simple", False, 1.5, "1.5"),
    ],
)
def test_path_parameters_have_the_styles_of_the_specification(
    operation_of: MakeOperation, style: str, explode: bool, value: Any, target: str
) -> None:
    operation = operation_of("/things/{color}/x", parameters=[parameter("path", style=style, explode=explode)])
    assert build(operation, color=value).target == f"/v1/things/{target}/x"


@pytest.mark.parametrize(
    ("members", "value", "query"),
    [
        ({}, "blue", "color=blue"),
        ({}, LIST, "color=blue&color=black"),
        ({"explode": False}, LIST, "color=blue,black"),
        ({}, COLOR, "R=100&G=200"),
        ({"explode": False}, COLOR, "color=R,100,G,200"),
        ({"style": "spaceDelimited", "explode": False}, LIST, "color=blue%20black"),
        ({"style": "pipeDelimited", "explode": False}, LIST, "color=blue%7Cblack"),
        ({"style": "deepObject", "explode": True}, COLOR, "color%5BR%5D=100&color%5BG%5D=200"),
        ({"style": "deepObject"}, {"a": {"b": [1]}}, "color%5Ba%5D%5Bb%5D%5B0%5D=1"),
        ({"allowReserved": True}, "a&b=c#d+e", "color=a%26b%3Dc%23d%2Be"),
        ({}, [], ""),
        ({}, None, ""),
        ({}, {"a": {"b": 1}}, "a=%7B%22b%22%3A1%7D"),
    ],
)
def test_query_parameters_have_the_styles_of_the_specification(
    operation_of: MakeOperation, members: dict[str, Any], value: Any, query: str
) -> None:
    operation = operation_of(parameters=[parameter("query", **members)])
    assert build(operation, color=value).target == "/v1/things" + (f"?{query}" if query else "")


def test_a_parameter_with_content_is_json_text(operation_of: MakeOperation) -> None:
    stated = {"name": "f", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}}
    assert build(operation_of(parameters=[stated]), f={"a": 1}).target == "/v1/things?f=%7B%22a%22%3A1%7D"


@pytest.mark.parametrize("value", ["..", ".", "", "a/../b", "..\\x", "x/..", "a\x00b", "a\nb", ["..", "a"], []])
def test_a_path_parameter_cannot_leave_its_segment(operation_of: MakeOperation, value: Any) -> None:
    operation = operation_of("/things/{color}", parameters=[parameter("path")])
    with pytest.raises(ToolError, match="color must"):
        build(operation, color=value)


@pytest.mark.parametrize("value", ["a\r\nX-Admin: 1", "a\nb", "a\x00", "é", " a", "a ", ["a", "b\r\n"]])
def test_a_header_parameter_cannot_add_a_header(operation_of: MakeOperation, value: Any) -> None:
    operation = operation_of(parameters=[parameter("header", "X-Color")])
    assert build(operation, **{"X-Color": ["a", "b c"]}).headers["x-color"] == "a,b c"
    with pytest.raises(ToolError, match="X-Color must be printable ASCII"):
        build(operation, **{"X-Color": value})


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "Connection", "Cookie", "X Y", "a:b"])
def test_a_header_that_is_of_the_connection_is_no_argument(operation_of: MakeOperation, name: str) -> None:
    assert operation_of(parameters=[parameter("header", name)]).parameters == ()
    with pytest.raises(DocumentError, match="which no tool can send"):
        operation_of(parameters=[parameter("header", name, required=True)])


def test_a_cookie_is_no_argument(operation_of: MakeOperation) -> None:
    assert operation_of(parameters=[parameter("cookie")]).parameters == ()
    with pytest.raises(DocumentError, match="cookie parameter 'color'"):
        operation_of(parameters=[parameter("cookie", required=True)])


def test_headers_that_openapi_describes_elsewhere_are_ignored(operation_of: MakeOperation) -> None:
    names = ("Accept", "Content-Type", "Authorization")
    assert operation_of(parameters=[parameter("header", name, required=True) for name in names]).parameters == ()


@pytest.mark.parametrize("path", ["/a?b=c", "/a#b", "/a b", "/<x>", "/{missing}"])
def test_a_path_that_no_request_can_have_is_an_error(operation_of: MakeOperation, path: str) -> None:
    with pytest.raises(DocumentError, match="path"):
        operation_of(path)


def test_the_members_of_a_body_are_arguments(operation_of: MakeOperation) -> None:
    schema = {
        "type": "object",
        "required": ["title"],
        "properties": {"title": STRING, "due": {"type": ["string", "null"]}},
    }
    operation = operation_of(**body(schema))
    assert operation.input_schema["required"] == ["title"]
    request = build(operation, title="x", due=None)
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body) == {"title": "x", "due": None}


def test_equal_names_are_told_apart_by_their_place(operation_of: MakeOperation) -> None:
    schema = {"type": "object", "properties": {"id": STRING, "query_id": STRING}}
    places = [
        parameter("path", "id"),
        parameter("query", "id"),
        parameter("header", "id"),
        parameter("query", "$filter"),
    ]
    operation = operation_of("/things/{id}", parameters=places, **body(schema))
    assert list(operation.input_schema["properties"]) == [
        "id",
        "query_id",
        "filter",
        "header_id",
        "body_id",
        "body_query_id",
    ]
    arguments = {"id": "p", "query_id": "q", "filter": "f", "header_id": "h", "body_id": "b", "body_query_id": "c"}
    request = build(operation, **arguments)
    assert request.target == "/v1/things/p?id=q&%24filter=f"
    assert request.headers["id"] == "h"
    assert json.loads(request.body) == {"id": "b", "query_id": "c"}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": STRING},
        {"type": "object", "additionalProperties": True, "properties": {"a": STRING}},
        {"oneOf": [{"type": "object", "properties": {"a": STRING}}, {"type": "object", "properties": {"b": STRING}}]},
        {"type": ["object", "null"], "properties": {"a": STRING}},
        STRING,
    ],
)
def test_a_body_of_another_kind_is_one_argument(operation_of: MakeOperation, schema: Any) -> None:
    operation = operation_of(**body(schema))
    assert list(operation.input_schema["properties"]) == ["body"]
    assert build(operation, body=["a"]).body == b'["a"]'


def test_a_body_that_may_be_absent_but_not_empty_is_one_argument(operation_of: MakeOperation) -> None:
    schema = {"type": "object", "required": ["a"], "properties": {"a": STRING}}
    operation = operation_of(**body(schema, required=False))
    assert operation.input_schema.get("required") is None
    request = build(operation)
    assert request.body == b""
    assert "content-type" not in request.headers


def test_a_body_is_required_if_its_members_are_and_the_document_does_not_say_otherwise(
    operation_of: MakeOperation,
) -> None:
    stated = {
        "content": {"application/json": {"schema": {"type": "object", "required": ["a"], "properties": {"a": STRING}}}}
    }
    assert operation_of(requestBody=stated).input_schema["required"] == ["a"]


def test_a_form_is_sent_as_the_document_says(operation_of: MakeOperation) -> None:
    schema = {"type": "object", "properties": {name: {} for name in ("To", "Tags", "Meta", "Deep", "Empty")}}
    encoding = {"Deep": {"style": "deepObject", "explode": True}}
    operation = operation_of(**body(schema, "application/x-www-form-urlencoded", encoding=encoding))
    request = build(operation, To="+1 & co", Tags=["a", "b"], Meta={"a": 1}, Deep={"a": {"b": 2}}, Empty=None)
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.body == b"To=%2B1%20%26%20co&Tags=a&Tags=b&Meta=%7B%22a%22%3A1%7D&Deep%5Ba%5D%5Bb%5D=2"


def test_json_is_preferred_to_a_form(operation_of: MakeOperation) -> None:
    content = {
        name: {"schema": {"type": "object"}} for name in ("application/x-www-form-urlencoded", "application/x+json")
    }
    operation = operation_of(requestBody={"required": True, "content": content})
    assert operation.body is not None
    assert operation.body.media_type == "application/x+json"


def test_an_operation_has_its_own_parameters_in_place_of_those_of_its_path(operation_of: MakeOperation) -> None:
    operation = operation_of(parameters=[parameter("query", "a"), parameter("query", "a", description="B.")])
    assert [one.name for one in operation.parameters] == ["a"]
    assert operation.input_schema["properties"]["a"]["description"] == "B."
