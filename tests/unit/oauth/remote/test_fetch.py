"""Fetching a document from a URL that a client chose: real TLS, and every attack that such a server could try."""

import json
import logging
import ssl
import threading
import time
from collections.abc import Sequence

import pytest

from runtime.oauth.remote.fetch import MAX_BYTES, Fetcher
from runtime.outbound.connection import addresses
from tests.support.tls_server import (
    HOST,
    PUBLIC,
    URL,
    TlsServer,
    client_context,
    fetch_error,
    fetcher,
    public,
    response,
)


def test_a_document_comes_with_the_time_it_may_be_cached(server: TlsServer) -> None:
    server.answer = response(
        b'{"a": [1]}', "Cache-Control: max-age=600", content_type="application/json; charset=utf-8"
    )
    assert fetcher(server).get(f"{URL}?v=1") == ({"a": [1]}, 600)
    assert server.dialled == [(PUBLIC, 443)]
    [request] = server.requests
    assert request.startswith(b"GET /client.json?v=1 HTTP/1.1\r\n")
    assert f"Host: {HOST}\r\n".encode() in request
    assert b"User-Agent: remote-mcp/" in request


def test_an_explicit_port_is_dialled_and_named(server: TlsServer) -> None:
    """RFC 9110 7.2."""
    fetcher(server).get(f"https://{HOST}:8443/")
    assert server.dialled == [(PUBLIC, 8443)]
    assert f"Host: {HOST}:8443\r\n".encode() in server.requests[0]


