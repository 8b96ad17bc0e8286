"""Dispatch: routing, turning errors into responses, and logging requests."""

import json
import logging
from typing import Any

import pytest

from runtime.http import telemetry
from runtime.http.dispatch import dispatch
from runtime.http.endpoint import Endpoint
from runtime.http.errors import NotFound
from runtime.http.event import Request, Response
from runtime.mcp.errors import InternalError
from tests.unit.conftest import LambdaContext, Send, event, sender

TOKEN = "secret-token-value"


def fail(_request: Request, _value: Any) -> Response:
    raise RuntimeError(TOKEN)


def test_an_unforeseen_failure_is_a_500_that_tells_nothing_but_the_request_id(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        answer = sender({("GET", "/authorize"): Endpoint(fail)})("GET", "/authorize")
    assert answer["statusCode"] == 500
    assert answer["json"] == {
        "error": "server_error",
        "error_description": "unexpected failure",
        "request_id": "request-1",
    }
    assert "RuntimeError" in caplog.text


def test_an_unforeseen_failure_of_the_mcp_endpoint_is_a_json_rpc_error() -> None:
    endpoint = Endpoint(fail, failure=InternalError)
    answer = sender({("POST", "/mcp"): endpoint})("POST", "/mcp")
    assert answer["statusCode"] == 500
    assert answer["json"]["error"]["code"] == -32603
    assert answer["json"]["error"]["data"] == {"requestId": "request-1"}


def test_a_wrong_method_is_405_and_an_unknown_path_404(send: Send) -> None:
    answer = send("PATCH", "/clients/{clientId}")
    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "GET, PUT, DELETE")
    assert send("GET", "/nowhere")["statusCode"] == 404


def test_head_is_get_without_content(send: Send) -> None:
    """RFC 9110 9.3.2."""
    path = "/.well-known/oauth-authorization-server"
    get, head = send("GET", path), send("HEAD", path)
    assert (head["statusCode"], head["body"]) == (200, "")
    assert head["headers"] == get["headers"]


def test_every_response_can_be_read_by_a_page(send: Send) -> None:
    for answer in (send("POST", "/token"), send("GET", "/.well-known/jwks.json"), send("GET", "/nowhere")):
        assert answer["headers"]["Access-Control-Allow-Origin"] == "*"


def test_but_a_page_for_users_by_no_other_page(send: Send) -> None:
    for method, path in (("GET", "/authorize"), ("POST", "/consent"), ("PATCH", "/account")):
        assert "Access-Control-Allow-Origin" not in send(method, path)["headers"]


def test_an_endpoint_decides_how_its_refusals_look() -> None:
    def refuse(_request: Request, _value: Any) -> Response:
        raise NotFound("gone")

    endpoint = Endpoint(refuse, refusal=lambda problem: Response(problem.status, body=problem.reason))
    answer = sender({("GET", "/callback"): endpoint})("GET", "/callback")
    assert (answer["statusCode"], answer["body"]) == (404, "gone")


def test_cookies_are_read_and_each_is_set_by_a_header_of_its_own() -> None:
    """RFC 6265 3 and 4.2, RFC 9113 8.2.3."""
    seen: list[Request] = []

    def keep(request: Request, _value: Any) -> Response:
        seen.append(request)
        return Response(204, cookies=("a=1; Path=/", "b=2; Path=/"))

    sent = event("GET", "/callback")
    sent["multiValueHeaders"] = {"Cookie": ["a=1; b=x=y", "a=2; ; alone; c="]}
    answer = dispatch(sent, {("GET", "/callback"): Endpoint(keep)}, LambdaContext())
    assert seen[0].cookies == {"a": ["1", "2"], "b": ["x=y"], "c": [""]}
    assert answer["multiValueHeaders"] == {"Set-Cookie": ["a=1; Path=/", "b=2; Path=/"]}


def test_a_request_is_one_json_line_without_token_secret_or_body(
    send: Send, capsys: pytest.CaptureFixture[str]
) -> None:
    handlers = logging.root.handlers[:]
    try:
        telemetry.configure("DEBUG")
        client = send("POST", "/dcr", json={"client_name": "body-content", "grant_types": ["client_credentials"]})[
            "json"
        ]
        form = {"grant_type": "client_credentials", "client_id": client["client_id"]}
        token = send("POST", "/token", form={**form, "client_secret": client["client_secret"]})["json"]
    finally:
        logging.root.handlers[:] = handlers
        logging.getLogger("runtime").setLevel(logging.NOTSET)
    printed = capsys.readouterr().out
    lines = [line for line in map(json.loads, printed.splitlines()) if line["message"] == "request"]
    assert [(line["route"], line["status"], line["outcome"]) for line in lines] == [
        ("POST /dcr", 201, "ok"),
        ("POST /token", 200, "ok"),
    ]
    assert {line["client_id"] for line in lines} == {client["client_id"]}
    assert {line["request_id"] for line in lines} == {"request-1"}
    for secret in (client["client_secret"], client["registration_access_token"], token["access_token"], "body-content"):
        assert secret not in printed


def test_repeated_headers_are_joined_and_a_false_base64_body_is_refused() -> None:
    seen: list[Request] = []

    def keep(request: Request, _value: Any) -> Response:
        seen.append(request)
        return Response(204)

    sent = event("GET", "/authorize")
    sent["multiValueHeaders"] = {"Accept": ["a", "b"], "accept": ["c"]}
    dispatch(sent, {("GET", "/authorize"): Endpoint(keep)}, LambdaContext())
    assert seen[0].headers["accept"] == "a, b, c"
    sent |= {"isBase64Encoded": True, "body": "?"}
    assert dispatch(sent, {("GET", "/authorize"): Endpoint(keep)}, LambdaContext())["statusCode"] == 400
