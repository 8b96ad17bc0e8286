"""``schemas/openapi.yaml`` describes what is there, and nothing else. That answers are as it says, tests/e2e checks."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from jsonschema import Draft202012Validator

import runtime.login.errors as login_errors
import runtime.login.provider.identity
import runtime.mcp.errors as mcp_errors
import runtime.mcp.methods as mcp_methods
import runtime.oauth.errors as oauth_errors
from components.gateway_responses import RESPONSES
from runtime.http.errors import Problem, ServerError
from runtime.login.errors import LoginFailed, ReturnedError
from runtime.mcp.errors import JsonRpcError
from runtime.oauth.errors import OAuthError
from runtime.routes import ROUTES, Route

SCHEMAS = Path(__file__).resolve().parents[3] / "schemas"
DOCUMENT: dict[str, Any] = yaml.load((SCHEMAS / "openapi.yaml").read_text(), yaml.CSafeLoader)
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
OPERATIONS = {
    (method.upper(), path): operation
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS
}
BY_ROUTE = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
PAGES = {route.path for route in ROUTES if route.page}
EVERYWHERE = {"400", "403", "413", "429", "5XX"}


def resolve(node: Any) -> Any:
    """The node, or what it refers to in the document itself."""
    while isinstance(node, dict) and str(node.get("$ref", "")).startswith("#/"):
        reference, node = node["$ref"], DOCUMENT
        for name in reference.removeprefix("#/").split("/"):
            node = node[name]
    return node


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a tree, without following references."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(child)


def concrete(kind: type[Problem]) -> Iterator[type[Problem]]:
    """The classes below one that carry a code of their own."""
    for child in kind.__subclasses__():
        if child.__module__.startswith("runtime."):
            if hasattr(child, "rpc_code") if issubclass(child, JsonRpcError) else hasattr(child, "code"):
                yield child
            yield from concrete(child)


def errors(operation: dict[str, Any]) -> set[tuple[str, str]]:
    """The status and the ``error`` of every OAuth-shaped refusal of an operation, as JSON or in ``x-errors``."""
    found = set()
    for status, response in operation["responses"].items():
        found |= {(status, code) for code in response.get("x-errors", ())}
        for node in walk(resolve(response).get("content", {})):
            said = resolve(node).get("properties", {}).get("error", {})
            found |= {(status, code) for code in said.get("enum", [said["const"]] if "const" in said else [])}
    return found


def documented_errors(operations: Iterator[dict[str, Any]]) -> set[tuple[str, str]]:
    return {pair for operation in operations for pair in errors(operation)}


def status_key(status: int) -> str:
    return "5XX" if status >= 500 else str(status)


def test_every_route_is_described_and_nothing_else_is() -> None:
    described = {place for place in OPERATIONS if place[0] != "OPTIONS"}
    assert described == {(route.method, route.path) for route in ROUTES}


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES} - PAGES))
def test_every_path_but_those_of_pages_says_what_a_preflight_gets(path: str) -> None:
    assert OPERATIONS["OPTIONS", path]["security"] == []
    assert "204" in OPERATIONS["OPTIONS", path]["responses"]


@pytest.mark.parametrize("path", sorted(PAGES))
def test_the_paths_of_pages_have_no_preflight_and_admit_no_other_site(path: str) -> None:
    item = DOCUMENT["paths"][path]
    assert ("OPTIONS", path) not in OPERATIONS
    for node in walk(
        [resolve(response) for name in METHODS & item.keys() for response in item[name]["responses"].values()]
    ):
        assert "Access-Control-Allow-Origin" not in node


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES}))
def test_every_path_says_what_another_method_gets(path: str) -> None:
    item = DOCUMENT["paths"][path]
    assert errors({"responses": {"405": item["x-other-methods"]}}) == {("405", "method_not_allowed")}
    assert "Allow" in resolve(item["x-other-methods"])["headers"]


@BY_ROUTE
def test_protected_routes_and_only_these_need_an_access_token(route: Route) -> None:
    stated = OPERATIONS[route.method, route.path]["security"]
    assert (stated == [{"accessToken": []}]) == route.protected
    assert all(name in DOCUMENT["components"]["securitySchemes"] for way in stated for name in way)
    assert ("401" in OPERATIONS[route.method, route.path]["responses"]) == bool(stated)


@BY_ROUTE
def test_what_a_request_carries_is_what_the_runtime_validates(route: Route) -> None:
    operation = OPERATIONS[route.method, route.path]
    references = [node.get("$ref") for node in walk(operation.get("requestBody", {})) if "$ref" in node]
    if route.schema == "mcp":
        assert set(references) == {"#/components/schemas/Message"}
    elif route.schema and route.method == "GET":
        schema = json.loads((SCHEMAS / f"{route.schema}.json").read_text())
        referring = {each["name"]: each["schema"] for each in operation["parameters"] if "$ref" in each["schema"]}
        assert referring == {name: {"$ref": f"{route.schema}.json#/properties/{name}"} for name in schema["properties"]}
    else:
        assert references == ([f"{route.schema}.json"] if route.schema else [])


def test_every_method_of_the_protocol_is_described_by_its_schema() -> None:
    message = DOCUMENT["components"]["schemas"]["Message"]
    described = {
        (way["properties"]["method"]["const"], way["properties"]["params"]["$ref"])
        for way in message["anyOf"]
        if "params" in way.get("properties", {})
    }
    assert described == {
        (name, f"mcp/{era}/{name}.json") for name, method in mcp_methods.METHODS.items() for era in method.eras
    }


def test_every_reference_leads_somewhere_and_every_component_is_used() -> None:
    references = {node["$ref"] for node in walk(DOCUMENT) if "$ref" in node}
    for reference in references:
        file = SCHEMAS / reference.partition("#")[0]
        assert resolve({"$ref": reference}) if reference.startswith("#/") else file.is_file()
    for kind in ("parameters", "headers", "responses", "schemas"):
        for name in DOCUMENT["components"][kind]:
            assert f"#/components/{kind}/{name}" in references


def test_every_schema_in_the_document_is_one() -> None:
    for node in walk(DOCUMENT):
        if "schema" in node:
            Draft202012Validator.check_schema(node["schema"])
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@BY_ROUTE
def test_what_the_gateway_answers_on_every_path_is_described(route: Route) -> None:
    """components/gateway_responses.py; 404 is for other paths, 401 for those that take an access token."""
    operation = OPERATIONS[route.method, route.path]
    assert set(operation["responses"]) >= EVERYWHERE
    for response in RESPONSES:
        if response.status is None or status_key(response.status) not in EVERYWHERE:
            continue
        assert (status_key(response.status), response.error) in errors(operation), response.response_type
    if route.protected:
        assert ("401", "invalid_token") in errors(operation)


def test_every_refusal_of_the_authorization_server_is_described_with_its_status() -> None:
    here = documented_errors(operation for place, operation in OPERATIONS.items() if place[1] != "/mcp")
    for error in concrete(OAuthError):
        assert error.__module__ in {oauth_errors.__name__, login_errors.__name__}
        # RFC 6749 4.1.2.1: those of the authorization endpoint go back to the client in a redirect.
        assert {(status_key(error.status), error.code), ("302", error.code)} & here, error


def test_every_refusal_of_http_itself_is_described_with_its_status() -> None:
    items = ({"responses": {"405": item["x-other-methods"]}} for item in DOCUMENT["paths"].values())
    here = documented_errors(iter(OPERATIONS.values())) | documented_errors(items)
    for error in concrete(Problem):
        if error.__module__.startswith("runtime.login.") or issubclass(error, OAuthError | JsonRpcError):
            continue
        assert (status_key(error.status), error.code) in here, error


def test_every_refusal_of_the_login_is_a_page_of_its_status_or_sends_the_browser_back() -> None:
    pages = {
        status
        for (_method, path), operation in OPERATIONS.items()
        if path in PAGES
        for status, response in operation["responses"].items()
        if "text/html" in resolve(response).get("content", {})
    }
    refusals = {error for error in concrete(Problem) if error.__module__.startswith("runtime.login.")}
    assert {ReturnedError, runtime.login.provider.identity.ProviderUnavailable} <= refusals
    # The one goes back to the client, the other has the status of what it tells of.
    for error in refusals - {ReturnedError, LoginFailed}:
        assert issubclass(error, OAuthError) or status_key(error.status) in pages, error


def test_every_refusal_of_the_protocol_is_described_with_its_status_and_number() -> None:
    codes = set()
    for error in cast("Iterator[type[JsonRpcError]]", concrete(JsonRpcError)):
        assert error.__module__ == mcp_errors.__name__
        statuses = {status_key(error.status), status_key(error.modern_status)}
        assert statuses <= set(OPERATIONS["POST", "/mcp"]["responses"]), error
        codes.add(error.rpc_code)
    described = DOCUMENT["components"]["schemas"]["JsonRpcError"]["properties"]["error"]["properties"]["code"]["enum"]
    assert set(described) == codes


def test_no_refusal_is_described_that_nothing_gives() -> None:
    classes: list[type[Problem]] = [ServerError, *(error for error in concrete(Problem) if error is not LoginFailed)]
    given = {(status_key(error.status), error.code) for error in classes}
    # RFC 6749 4.1.2.1: whatever it is, the browser is sent back with it.
    given |= {("302", error.code) for error in classes}
    given |= {(status_key(response.status), response.error) for response in RESPONSES if response.status}
    # DEFAULT_4XX, for what none of the other gateway responses is for.
    given |= {("400", "invalid_request")}
    assert documented_errors(iter(OPERATIONS.values())) <= given
