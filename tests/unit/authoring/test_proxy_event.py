"""Calls of functions that were written for API Gateway."""

import base64
import json
from typing import Any

import pytest

from runtime.authoring import Context, ToolError
from runtime.authoring.proxy_event import ProxyEvent

CONTEXT = Context(
    client_id="client-1", subject="alice", scopes=frozenset(), request_id="req-1", protocol_version="2026-07-28"
)


def test_arguments_go_into_the_path_and_the_query() -> None:
    arguments = {"order_id": "a/b", "limit": 5, "tag": ["x", "y"], "deep": True, "none": None, "empty": []}
    event = ProxyEvent("GET", "/orders/{order_id}/lines").event(arguments, CONTEXT)
    assert (event["httpMethod"], event["path"], event["resource"]) == (
        "GET",
        "/orders/a%2Fb/lines",
        "/orders/{order_id}/lines",
    )
    assert event["pathParameters"] == {"order_id": "a/b"}
    assert event["queryStringParameters"] == {"limit": "5", "tag": "y", "deep": "true"}
    assert event["multiValueQueryStringParameters"] == {"limit": ["5"], "tag": ["x", "y"], "deep": ["true"]}
    assert event["body"] is None
    assert event["requestContext"]["requestId"] == "req-1"
    assert event["requestContext"]["authorizer"] == {}


def test_arguments_of_a_method_with_a_body_are_its_members() -> None:
    event = ProxyEvent("POST", "/orders", caller=True).event({"item": "tea", "count": 2}, CONTEXT)
    assert json.loads(event["body"]) == {"item": "tea", "count": 2}
    assert event["headers"]["Content-Type"] == "application/json"
    assert (event["queryStringParameters"], event["pathParameters"]) == (None, None)
    assert event["requestContext"]["authorizer"] == {"principalId": "alice", "clientId": "client-1"}


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ({"statusCode": 200, "body": '{"id":1}'}, {"id": 1}),
        ({"statusCode": "201", "body": "made"}, "made"),
        ({"statusCode": 204}, ""),
        ({"statusCode": 200, "body": base64.b64encode(b"[1]").decode(), "isBase64Encoded": True}, [1]),
    ],
)
def test_the_body_is_the_result(answer: dict[str, Any], result: object) -> None:
    assert ProxyEvent("GET", "/").result(answer) == result


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            {"statusCode": 404, "body": '{"message":"no order 1"}'},
            'The function answered 404: {"message":"no order 1"}',
        ),
        ({"statusCode": 500, "body": "Traceback: password=hunter2"}, "The function answered 500."),
        ({"statusCode": 302, "headers": {"Location": "https://example.com"}}, "The function answered 302."),
        ({"message": "no response"}, "The function answered with something that is not a response to an HTTP request."),
        ("text", "The function answered with something that is not a response to an HTTP request."),
        (None, "The function answered with something that is not a response to an HTTP request."),
    ],
)
def test_another_status_is_an_error_and_only_a_4xx_has_the_words_of_the_function(answer: Any, message: str) -> None:
    with pytest.raises(ToolError) as error:
        ProxyEvent("GET", "/").result(answer)
    assert str(error.value) == message
