"""Tools of a document, called as a client calls them, over a real HTTP server."""

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from runtime.authoring import App, CompatibilityWarning
from runtime.authoring.tool_list import ToolList
from runtime.openapi import OpenApiError
from runtime.openapi.base_url import server_url
from runtime.openapi.table import Server
from runtime.testing import ToolFailed, client
from tests.unit.openapi.conftest import Service, answer, document

TICKET = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "title": {"type": "string"}}}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
PAGE = {"name": "page", "in": "query", "schema": {"type": "integer"}}
KEY = {"name": "X-Key", "in": "header", "required": True, "schema": {"type": "string"}}
BODY = {"required": True, "content": {"application/json": {"schema": {**TICKET, "required": ["title"]}}}}
PATHS: dict[str, Any] = {
    "/tickets": {
        "get": {
            "operationId": "list",
            "parameters": [PAGE, KEY],
            "responses": answer({"type": "array", "items": TICKET}),
        },
        "post": {"operationId": "create", "requestBody": BODY, "responses": answer(TICKET)},
    },
    "/tickets/{id}": {
        "parameters": [ID],
        "get": {"operationId": "get", "responses": answer(TICKET)},
        "put": {"operationId": "replace", "responses": answer()},
        "patch": {"operationId": "change", "responses": answer()},
        "delete": {"operationId": "delete", "responses": answer()},
    },
}
Load = Callable[..., App]


@pytest.fixture
def load(tmp_path: Path, service: Service) -> Iterator[Load]:
    """Load an app that makes tools of the document, with further options as source text."""

    def make_app(options: str = "", base: str = "", stated: dict[str, Any] | None = None) -> App:
        (tmp_path / "api.json").write_text(json.dumps(stated or document(PATHS)))
        source = "from runtime.openapi import *\nfrom runtime.authoring import ToolAnnotations\n"
        base = base or f'base_url="{service.url}/v1", private_addresses=True'
        (tmp_path / "made.py").write_text(f'{source}tools = openapi_tools("api.json", {base}, {options})\n')
        module = _import(tmp_path / "made.py")
        return App([module])

    yield make_app
    sys.modules.pop("made", None)


