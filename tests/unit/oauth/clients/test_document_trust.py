"""Caching of metadata documents, trusted hosts and rate limits: the same draft, sections 4.4, 6.5 and 6.8."""

from collections.abc import Callable

import pytest

from runtime.oauth.clients.directory import ClientDirectory
from runtime.oauth.errors import ClientUnavailable, TooManyRequests
from runtime.oauth.remote.documents import FETCHES_PER_HOST, FETCHES_PER_SOURCE
from tests.support.documents import document_response
from tests.support.tls_server import HOST, URL, TlsServer, response
from tests.unit.conftest import NOW, Clock

Directory = Callable[..., ClientDirectory]


def test_a_document_is_cached_as_long_as_its_server_says_and_no_longer(
    directory: ClientDirectory, server: TlsServer, clock: Clock
) -> None:
    """Section 4.4; an expired copy is never served."""
    server.answer = document_response("Cache-Control: max-age=600")
    for _ in range(3):
        client = directory.get(URL)
        assert client is not None
        assert client.expires_at == NOW + 600
    assert len(server.requests) == 1
    server.answer = b""
    clock.now += 599
    assert directory.get(URL) is not None
    clock.now += 1
    with pytest.raises(ClientUnavailable):
        directory.get(URL)


def test_a_change_of_the_document_applies_once_the_copy_expires(
    directory: ClientDirectory, server: TlsServer, clock: Clock
) -> None:
    server.answer = document_response("Cache-Control: no-store")
    assert directory.get(URL) is not None
    server.answer = document_response(redirect_uris=["https://other.example/cb"])
    clock.now += 60
    client = directory.get(URL)
    assert client is not None
    assert client.metadata["redirect_uris"] == ["https://other.example/cb"]


@pytest.mark.parametrize(
    ("hosts", "known"),
    [
        ((), False),
        (("*",), True),
        ((HOST,), True),
        (("*.example.com",), True),
        (("other.example", HOST), True),
        (("*.client.example.com",), False),
        (("example.com",), False),
        ((f"{HOST}:8443",), False),
        (("ient.example.com",), False),
    ],
)
def test_the_stack_decides_which_hosts_it_trusts(
    directory_of: Directory, server: TlsServer, hosts: tuple[str, ...], known: bool
) -> None:
    """Section 6.8; documents at other hosts are not even fetched."""
    server.answer = document_response()
    assert (directory_of(*hosts).get(URL) is not None) is known
    assert bool(server.dialled) is known


def test_a_port_is_trusted_by_its_number(directory_of: Directory, server: TlsServer) -> None:
    url = f"https://{HOST}:8443/client.json"
    server.answer = document_response(client_id=url)
    assert directory_of(HOST).get(url) is None
    assert directory_of(f"{HOST}:8443").get(url) is not None


def test_a_copy_is_refused_once_its_host_is_no_longer_trusted_or_it_has_too_many_redirects(
    directory_of: Directory, server: TlsServer
) -> None:
    """The copy is stored as it was served; the current configuration decides what the client gets."""
    server.answer = document_response()
    assert directory_of("*").get(URL) is not None
    assert directory_of("other.example").get(URL) is None
    assert directory_of("*", max_redirect_uris=1).get(URL) is None


def test_fetches_of_documents_are_limited_by_source_and_by_host(directory: ClientDirectory, server: TlsServer) -> None:
    """MCP, Authorization Server Abuse Protection: limits by source address, and by host for all sources."""
    server.answer = response(b"{}")
    for number in range(FETCHES_PER_SOURCE):
        assert directory.get(f"{URL}?{number}", "203.0.113.9") is None
    with pytest.raises(TooManyRequests):
        directory.get(URL, "203.0.113.9")
    for number in range(FETCHES_PER_HOST - FETCHES_PER_SOURCE):
        assert directory.get(f"{URL}?{number}") is None
    with pytest.raises(TooManyRequests):
        directory.get(URL, "198.51.100.1")
    assert len(server.dialled) == FETCHES_PER_HOST


def test_invented_urls_do_not_keep_a_known_document_from_being_renewed(
    directory: ClientDirectory, server: TlsServer, clock: Clock
) -> None:
    """A URL that was fetched before has a limit of its own, which other URLs do not use up."""
    server.answer = document_response("Cache-Control: max-age=60")
    assert directory.get(URL) is not None
    clock.now += 60
    server.answer = response(b"{}")
    for number in range(FETCHES_PER_HOST):
        assert directory.get(f"{URL}?{number}") is None
    with pytest.raises(TooManyRequests):
        directory.get(f"{URL}?another")
    server.answer = document_response()
    assert directory.get(URL) is not None


def test_fetches_of_a_known_document_are_limited_too(
    directory: ClientDirectory, server: TlsServer, clock: Clock
) -> None:
    server.answer = document_response("Cache-Control: max-age=60")
    assert directory.get(URL) is not None
    clock.now += 60
    server.answer = response(b"{}")
    for _ in range(FETCHES_PER_HOST):
        assert directory.get(URL) is None
    with pytest.raises(TooManyRequests):
        directory.get(URL)