def test_the_checked_address_is_dialled_even_if_the_name_changes_a_moment_later(
    server: TlsServer,
) -> None:
    """DNS rebinding: a fetch resolves the name once, and connects to the address, not to the name."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    rebound = fetcher(server, lambda host, port: next(answers))
    rebound.get(URL)
    assert "not public" in fetch_error(rebound)
    assert server.dialled == [(PUBLIC, 443)]


def test_a_real_resolver_leads_to_loopback_and_is_not_followed() -> None:
    """Only the response of the resolver is injected."""
    assert set(addresses("localhost", 443)) <= {"127.0.0.1", "::1"}
    assert "not public" in fetch_error(Fetcher(lambda host, port: addresses("localhost", port)))


def test_a_name_without_an_address_is_a_failure(server: TlsServer) -> None:
    def nowhere(_host: str, _port: int) -> Sequence[str]:
        raise OSError("Name or service not known")

    assert fetch_error(fetcher(server, nowhere))
    assert fetch_error(fetcher(server, lambda host, port: []))


def test_a_resolver_that_never_responds_times_out(server: TlsServer) -> None:
    def waiting(_host: str, _port: int) -> Sequence[str]:
        server.over.wait(30)
        return [PUBLIC]

    assert fetch_error(fetcher(server, waiting, seconds=0.05)) == "took too long"


def test_the_next_address_is_tried_when_one_refuses_the_connection(server: TlsServer) -> None:
    def connect(address: tuple[str, int], timeout: float) -> object:
        if address[0] == "1.1.1.1":
            raise ConnectionRefusedError
        return server.connect(address, timeout)

    both = Fetcher(lambda host, port: ["1.1.1.1", PUBLIC], connect, client_context)  # type: ignore[arg-type]
    assert both.get(URL).document == {}
    only = Fetcher(lambda host, port: ["1.1.1.1"], connect, client_context)  # type: ignore[arg-type]
    assert fetch_error(only) == "no address accepts a connection"


def test_the_certificate_must_be_of_the_name_and_of_an_authority_that_is_trusted(server: TlsServer) -> None:
    """RFC 9110 4.3.4."""
    assert fetch_error(fetcher(server), "https://other.example.com/x")
    stranger = Fetcher(public, server.connect, ssl.create_default_context)
    assert fetch_error(stranger)
    assert server.requests == []


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_not_followed(server: TlsServer, status: str) -> None:
    """Client ID Metadata Document 4: the server "MUST NOT automatically follow HTTP redirects"."""
    server.answer = response(b"{}", f"Location: https://{HOST}/other", status=status)
    assert fetch_error(fetcher(server)) == "the status is not 200"
    assert len(server.requests) == 1


def test_the_environment_names_no_proxy(server: TlsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert fetcher(server).get(URL).document == {}
    assert server.dialled == [(PUBLIC, 443)]


@pytest.mark.parametrize("status", ["204 No Content", "404 Not Found", "500 Broken", "201 Created"])
def test_any_other_status_than_200_is_a_failure(server: TlsServer, status: str) -> None:
    """Client ID Metadata Document 4: "MUST treat all other HTTP status codes as an error response"."""
    server.answer = response(b"{}", status=status)
    assert fetch_error(fetcher(server)) == "the status is not 200"


@pytest.mark.parametrize("content_type", ["text/html", "text/json", "application/jsonp", "image/svg+json", "", "json"])
def test_a_document_of_another_media_type_is_a_failure(server: TlsServer, content_type: str) -> None:
    server.answer = response(b"{}", content_type=content_type)
    assert fetch_error(fetcher(server)) == "the media type is not JSON"


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON;x=y", "application/jwk-set+json"])
def test_json_has_more_than_one_media_type(server: TlsServer, content_type: str) -> None:
    """Client ID Metadata Document 4.1: application/<AS-defined>+json."""
    server.answer = response(b"{}", content_type=content_type)
    assert fetcher(server).get(URL).document == {}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"null", b"{}x", b"\xff", b'{"a": NaN}', b'{"a": "\\ud800"}', b"[" * 9000]
)
def test_a_document_that_is_not_a_json_object_is_a_failure(server: TlsServer, body: bytes) -> None:
    server.answer = response(body)
    assert fetch_error(fetcher(server)).startswith("the document is not")


def test_a_document_of_10_kib_is_read_and_a_larger_one_is_not(server: TlsServer) -> None:
    largest = json.dumps({"a": "x" * (MAX_BYTES - 9)}).encode()
    server.answer = response(largest)
    assert len(largest) == MAX_BYTES
    assert fetcher(server).get(URL).document
    server.answer = response(largest + b" ")
    assert fetch_error(fetcher(server)) == "the document is too large"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n{",
        b"HTTP/1.1 200 OK\r\nX: ",
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)
def test_a_response_without_an_end_is_abandoned(server: TlsServer, head: bytes) -> None:
    """Whatever length it states, and wherever it continues without end."""
    sent = []

    def flood(encrypted: ssl.SSLSocket, over: threading.Event) -> None:
        encrypted.sendall(head)
        while not over.is_set():
            encrypted.sendall(head if head.startswith(b"HTTP/1.1 100") else b" " * 1024)
            sent.append(1024)

    server.answer = flood
    assert fetch_error(fetcher(server))
    server.stop()
    # The test cannot control how much the two ends of a connection buffer, only that it is bounded.
    assert sum(sent) < 16 << 20


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"]
)
def test_a_server_that_sends_one_byte_at_a_time_times_out(server: TlsServer, head: bytes) -> None:
    def drip(encrypted: ssl.SSLSocket, over: threading.Event) -> None:
        encrypted.sendall(head)
        while not over.wait(0.02):
            encrypted.sendall(b"1")

    server.answer = drip
    started = time.monotonic()
    assert fetch_error(fetcher(server, seconds=0.3)) == "took too long"
    assert time.monotonic() - started < 3


def test_a_server_that_sends_nothing_times_out(server: TlsServer) -> None:
    server.answer = lambda encrypted, over: over.wait(30) and None
    assert fetch_error(fetcher(server, seconds=0.1))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00" * 100,
        b"HTTP/1.1 200",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}",
    ],
)
def test_a_response_that_is_not_http_is_a_failure(server: TlsServer, answer: bytes) -> None:
    server.answer = answer
    assert fetch_error(fetcher(server))


def test_one_line_is_logged_for_each_fetch_without_path_or_content(
    server: TlsServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "runtime")
    server.answer = response(b'{"a": "confidential"}')
    fetcher(server).get(f"{URL}?confidential")
    server.answer = response(b"confidential")
    message = fetch_error(fetcher(server), f"{URL}?confidential")
    assert [record.__dict__["outcome"] for record in caplog.records] == ["ok", "FetchFailed: the document is not JSON"]
    assert [record.__dict__["host"] for record in caplog.records] == [HOST, HOST]
    assert "confidential" not in message + "".join(str(record.__dict__) for record in caplog.records)
