"""Requests over real TLS: where they may go, how long they may take, and what of their secrets is never seen."""

import logging
import ssl
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from runtime.authoring import ToolError
from runtime.openapi.auth import basic, bearer, header_key, query_key
from runtime.openapi.base_url import BaseUrl
from runtime.openapi.request import Request
from runtime.openapi.send import Sender, TooLarge
from runtime.outbound.connection import Resolve
from runtime.outbound.errors import FetchFailed, Unreachable
from runtime.redaction import forget, redact
from tests.support.tls_server import HOST, PUBLIC, TlsServer, client_context, public, response, tls_server

SECRET = "s3cret-t0ken"
BASE = BaseUrl.parse(f"https://{HOST}/v1")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TlsServer]:
    with tls_server(tmp_path) as running:
        yield running


@pytest.fixture(autouse=True)
def _nothing_hidden() -> Iterator[None]:
    yield
    forget()


def request(method: str = "GET", path: str = "/v1/x", body: bytes = b"", base: BaseUrl = BASE) -> Request:
    return Request(method, base, path, (("a", "b"),), {"accept": "application/json"}, body)


def sender(server: TlsServer, resolve: Resolve = public, *, redirects: bool = False, private: bool = False) -> Sender:
    return Sender(
        most_bytes=1000,
        private_addresses=private,
        redirects=redirects,
        resolve=resolve,
        connect=server.connect,
        tls=client_context,
    )


