"""What tells an answer that the OpenAPI document describes from one that it does not."""

import json
from typing import Any

import pytest
import requests
import urllib3
from schemathesis.core.failures import Failure, FailureGroup

from tests.fuzz.document import check, route_of

CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "WWW-Authenticate"}
JSON = {**CORS, "Content-Type": "application/json"}
REFUSAL = {"error": "invalid_request", "error_description": "no"}
TOKEN = {"access_token": "a", "token_type": "Bearer", "expires_in": 1, "scope": "mcp"}
PRIVATE = {**JSON, "Cache-Control": "no-store", "Pragma": "no-cache"}


def answer(method: str, path: str, status: int, headers: dict[str, str], body: Any) -> requests.Response:
    """An answer as an HTTP client gives it."""
    made = requests.Response()
    made.raw = urllib3.HTTPResponse(headers=headers, status=status)
    made.status_code, made._content = status, b"" if body is None else json.dumps(body).encode()
    made.headers.update(headers)
    made.request = requests.Request(method, f"http://localhost{path}").prepare()
    return made


@pytest.mark.parametrize(
    ("method", "path", "status", "headers", "body"),
    [
        ("POST", "/token", 200, PRIVATE, TOKEN),
        ("POST", "/token", 400, JSON, REFUSAL),
        ("GET", "/clients/x?y=z", 401, PRIVATE, {**REFUSAL, "error": "invalid_token"}),
        ("PATCH", "/token", 405, {**JSON, "Allow": "POST"}, {**REFUSAL, "error": "method_not_allowed"}),
        ("HEAD", "/.well-known/jwks.json", 200, JSON, None),
        ("GET", "/nowhere", 404, JSON, {**REFUSAL, "error": "not_found"}),
    ],
)
def test_an_answer_that_is_described_passes(
    method: str, path: str, status: int, headers: dict[str, str], body: Any
) -> None:
    check(method, path, answer(method, path, status, headers, body))


@pytest.mark.parametrize(
    ("method", "path", "status", "headers", "body"),
    [
        ("POST", "/token", 418, JSON, REFUSAL),
        ("POST", "/token", 500, JSON, {**REFUSAL, "error": "server_error", "request_id": "1"}),
        ("POST", "/token", 200, JSON, TOKEN),
        ("POST", "/token", 200, PRIVATE, {**TOKEN, "id_token": "i"}),
        ("POST", "/token", 200, {**PRIVATE, "Content-Type": "text/html"}, TOKEN),
        ("POST", "/token", 400, JSON, {**REFUSAL, "error": "invalid_redirect_uri"}),
        ("PATCH", "/token", 404, JSON, {**REFUSAL, "error": "not_found"}),
        ("PATCH", "/token", 405, JSON, {**REFUSAL, "error": "method_not_allowed"}),
        ("HEAD", "/.well-known/jwks.json", 200, JSON, {"keys": []}),
        ("GET", "/nowhere", 500, JSON, {**REFUSAL, "error": "server_error"}),
    ],
)
def test_an_answer_that_is_not_described_does_not(
    method: str, path: str, status: int, headers: dict[str, str], body: Any
) -> None:
    with pytest.raises((AssertionError, Failure, FailureGroup, KeyError)):
        check(method, path, answer(method, path, status, headers, body))


def test_a_path_is_told_from_one_that_only_begins_like_it() -> None:
    assert route_of("/clients/abc?x=/mcp") == "/clients/{clientId}"
    assert route_of("/clients/abc/def") is None
    assert route_of("/.well-known/oauth-protected-resource/mcp") == "/.well-known/oauth-protected-resource/mcp"