def _import(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("made", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_call_becomes_a_request_and_its_response_structured_content(load: Load, service: Service) -> None:
    service.body = b'{"id": 7, "title": "Disk is full", "more": null}'
    with client(load()) as c:
        result = c.call_tool("create", title="Disk is full")
    assert result.structured == {"id": 7, "title": "Disk is full", "more": None}
    method, target, headers, body = service.last
    assert (method, target, json.loads(body)) == ("POST", "/v1/tickets", {"title": "Disk is full"})
    assert headers["host"] == service.url.removeprefix("http://")
    assert headers["user-agent"].startswith("remote-mcp/")
    assert headers["accept-encoding"] == "identity"


def test_arguments_are_checked_before_anything_is_sent(load: Load, service: Service) -> None:
    with client(load()) as c, pytest.raises(ToolFailed, match="Invalid arguments"):
        c.call_tool("get", id="../admin")
    assert service.requests == []


@pytest.mark.parametrize(
    ("name", "hints"),
    [
        ("get", {"readOnlyHint": True, "idempotentHint": True, "openWorldHint": True}),
        ("create", {"readOnlyHint": False, "destructiveHint": True, "idempotentHint": False, "openWorldHint": True}),
        ("replace", {"readOnlyHint": False, "destructiveHint": True, "idempotentHint": True, "openWorldHint": True}),
        ("change", {"readOnlyHint": False, "destructiveHint": True, "idempotentHint": False, "openWorldHint": True}),
        ("delete", {"readOnlyHint": False, "destructiveHint": True, "idempotentHint": True, "openWorldHint": True}),
    ],
)
def test_hints_come_from_the_method(load: Load, name: str, hints: dict[str, bool]) -> None:
    assert load().tools[name].listing["annotations"] == hints


def test_hints_and_scopes_can_be_stated_by_operation(load: Load) -> None:
    app = load(
        'scopes={"GET *": ["read"], "delete": ["write"], "* *": ["use"]}, '
        'annotations={"create": ToolAnnotations(destructive=False)}, function="tickets"'
    )
    assert app.tools["get"].options.scopes == {"read", "use"}
    assert app.tools["delete"].options.scopes == {"write", "use"}
    assert app.tools["create"].listing["annotations"] == {"destructiveHint": False}
    assert {tool.options.function for tool in app.tools.values()} == {"tickets"}
    assert load('scopes=["read"]').tools["create"].options.scopes == {"read"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ('scopes={"GET /nothing": ["read"]}', "has no operation 'GET /nothing' among its tools"),
        ('annotations={"nothing": ToolAnnotations()}', "has no operation 'nothing' among its tools"),
        ('function="A B"', "no name for a function"),
        ('server={"region": "eu"}', "no variable 'region'"),
        ('operations=["nothing"]', "has no operation 'nothing'"),
    ],
)
def test_an_option_that_cannot_work_is_an_error_at_import(load: Load, options: str, reason: str) -> None:
    with pytest.raises(OpenApiError, match=rf"api\.json: .*{reason}"):
        load(options)


def test_a_document_that_is_not_there_is_an_error_at_import(tmp_path: Path) -> None:
    (tmp_path / "made.py").write_text('from runtime.openapi import *\ntools = openapi_tools("no.yaml")\n')
    with pytest.raises(OpenApiError, match=r"no\.yaml: there is no file no\.yaml beside the module"):
        _import(tmp_path / "made.py")


def test_a_key_is_a_secret_of_the_app_and_no_argument(load: Load, service: Service) -> None:
    app = load('auth=header_key("X-Key", secret="TICKETS_KEY")')
    assert list(app.tools["list"].input_schema["properties"]) == ["page"]
    with client(app, secrets={"TICKETS_KEY": "s3cret-key"}) as c:
        c.call_tool("list", page=2)
    assert service.last[1] == "/v1/tickets?page=2"
    assert service.last[2]["x-key"] == "s3cret-key"


def test_a_secret_that_is_missing_is_an_error_before_anything_is_sent(load: Load, service: Service) -> None:
    with client(load('auth=bearer("TICKETS_KEY")')) as c, pytest.raises(ToolFailed, match="TICKETS_KEY has no value"):
        c.call_tool("get", id=1)
    assert service.requests == []


def test_the_base_url_may_come_from_the_environment(load: Load, service: Service) -> None:
    app = load(base='base_url="${TICKETS_URL}/v2", private_addresses=True')
    with client(app, environment={"TICKETS_URL": service.url}) as c:
        c.call_tool("get", id=1)
    assert service.last[1] == "/v2/tickets/1"
    with client(app) as c, pytest.raises(ToolFailed, match="TICKETS_URL is not set"):
        c.call_tool("get", id=1)
    with client(app, environment={"TICKETS_URL": "ftp://x"}) as c, pytest.raises(ToolFailed, match="cannot be used"):
        c.call_tool("get", id=1)


@pytest.mark.parametrize(
    ("values", "url"),
    [
        ({}, "https://eu.example.com/v1"),
        ({"region": "us"}, "https://us.example.com/v1"),
        ({"version": "v2"}, "https://eu.example.com/v2"),
    ],
)
def test_the_base_url_is_that_of_the_document_with_its_variables(values: dict[str, str], url: str) -> None:
    server = Server(
        "https://{region}.example.com/{version}", {"region": "eu", "version": "v1"}, {"region": ("eu", "us")}
    )
    assert server_url(server, values) == url


@pytest.mark.parametrize(
    ("servers", "options", "reason"),
    [
        ([{"url": "/v1"}], "", "no server with an absolute URL"),
        ([], "", "names no server"),
        ([{"url": "http://api.example.com"}], "", "must be https"),
        ([{"url": "https://user@api.example.com"}], "", "must be https"),
        ([{"url": "https://api.example.com/v1?x=y"}], "", "must be https"),
        ([{"url": "https://api.example.com/../x"}], "", "must be https"),
        (
            [{"url": "https://{r}.example.com", "variables": {"r": {"default": "eu", "enum": ["eu"]}}}],
            'server={"r": "us"}',
            "r of its server must be one of eu",
        ),
    ],
)
def test_a_base_url_that_cannot_be_used_is_an_error_at_import(
    load: Load, servers: list[Any], options: str, reason: str
) -> None:
    with pytest.raises(OpenApiError, match=reason):
        load(options, base="timeout=1", stated=document(PATHS, servers=servers))


def test_what_is_no_tool_is_warned_of(load: Load) -> None:
    upload = {"content": {"multipart/form-data": {"schema": {"type": "object"}}}}
    paths = {**PATHS, "/files": {"post": {"requestBody": upload, "responses": answer()}}}
    with pytest.warns(CompatibilityWarning, match="POST /files is no tool: its body is multipart"):
        app = load(stated=document(paths))
    assert isinstance(app.modules[0].tools, ToolList)


def test_an_error_of_the_api_is_an_error_of_the_tool(load: Load, service: Service) -> None:
    service.status, service.body = 404, b'{"detail": "There is no such ticket."}'
    with client(load()) as c, pytest.raises(ToolFailed, match=r"The API answered 404 Not Found: .*no such ticket"):
        c.call_tool("get", id=1)


def test_the_next_page_is_told_in_terms_of_arguments(load: Load, service: Service) -> None:
    service.body = b"[]"
    service.headers["Link"] = (
        '<https://api.example.com/tickets?page=3&key=x>; rel="next", </tickets?page=9>; rel="last"'
    )
    with client(load('auth=header_key("X-Key", secret=lambda: "k")')) as c:
        result = c.call_tool("list", page=2)
    assert [block["text"] for block in result.content] == [
        "[]",
        "There are more results. Call this tool again with page=3",
    ]