def test_the_checked_address_is_dialled_even_if_the_name_changes_a_moment_later(server: TlsServer) -> None:
    """DNS rebinding: the name is resolved once, and the connection goes to that address."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    rebound = sender(server, lambda host, port: next(answers))
    assert rebound.send(request(), None, 5).status == 200
    with pytest.raises(FetchFailed, match="not public"):
        rebound.send(request(), None, 5)
    assert server.dialled == [(PUBLIC, 443)]
    assert server.requests[0].startswith(b"GET /v1/x?a=b HTTP/1.1\r\n")


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "fd00:ec2::254"])
def test_a_private_address_is_refused(server: TlsServer, address: str) -> None:
    with pytest.raises(FetchFailed, match="not public"):
        sender(server, lambda host, port: [PUBLIC, address]).send(request(), None, 5)
    assert server.dialled == []


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("10.0.0.1", True),
        ("127.0.0.1", True),
        ("fd00::1", True),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("fe80::1", False),
    ],
)
def test_a_private_address_may_be_allowed_and_the_credentials_of_aws_are_not_there(
    server: TlsServer, address: str, is_allowed: bool
) -> None:
    sending = sender(server, lambda host, port: [address], private=True)
    if is_allowed:
        assert sending.send(request(), None, 5).status == 200
        return
    with pytest.raises(FetchFailed, match="not public"):
        sending.send(request(), None, 5)


def test_another_certificate_is_refused(server: TlsServer) -> None:
    other = BaseUrl.parse("https://other.example.com")
    with pytest.raises(Unreachable, match="the connection broke"):
        sender(server).send(request(base=other), bearer(lambda: SECRET), 5)
    assert server.requests == []


def test_a_redirect_is_refused(server: TlsServer) -> None:
    server.answer = response(b"", f"Location: https://{HOST}/y", status="302 Found")
    with pytest.raises(FetchFailed, match="redirect, which this tool does not follow"):
        sender(server).send(request(), None, 5)


@pytest.mark.parametrize(
    ("location", "is_signed", "target"),
    [
        (f"https://{HOST}/y?c=d", True, b"GET /y?c=d HTTP"),
        ("y", True, b"GET /v1/y HTTP"),
        (f"https://{HOST}:8443/y", False, b"GET /y HTTP"),
    ],
)
def test_a_redirect_that_is_allowed_is_followed_and_another_origin_gets_no_credentials(
    server: TlsServer, location: str, is_signed: bool, target: bytes
) -> None:
    first = [True]

    def answer(encrypted: ssl.SSLSocket, _: threading.Event) -> None:
        redirect = response(b"", f"Location: {location}", status="302 Found")
        encrypted.sendall(redirect if first.pop() else response(b"{}"))
        first.append(False)

    server.answer = answer
    assert sender(server, redirects=True).send(request(), bearer(lambda: SECRET), 5).status == 200
    assert server.requests[1].startswith(target)
    assert (SECRET.encode() in server.requests[1]) is is_signed


@pytest.mark.parametrize("location", [f"http://{HOST}/y", "https://user@example.com/", "ftp://example.com/", "//["])
def test_a_redirect_to_what_is_no_base_url_is_refused(server: TlsServer, location: str) -> None:
    server.answer = response(b"", f"Location: {location}", status="307 Temporary Redirect")
    with pytest.raises(FetchFailed, match="not allowed"):
        sender(server, redirects=True).send(request(), None, 5)


def test_only_a_get_is_redirected_and_not_for_ever(server: TlsServer) -> None:
    server.answer = response(b"", f"Location: https://{HOST}/y", status="307 Temporary Redirect")
    with pytest.raises(FetchFailed, match="does not follow"):
        sender(server, redirects=True).send(request("POST"), None, 5)
    with pytest.raises(FetchFailed, match="too many redirects"):
        sender(server, redirects=True).send(request(), None, 5)


def test_a_redirect_leads_to_no_private_address(server: TlsServer) -> None:
    server.answer = response(b"", "Location: https://internal.example.com/", status="302 Found")

    def resolve(host: str, _port: int) -> Sequence[str]:
        return [PUBLIC] if host == HOST else ["10.0.0.1"]

    with pytest.raises(FetchFailed, match="not public"):
        sender(server, resolve, redirects=True).send(request(), None, 5)


def test_a_response_that_is_too_large_is_an_error(server: TlsServer) -> None:
    server.answer = response(b"x" * 1001)
    with pytest.raises(TooLarge):
        sender(server).send(request(), None, 5)


def test_a_server_that_drips_its_response_times_out(server: TlsServer) -> None:
    def drip(encrypted: ssl.SSLSocket, over: threading.Event) -> None:
        encrypted.sendall(b"HTTP/1.1 200 OK\r\n")
        while not over.wait(0.01):
            encrypted.sendall(b"X")

    server.answer = drip
    with pytest.raises(Unreachable, match="took too long"):
        sender(server).send(request(), None, 0.2)


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"])
def test_a_connection_that_breaks_is_unreachable(server: TlsServer, answer: bytes) -> None:
    server.answer = answer
    with pytest.raises(Unreachable, match="the connection broke"):
        sender(server).send(request(), None, 5)


@pytest.mark.parametrize(
    ("auth", "sent"),
    [
        (bearer(lambda: SECRET), f"authorization: Bearer {SECRET}\r\n"),
        (header_key("X-Key", lambda: SECRET), f"x-key: {SECRET}\r\n"),
        (
            header_key("Authorization", lambda: SECRET, prefix="Token token="),
            f"authorization: Token token={SECRET}\r\n",
        ),
        (query_key("api_key", lambda: "s3cret&key"), "GET /v1/x?a=b&api_key=s3cret%26key HTTP"),
        (basic(lambda: "user", lambda: "password"), "authorization: Basic dXNlcjpwYXNzd29yZA==\r\n"),
    ],
)
def test_credentials_are_sent_and_are_in_no_log_line(
    server: TlsServer, caplog: pytest.LogCaptureFixture, auth: object, sent: str
) -> None:
    caplog.set_level(logging.DEBUG)
    sender(server).send(request(), auth, 5)  # type: ignore[arg-type]
    assert sent in server.requests[0].decode()
    [line] = [record for record in caplog.records if record.message == "api call"]
    assert {key: vars(line)[key] for key in ("host", "method", "outcome")} == {
        "host": HOST,
        "method": "GET",
        "outcome": "200",
    }
    for text in (SECRET, "s3cret", "dXNlcjpwYXNzd29yZA"):
        assert text not in str(vars(line))
    assert "[redacted]" in redact(sent)


def test_a_secret_that_would_add_a_header_is_an_error(server: TlsServer) -> None:
    for value in ("", "a\r\nX: y", "a b", "ü"):
        with pytest.raises(ToolError, match="empty, or has spaces"):
            sender(server).send(request(), bearer(lambda value=value: value), 5)  # type: ignore[misc]
    assert server.requests == []


def test_a_post_without_a_body_says_so(server: TlsServer) -> None:
    """RFC 9110 8.6."""
    sender(server).send(request("POST"), None, 5)
    assert b"Content-Length: 0\r\n" in server.requests[0]
