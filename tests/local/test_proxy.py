"""Tests of the proxy in front of a server that returns what it received."""

import http.client
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from local.processes import stop
from local.proxy import MAX_BODY_BYTES
from local.servers import bind_socket, find_free_port, start_edge

PARTIES = 8


class EchoHandler(BaseHTTPRequestHandler):
    """Answers with the request as JSON, two cookies and a challenge. ``/wait`` answers after PARTIES requests."""

    protocol_version = "HTTP/1.1"
    barrier = threading.Barrier(PARTIES)

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/dev/wait":
            self.barrier.wait(5)
        told = json.dumps(
            {"method": self.command, "path": self.path, "headers": self.headers.items(), "size": len(body)}
        ).encode()
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Bearer resource_metadata="https://example.com", scope="mcp"')
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.send_header("Connection", "x-secret-of-this-connection")
        self.send_header("X-Secret-Of-This-Connection", "1")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(told)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = answer  # noqa: N815 - the names the server looks for

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Start a proxy for the stage ``dev`` and return its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), EchoHandler) as backend, bind_socket(0) as listener:
        threading.Thread(target=backend.serve_forever, daemon=True).start()
        port = listener.getsockname()[1]
        process = start_edge(tmp_path_factory.mktemp("edge"), listener, backend.server_port, "0123abcd/dev")
        yield port
        stop(process)
        backend.shutdown()


def ask(
    port: int, method: str, path: str, headers: list[tuple[str, str]] | None = None, body: bytes = b""
) -> tuple[http.client.HTTPResponse, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers or []:
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        return response, response.read()


def told(port: int, *request: Any) -> dict[str, Any]:
    return dict(json.loads(ask(port, *request)[1]))


def header_values(answer: dict[str, Any], name: str) -> list[str]:
    return [value for key, value in answer["headers"] if key.lower() == name.lower()]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_the_method_and_the_path_below_the_stage_arrive_as_they_were_sent(edge: int, method: str) -> None:
    answer = told(edge, method, "/clients/a%2Fb%20c/../x;y=1?q=%41&q=2&empty=&%C3%A4")
    assert answer["method"] == method
    assert answer["path"] == "/dev/clients/a%2Fb%20c/../x;y=1?q=%41&q=2&empty=&%C3%A4"


def test_repeated_headers_arrive_as_often_as_they_were_sent(edge: int) -> None:
    answer = told(edge, "GET", "/", [("X-Twice", "1"), ("x-twice", "2"), ("Authorization", "Bearer abc")])
    assert header_values(answer, "X-Twice") == ["1", "2"]
    assert header_values(answer, "Authorization") == ["Bearer abc"]


def test_nothing_is_added_but_where_the_request_came_from_and_whom_it_is_for(edge: int) -> None:
    answer = told(edge, "GET", "/")
    assert {name.lower() for name, _ in answer["headers"]} == {"host", "x-forwarded-for", "x-forwarded-proto"}
    assert header_values(answer, "Host")[0].startswith("0123abcd.execute-api.localhost:")


def test_a_client_cannot_say_where_it_comes_from(edge: int) -> None:
    spoofed = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Real-IP"]
    answer = told(edge, "GET", "/", [(name, "spoofed") for name in spoofed])
    assert header_values(answer, "X-Forwarded-For") == ["127.0.0.1"]
    assert header_values(answer, "X-Forwarded-Proto") == ["http"]
    assert "spoofed" not in json.dumps(answer)


def test_headers_of_one_connection_stay_on_it(edge: int) -> None:
    answer = told(edge, "GET", "/", [("Connection", "X-Mine"), ("X-Mine", "1"), ("TE", "trailers"), ("X-Other", "1")])
    assert [header_values(answer, name) for name in ("X-Mine", "TE", "X-Other")] == [[], [], ["1"]]
    assert ask(edge, "GET", "/")[0].getheader("X-Secret-Of-This-Connection") is None


def test_status_challenge_and_repeated_headers_come_back(edge: int) -> None:
    response, _ = ask(edge, "GET", "/")
    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer resource_metadata="https://example.com", scope="mcp"'
    assert response.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert len(response.headers.get_all("Date") or []) == 1


def test_head_has_a_length_and_no_body(edge: int) -> None:
    response, body = ask(edge, "HEAD", "/")
    assert int(response.headers["Content-Length"]) > 0
    assert body == b""


def test_a_body_of_the_largest_size_arrives_and_a_larger_one_is_413(edge: int) -> None:
    assert told(edge, "POST", "/", None, b"x" * MAX_BODY_BYTES)["size"] == MAX_BODY_BYTES
    response, body = ask(edge, "POST", "/", None, b"x" * (MAX_BODY_BYTES + 1))
    assert response.status == 413
    assert json.loads(body)["error"] == "payload_too_large"


def test_requests_do_not_wait_for_each_other(edge: int) -> None:
    with ThreadPoolExecutor(PARTIES) as clients:
        answers = list(clients.map(lambda _: ask(edge, "GET", "/wait")[0].status, range(PARTIES)))
    assert answers == [401] * PARTIES


def test_without_a_server_behind_it_the_answer_is_502_and_says_so(tmp_path: Path) -> None:
    with bind_socket(0) as listener:
        process = start_edge(tmp_path, listener, find_free_port(), "0123abcd/dev")
        response, body = ask(listener.getsockname()[1], "GET", "/")
        stop(process)
    assert response.status == 502
    assert json.loads(body) == {
        "error": "bad_gateway",
        "error_description": "The emulator does not answer. Start it again with: make up",
    }
