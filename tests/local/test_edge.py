"""Tests of the edge in front of a server that returns what it received."""

import http.client
import json
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from local.edge.headers import size
from local.edge.rules import CLOUDFRONT_ADDRESS, MAX_HEADER_BYTES, MAX_URL_BYTES
from local.edge.settings import Admission, Settings
from local.processes import stop
from local.request_body import MAX_BODY_BYTES
from local.servers import bind_socket, find_free_port, start_edge
from tests.support.echo_server import PARTIES, EchoHandler

KEY = "the-key-of-the-edge"


@pytest.fixture(scope="module")
def backend() -> Iterator[int]:
    """Start a server that echoes, and return its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), EchoHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def run_edge(directory: Path, settings: Settings) -> Iterator[int]:
    """Start an edge, and yield its port."""
    with bind_socket(0) as listener:
        process = start_edge(directory, listener, settings)
        yield listener.getsockname()[1]
        stop(process)


def settings(edge: str, port: int, **more: Any) -> Settings:
    return Settings(edge, port, f"0123abcd.execute-api.localhost:{port}", "dev", **more)


@pytest.fixture(scope="module")
def edge(backend: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Start a custom domain for the stage ``dev`` and return its port."""
    yield from run_edge(tmp_path_factory.mktemp("edge"), settings("domain", backend))


