"""Calls of Lambda functions, over HTTP to a server that answers as Lambda's API does."""

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from runtime.authoring.function_calls import REASONS, CallFailed, FunctionCall
from runtime.handlers.function_calls import _caller, call_function
from runtime.records.invocation import InvocationFailed
from runtime.storage.lambda_calls import LARGEST_PAYLOAD, LambdaCaller

Calling = Callable[..., LambdaCaller]
RAISED = {"errorType": "DbError", "errorMessage": "password=hunter2", "stackTrace": ["line 1"]}


@dataclass
class Lambda:
    """What Lambda answers: a status, headers and a body, or nothing. ``requests`` are the paths, headers and bodies."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    silent: bool = False
    broken: bool = False
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    connections: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def fail(self, status: int, code: str) -> None:
        """Answer with an error of the API."""
        self.status, self.headers = status, {"x-amzn-ErrorType": code}
        self.body = json.dumps({"Type": "User", "message": "said by AWS"}).encode()

    def function_fails(self, failure: object) -> None:
        """Answer with a failure of the function."""
        self.headers, self.body = {"X-Amz-Function-Error": "Unhandled"}, json.dumps(failure).encode()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lambda]:
    """Serve Lambda's API, where every client finds it."""
    state = Lambda()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            state.connections += 1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.requests.append((self.path, dict(self.headers), body))
            if state.silent:
                state.closing.wait(30)
            if state.broken or state.silent:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(state.status)
            for name, value in {"x-amzn-RequestId": "inv-1", **state.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(state.body)))
            self.end_headers()
            self.wfile.write(state.body)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield state
    state.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def calling(aws: Lambda) -> Iterator[Calling]:
    """Return what makes a caller. Its connections are closed at the end."""
    callers: list[LambdaCaller] = []

    def call(seconds: float = 5, region: str | None = None) -> LambdaCaller:
        callers.append(LambdaCaller(seconds, region))
        return callers[-1]

    yield call
    for caller in callers:
        caller._client.close()


def failure_of(caller: LambdaCaller, payload: bytes = b"{}") -> InvocationFailed:
    with pytest.raises(InvocationFailed) as failure:
        caller.invoke("billing", payload)
    return failure.value


def test_a_function_is_called_synchronously_with_its_payload_and_answers(aws: Lambda, calling: Calling) -> None:
    aws.body = b'{"total":1}'
    context = base64.b64encode(b'{"custom":{}}').decode()
    assert calling(5).invoke("billing:live", b'{"order":1}', context) == b'{"total":1}'
    [(path, headers, body)] = aws.requests
    assert (path, body) == ("/2015-03-31/functions/billing%3Alive/invocations", b'{"order":1}')
    assert headers["X-Amz-Client-Context"] == context
    assert headers.get("X-Amz-Invocation-Type", "RequestResponse") == "RequestResponse"


def test_a_function_is_called_in_the_region_of_its_arn(aws: Lambda, calling: Calling) -> None:
    calling(5, "us-east-1").invoke("arn:aws:lambda:us-east-1:210987654321:function:rates", b"{}")
    assert "/us-east-1/lambda/aws4_request" in aws.requests[0][1]["Authorization"]


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (403, "AccessDeniedException", "refused"),
        (404, "ResourceNotFoundException", "missing"),
        (413, "RequestTooLargeException", "arguments too large"),
        (429, "TooManyRequestsException", "busy"),
        (500, "ServiceException", "unavailable"),
        (502, "EC2ThrottledException", "busy"),
        (502, "KMSAccessDeniedException", "unavailable"),
    ],
)
def test_an_error_of_the_api_is_told_by_its_reason_and_never_tried_again(
    status: int, code: str, reason: str, aws: Lambda, calling: Calling
) -> None:
    """Even where the function has not run, the next attempt is the client's to decide."""
    aws.fail(status, code)
    failure = failure_of(calling(5))
    assert (failure.reason, failure.error_type, failure.error_message) == (reason, "", "")
    assert len(aws.requests) == 1


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (RAISED, "crashed"),
        ({"errorType": "MemoryError", "errorMessage": ""}, "out of memory"),
        ({"errorType": "Runtime.OutOfMemory", "errorMessage": "x"}, "out of memory"),
        ({"errorType": "Runtime.ExitError", "errorMessage": "RequestId: 1 Error: signal: killed"}, "out of memory"),
        ({"errorType": "Runtime.ExitError", "errorMessage": "exit status 1"}, "crashed"),
        ({"errorType": "Sandbox.Timedout", "errorMessage": "x"}, "timed out"),
        ({"errorMessage": "2026-11-28T01:00:00Z req Task timed out after 3.00 seconds"}, "timed out"),
        ({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": "x"}, "result too large"),
        ("nothing", "crashed"),
    ],
)
def test_a_failure_of_the_function_is_told_by_its_reason(
    failure: object, reason: str, aws: Lambda, calling: Calling
) -> None:
    aws.function_fails(failure)
    found = failure_of(calling(5))
    assert (found.reason, found.request_id) == (reason, "inv-1")
    assert len(aws.requests) == 1


def test_what_an_exception_of_the_function_was_is_kept_apart_and_without_its_stack(
    aws: Lambda, calling: Calling
) -> None:
    aws.function_fails(RAISED)
    found = failure_of(calling(5))
    assert (found.error_type, found.error_message) == ("DbError", "password=hunter2")
    assert "line 1" not in str(found)


def test_a_function_that_does_not_answer_in_time_is_called_once(aws: Lambda, calling: Calling) -> None:
    aws.silent = True
    assert failure_of(calling(0.2)).reason == "timed out"
    assert len(aws.requests) == 1


def test_a_connection_that_breaks_off_is_not_opened_again(aws: Lambda, calling: Calling) -> None:
    aws.broken = True
    assert failure_of(calling(5)).reason == "unreachable"
    assert len(aws.requests) == 1


def test_a_call_that_never_left_can_be_made_again(
    monkeypatch: pytest.MonkeyPatch, aws: Lambda, calling: Calling
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{unused.getsockname()[1]}")
        assert failure_of(calling(5)).reason == "unavailable"


def test_a_payload_that_no_function_takes_is_not_sent(aws: Lambda, calling: Calling) -> None:
    assert failure_of(calling(5), b"x" * (LARGEST_PAYLOAD + 1)).reason == "arguments too large"
    assert aws.requests == []


def test_calls_share_a_connection_until_it_was_idle(
    aws: Lambda, calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("runtime.storage.lambda_calls.time.monotonic", lambda: now[0])
    caller = calling(5)
    for seconds, connections in ((0, 1), (4, 1), (10, 2)):
        now[0] += seconds
        caller.invoke("billing", b"{}")
        assert aws.connections == connections


def test_a_tool_gets_the_answer_or_the_reason(aws: Lambda) -> None:
    call = FunctionCall(target="billing", region=None, payload=b"{}", client_context=None, seconds=5.5)
    aws.body = b"[1]"
    assert call_function(call) == b"[1]"
    aws.function_fails(RAISED)
    with pytest.raises(CallFailed) as failure:
        call_function(call)
    assert failure.value.reason in REASONS
    assert (failure.value.error_type, failure.value.error_message) == ("DbError", "password=hunter2")
    assert failure.value.invocation_id == "inv-1"
    _caller(5, None)._client.close()
    _caller.cache_clear()
