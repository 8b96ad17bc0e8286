"""Clients with a metadata document: draft-ietf-oauth-client-id-metadata-document-01, MCP 2025-11-25 and 2026-07-28."""

import logging
from typing import Any

import pytest

from runtime.oauth.clients.directory import ClientDirectory
from runtime.oauth.errors import ClientUnavailable
from tests.memory.table import MemoryTable
from tests.support.documents import DOCUMENT, cached_documents, document_response
from tests.support.keys import public_jwk
from tests.support.tls_server import HOST, URL, TlsServer, response
from tests.unit.conftest import NOW, Clock, Send


def test_a_url_is_the_client_that_its_document_describes(directory: ClientDirectory, server: TlsServer) -> None:
    """Section 4.1; without a method it is a public client, since no secret can be shared."""
    server.answer = document_response(**{"client_name#ja": "例", "logo_uri": None, "invented": 1})
    client = directory.get(URL)
    assert client is not None
    assert (client.client_id, client.secret_hash, client.issued_at) == (URL, None, NOW)
    assert client.metadata == {
        "client_name": "Example",
        "client_name#ja": "例",
        "redirect_uris": DOCUMENT["redirect_uris"],
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "scope": "mcp",
    }


def test_its_scope_and_grants_are_those_that_registration_would_give(
    directory: ClientDirectory, server: TlsServer
) -> None:
    """RFC 7591 2. The machine grant is left out: its tokens are revoked by registration, which a document lacks."""
    grants = ["authorization_code", "refresh_token", "client_credentials", "password"]
    server.answer = document_response(scope="mcp:admin root", grant_types=grants)
    client = directory.get(URL)
    assert client is not None
    assert client.metadata["scope"] == "mcp mcp:admin"
    assert client.metadata["grant_types"] == ["authorization_code", "refresh_token"]


def test_other_ids_are_those_of_registered_clients(directory: ClientDirectory, send: Send, server: TlsServer) -> None:
    registered = send("POST", "/dcr", json={"grant_types": ["client_credentials"]})["json"]["client_id"]
    found = directory.get(registered)
    assert found is not None
    assert found.client_id == registered
    assert directory.get("0" * 32) is None
    assert server.dialled == []


@pytest.mark.parametrize(
    "url",
    [
        f"https://{HOST}",
        f"https://{HOST}/",
        f"https://{HOST}/?x",
        f"https://{HOST}?x=/y",
        f"https://{HOST}/./client.json",
        f"https://{HOST}/a/../client.json",
        f"https://{HOST}/a/%2e%2E/client.json",
        f"https://{HOST}/a/.%2e",
        f"https://{HOST}/client.json#x",
        f"https://user@{HOST}/client.json",
        f"https://:@{HOST}/client.json",
        "https://127.0.0.1/client.json",
        "https://2130706433/client.json",
        "https://[::1]/client.json",
        "https://localhost/client.json",
        f"http://{HOST}/client.json",
        f"HTTPS://{HOST}/client.json",
        f"https://{HOST}/{'x' * 1024}",
        f"https://{HOST}/\ud800",
        "https://",
    ],
)
def test_a_url_that_is_no_client_id_is_never_fetched(directory: ClientDirectory, server: TlsServer, url: str) -> None:
    """Section 3: https, a path, no dot segments, no fragment, no user."""
    assert directory.get(url) is None
    assert server.dialled == []


@pytest.mark.parametrize(
    "members",
    [
        {"client_id": "left out"},
        {"client_id": None},
        {"client_id": f"{URL}?x"},
        {"client_id": f"{URL}/"},
        {"client_id": URL.upper()},
        {"client_id": [URL]},
        {"client_name": "left out"},
        {"client_name": ""},
        {"redirect_uris": "left out"},
        {"redirect_uris": []},
        {"redirect_uris": "https://client.example.com/cb"},
        {"redirect_uris": ["http://client.example.com/cb"]},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"redirect_uris": [f"https://client.example.com/{number}" for number in range(21)]},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"token_endpoint_auth_method": "client_secret_post"},
        {"token_endpoint_auth_method": "client_secret_jwt"},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://127.0.0.1/keys"},
        {"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": []}},
        {"jwks": {"keys": []}, "jwks_uri": "https://client.example.com/keys"},
        {"client_secret": "x"},
        {"client_secret_expires_at": 0},
        {"grant_types": ["client_credentials"]},
        {"grant_types": ["refresh_token"]},
        {"response_types": ["token"]},
        {"logo_uri": "javascript:alert(1)"},
        {"redirect_uris": ["https://[1.2.3.4]/cb"]},
        {"redirect_uris": ["googlechromes://example.com/cb"]},
        {"client_uri": "https://[v1.x/"},
    ],
    ids=str,
)
def test_an_invalid_document_describes_no_client_and_is_not_cached(
    table: MemoryTable,
    directory: ClientDirectory,
    server: TlsServer,
    members: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Section 4.1, and "MUST NOT cache documents which are invalid or malformed"; MCP: the required members."""
    caplog.set_level(logging.INFO, "runtime")
    server.answer = document_response(**members)
    assert directory.get(URL) is None
    assert cached_documents(table) == []
    [reason] = [record.__dict__["outcome"] for record in caplog.records if record.message == "client document"]
    assert reason.startswith("/")
    server.answer = document_response()
    assert directory.get(URL) is not None


@pytest.mark.parametrize(
    "answer", [response(b"{}", status="404 Not Found"), response(b"[]"), response(b"{}", content_type="text/html")]
)
def test_a_document_that_cannot_be_fetched_describes_no_client(
    table: MemoryTable, directory: ClientDirectory, server: TlsServer, answer: bytes
) -> None:
    """Section 4: everything but 200 is an error, and "MUST NOT cache error responses"."""
    server.answer = answer
    assert directory.get(URL) is None
    assert cached_documents(table) == []


@pytest.mark.parametrize(
    "answer", [b"", b"x", response(b"{}", status="503 Away"), response(b"{}", status="429 Too Many Requests")]
)
def test_a_client_whose_server_is_down_is_not_called_unknown(
    table: MemoryTable, directory: ClientDirectory, server: TlsServer, answer: bytes
) -> None:
    """Section 4: an error response is not cached, and the client cannot be identified until its server responds."""
    server.answer = answer
    with pytest.raises(ClientUnavailable):
        directory.get(URL)
    assert cached_documents(table) == []
    server.answer = document_response()
    assert directory.get(URL) is not None


def test_a_software_statement_in_a_document_is_ignored(directory: ClientDirectory, server: TlsServer) -> None:
    """Its signature is not verified."""
    server.answer = document_response(software_statement="e30.e30.eA")
    client = directory.get(URL)
    assert client is not None
    assert "software_statement" not in client.metadata


def test_keys_by_value_or_by_reference_make_a_confidential_client(
    directory: ClientDirectory, server: TlsServer, clock: Clock
) -> None:
    """Section 6.2."""
    for member in ({"jwks": {"keys": [public_jwk("EC")]}}, {"jwks_uri": "https://client.example.com/keys"}):
        server.answer = document_response(
            "Cache-Control: no-store", token_endpoint_auth_method="private_key_jwt", **member
        )
        client = directory.get(URL)
        assert client is not None
        assert client.metadata.items() >= member.items()
        clock.now += 60