@pytest.fixture(scope="module")
def cloudfront(backend: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Start a distribution with a key in front of the stage ``dev`` and return its port."""
    yield from run_edge(tmp_path_factory.mktemp("edge"), settings("cloudfront", backend, key=KEY))


@pytest.fixture(scope="module")
def bare(backend: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Start the bare stage and return its port."""
    yield from run_edge(tmp_path_factory.mktemp("edge"), settings("none", backend))


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


@pytest.mark.parametrize("path", ["/dev/mcp", "/mcp", "/", "/.well-known/oauth-authorization-server/dev"])
def test_the_bare_stage_gets_the_path_as_the_client_sent_it(bare: int, path: str) -> None:
    assert told(bare, "GET", path)["path"] == path


def test_repeated_headers_arrive_as_often_as_they_were_sent(edge: int) -> None:
    answer = told(edge, "GET", "/", [("X-Twice", "1"), ("x-twice", "2"), ("Authorization", "Bearer abc")])
    assert header_values(answer, "X-Twice") == ["1", "2"]
    assert header_values(answer, "Authorization") == ["Bearer abc"]


def test_nothing_is_added_but_where_the_request_came_from_and_whom_it_is_for(edge: int) -> None:
    answer = told(edge, "GET", "/")
    added = {"host", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"}
    assert {name.lower() for name, _ in answer["headers"]} == added
    assert header_values(answer, "Host")[0].startswith("0123abcd.execute-api.localhost:")


def test_a_client_cannot_say_how_it_connected(edge: int) -> None:
    spoofed = ["X-Forwarded-Proto", "X-Forwarded-Port"]
    answer = told(edge, "GET", "/", [(name, "spoofed") for name in spoofed])
    assert header_values(answer, "X-Forwarded-Proto") == ["http"]
    assert header_values(answer, "X-Forwarded-Port") == [str(edge)]


@pytest.mark.parametrize("sent", [[], ["203.0.113.9"], ["203.0.113.9, 198.51.100.1", "spoofed"]])
def test_addresses_are_appended_to_what_a_client_forwards(edge: int, cloudfront: int, sent: list[str]) -> None:
    """CloudFront, Developer Guide, Client IP addresses; API Gateway appends the address that connects to it."""
    headers = [("X-Forwarded-For", value) for value in sent]
    assert header_values(told(edge, "GET", "/", headers), "X-Forwarded-For") == [", ".join([*sent, "127.0.0.1"])]
    [forwarded] = header_values(told(cloudfront, "GET", "/", headers), "X-Forwarded-For")
    assert forwarded == ", ".join([*sent, "127.0.0.1", CLOUDFRONT_ADDRESS])


@pytest.mark.parametrize("sent", [[], [("x-api-key", "guessed")], [("X-API-Key", "a"), ("x-api-key", "b")]])
def test_the_key_of_the_edge_replaces_that_of_a_client(cloudfront: int, sent: list[tuple[str, str]]) -> None:
    assert header_values(told(cloudfront, "GET", "/", sent), "x-api-key") == [KEY]


def test_without_a_key_of_the_edge_the_header_is_the_clients(edge: int, bare: int) -> None:
    for port in (edge, bare):
        assert header_values(told(port, "GET", "/", [("x-api-key", "mine")]), "x-api-key") == ["mine"]


def test_the_key_is_in_a_file_of_its_owner_and_not_in_what_is_printed(tmp_path: Path) -> None:
    kept = settings("cloudfront", 1, key=KEY)
    file = tmp_path / "edge.json"
    kept.save(file)
    assert Settings.load(file) == kept
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert KEY not in repr(kept)


def test_no_header_of_a_client_reaches_the_stage_where_others_get_the_same_response(
    backend: int, tmp_path: Path
) -> None:
    """CloudFront, Developer Guide, Control the cache key with a policy."""
    headers = [("Authorization", "Bearer abc"), ("Cookie", "a=1"), ("X-Other", "1"), ("If-None-Match", '"a"')]
    for port in run_edge(tmp_path, settings("cloudfront", backend, key=KEY, cached=("/style.css",))):
        cached, other = (told(port, "GET", path, headers) for path in ("/style.css?a=1", "/style.cs?a=1"))
    assert cached["path"] == "/dev/style.css?a=1"
    assert [header_values(cached, name) for name in ("Authorization", "Cookie", "X-Other")] == [[], [], []]
    assert header_values(cached, "If-None-Match") == ['"a"']
    assert header_values(cached, "User-Agent") == ["Amazon CloudFront"]
    assert header_values(cached, "x-api-key") == [KEY]
    assert other["path"] == "/dev/style.cs?a=1"
    assert header_values(other, "Authorization") == ["Bearer abc"]


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


def test_the_most_headers_that_api_gateway_takes_arrive_and_one_byte_more_is_431(edge: int, cloudfront: int) -> None:
    """API Gateway, quotas: those that the edge adds count too."""
    for port in (edge, cloudfront):
        added = size([(name, value) for name, value in told(port, "GET", "/", [("X-Many", "")])["headers"]])
        fits = "x" * (MAX_HEADER_BYTES - added)
        assert told(port, "GET", "/", [("X-Many", fits)])["headers"]
        response, body = ask(port, "GET", "/", [("X-Many", fits + "x")])
        assert (response.status, json.loads(body)) == (431, {"message": "Request Header Fields Too Large"})
        assert ask(port, "GET", "/", [("X-Many", "x" * 50_000)])[0].status == 431


@pytest.mark.parametrize(
    ("status", "method", "path", "body"),
    [
        (403, "PROPFIND", "/", b""),
        (403, "TRACE", "/", b""),
        (403, "GET", "/", b"{}"),
        (414, "GET", "/?" + "x" * MAX_URL_BYTES, b""),
    ],
)
def test_cloudfront_refuses_what_it_does_not_forward_with_a_page(
    cloudfront: int, status: int, method: str, path: str, body: bytes
) -> None:
    response, page = ask(cloudfront, method, path, None, body)
    assert (response.status, response.headers["Content-Type"]) == (status, "text/html")
    assert page.startswith(b"<html>")


def test_api_gateway_itself_takes_any_method_and_a_body_with_a_get(edge: int) -> None:
    assert told(edge, "PROPFIND", "/")["method"] == "PROPFIND"
    assert told(edge, "GET", "/", None, b"{}")["size"] == 2


def test_requests_do_not_wait_for_each_other(edge: int) -> None:
    with ThreadPoolExecutor(PARTIES) as clients:
        answers = list(clients.map(lambda _: ask(edge, "GET", "/wait")[0].status, range(PARTIES)))
    assert answers == [401] * PARTIES


def test_without_a_server_behind_it_the_answer_is_502_and_says_so(tmp_path: Path) -> None:
    for port in run_edge(tmp_path, settings("domain", find_free_port())):
        response, body = ask(port, "GET", "/")
    assert response.status == 502
    assert json.loads(body) == {
        "error": "bad_gateway",
        "error_description": "The emulator does not answer. Start it again with: make up",
    }


def test_the_firewall_answers_who_is_not_admitted_whatever_address_a_client_claims(
    backend: int, tmp_path: Path
) -> None:
    headers = (("Content-Type", "application/json"), ("Access-Control-Allow-Origin", "*"))
    admission = Admission(("192.0.2.0/24", "2001:db8::/32"), 403, headers, '{"error": "access_denied"}')
    for port in run_edge(tmp_path, settings("cloudfront", backend, admission=admission)):
        response, body = ask(port, "GET", "/mcp", [("X-Forwarded-For", "192.0.2.1")])
        assert (response.status, json.loads(body)) == (403, {"error": "access_denied"})
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_the_firewall_lets_in_who_is_admitted(backend: int, tmp_path: Path) -> None:
    admission = Admission(("2001:db8::/32", "127.0.0.0/8"), 403, (), "")
    for port in run_edge(tmp_path, settings("cloudfront", backend, admission=admission)):
        assert told(port, "GET", "/mcp")["path"] == "/dev/mcp"
