"""The invocation of a tool's function: one attempt, and what each failure of Lambda means."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from runtime.records.invocation import InvocationFailed, Reason
from runtime.storage import tool_function
from runtime.storage.tool_function import LARGEST_PAYLOAD, LambdaToolFunction

SECONDS = 0.3
Answer = Callable[[BaseHTTPRequestHandler], None]


class Lambda(ThreadingHTTPServer):
    """Answers every invocation in one way, and counts them and the connections that they came on."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Invocation)
        self.answer: Answer = lambda request: respond(request, {"result": {}})
        self.invocations: list[bytes] = []
        self.connections = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)


class Invocation(BaseHTTPRequestHandler):
    server: Lambda
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.server.invocations.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.answer(self)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the library's
        """Log nothing."""


def respond(request: BaseHTTPRequestHandler, body: Any, status: int = 200, **headers: str) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    request.send_response(status)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in {"x-amzn-RequestId": "invocation-1", "Content-Length": str(len(content)), **named}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(content)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lambda]:
    with Lambda() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", f"http://127.0.0.1:{server.server_port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        yield server
        server.shutdown()


def failing(kind: str, message: str = "", **more: Any) -> Answer:
    """Answer as Lambda does for a function that gave no answer of its own."""
    report = {"errorType": kind, "errorMessage": message, **more}
    return lambda request: respond(request, report, X_Amz_Function_Error="Unhandled")


def refusing(status: int, code: str) -> Answer:
    """Answer as Lambda does for a call that it does not take."""
    return lambda request: respond(request, {"Message": "no"}, status, x_amzn_ErrorType=code)


def test_the_payload_reaches_the_function_and_its_answer_comes_back(service: Lambda) -> None:
    assert json.loads(LambdaToolFunction("billing:live", SECONDS).invoke(b'{"tool": "add"}')) == {"result": {}}
    assert service.invocations == [b'{"tool": "add"}']


FAILURES: list[tuple[Answer, Reason, str]] = [
    (failing("Sandbox.Timedout", "RequestId: 1 Error: Task timed out after 3.00 seconds"), "timed out", "3.00 seconds"),
    (failing("", "2026-01-01T00:00:00.000Z 1 Task timed out after 3.00 seconds"), "timed out", "3.00 seconds"),
    (failing("Runtime.OutOfMemory", "RequestId: 1 Error: out of memory"), "out of memory", "OutOfMemory"),
    (failing("Runtime.ExitError", "Runtime exited with error: signal: killed"), "out of memory", "killed"),
    (failing("Runtime.ExitError", "Runtime exited with error: exit status 1"), "crashed", "exit status 1"),
    (failing("Runtime.ImportModuleError", "No module named 'x'"), "crashed", "No module named 'x'"),
    (failing("KeyError", "'LEDGER'", stackTrace=["File secret.py"]), "crashed", "KeyError: 'LEDGER'"),
    (failing("Function.ResponseSizeTooLarge", "exceeded 6291556 bytes"), "result too large", "6291556"),
    (lambda request: respond(request, b"<html>", X_Amz_Function_Error="Unhandled"), "crashed", "without saying which"),
    (refusing(429, "TooManyRequestsException"), "busy", "TooManyRequestsException"),
    (refusing(403, "AccessDeniedException"), "refused", "AccessDeniedException"),
    (refusing(404, "ResourceNotFoundException"), "missing", "ResourceNotFoundException"),
    (refusing(413, "RequestTooLargeException"), "arguments too large", "RequestTooLargeException"),
    (refusing(500, "ServiceException"), "unreachable", "ServiceException"),
    (refusing(502, "EC2ThrottledException"), "unreachable", "EC2ThrottledException"),
    (lambda request: time.sleep(3 * SECONDS), "timed out", "Read timeout"),
    (lambda request: request.connection.shutdown(socket.SHUT_RDWR), "unreachable", "closed"),
]


@pytest.mark.parametrize(("answer", "reason", "detail"), FAILURES)
def test_each_failure_has_a_reason_and_is_not_tried_again(
    service: Lambda, answer: Answer, reason: Reason, detail: str
) -> None:
    service.answer = answer
    with pytest.raises(InvocationFailed) as failed:
        LambdaToolFunction("billing:live", SECONDS).invoke(b"{}")
    assert failed.value.reason == reason
    assert detail.lower() in str(failed.value).lower()
    assert "secret.py" not in str(failed.value)
    assert len(service.invocations) == 1


def test_a_payload_that_lambda_would_refuse_is_not_sent(service: Lambda) -> None:
    with pytest.raises(InvocationFailed, match="the payload has") as failed:
        LambdaToolFunction("billing:live", SECONDS).invoke(b" " * (LARGEST_PAYLOAD + 1))
    assert (failed.value.reason, service.invocations) == ("arguments too large", [])


def test_a_connection_that_may_have_ended_is_not_used_again(service: Lambda, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that was frozen in between does not learn that its connection has ended."""
    now = time.monotonic()
    monkeypatch.setattr(tool_function.time, "monotonic", lambda: now)
    function = LambdaToolFunction("billing:live", SECONDS)
    for _ in range(2):
        function.invoke(b"{}")
    assert service.connections == 1
    now += tool_function.IDLE_SECONDS + 1
    function.invoke(b"{}")
    assert service.connections == 2
