"""Client registration, RFC 7591."""

from typing import Any

import pytest

from runtime.oauth.credentials import digest
from runtime.storage.clients import DynamoDBClients
from tests.unit.conftest import NOW, PUBLIC_URL, Send

MACHINE = {"client_name": "robot", "grant_types": ["client_credentials"]}
INTERACTIVE = {"redirect_uris": ["http://127.0.0.1:33418/callback"], "token_endpoint_auth_method": "none"}


def test_a_machine_client_gets_an_id_a_secret_and_a_registration_access_token(send: Send) -> None:
    """RFC 7591 3.2.1."""
    answer = send("POST", "/dcr", json=MACHINE)
    assert answer["statusCode"] == 201
    assert answer["headers"]["Cache-Control"] == "no-store"
    body = answer["json"]
    assert body["client_id_issued_at"] == NOW
    assert body["client_secret_expires_at"] == 0
    assert len(body["client_secret"]) >= 43 <= len(body["registration_access_token"])
    assert body["registration_client_uri"] == f"{PUBLIC_URL}/clients/{body['client_id']}"
    assert body["token_endpoint_auth_method"] == "client_secret_basic"
    assert body["response_types"] == []
    assert body["scope"] == "mcp"


def test_only_hashes_of_credentials_are_stored(send: Send, clients: DynamoDBClients) -> None:
    body = send("POST", "/dcr", json=MACHINE)["json"]
    stored = clients.get(body["client_id"])
    assert stored is not None
    assert stored.secret_hash == digest(body["client_secret"])
    assert stored.registration_token_hash == digest(body["registration_access_token"])
    assert body["client_secret"] not in repr(stored)
    assert body["registration_access_token"] not in repr(stored)


def test_a_public_client_gets_no_secret_and_the_defaults_of_the_standard(send: Send) -> None:
    """RFC 7591 2: grant_types defaults to authorization_code, response_types to code."""
    body = send("POST", "/dcr", json=INTERACTIVE)["json"]
    assert "client_secret" not in body
    assert "client_secret_expires_at" not in body
    assert body["grant_types"] == ["authorization_code"]
    assert body["response_types"] == ["code"]
    assert body["redirect_uris"] == INTERACTIVE["redirect_uris"]
    assert body["token_endpoint_auth_method"] == "none"


def test_unknown_members_and_nulls_are_ignored_and_language_tags_kept(send: Send) -> None:
    """RFC 7591 2: "The authorization server MUST ignore any client metadata sent ... that it does not understand"."""
    asked = {**MACHINE, "client_name#ja": "ロボット", "invented": 1, "client_uri": None}
    body = send("POST", "/dcr", json=asked)["json"]
    assert body["client_name#ja"] == "ロボット"
    assert "invented" not in body
    assert "client_uri" not in body


def test_grant_types_that_are_not_offered_are_left_out(send: Send) -> None:
    """RFC 7591 2: the server may replace requested values; a widely used editor asks for the device grant too."""
    asked = {**INTERACTIVE, "grant_types": ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"]}
    assert send("POST", "/dcr", json=asked)["json"]["grant_types"] == ["authorization_code"]


def test_scope_is_narrowed_to_what_is_supported_and_holds_the_base_scope(send: Send) -> None:
    body = send("POST", "/dcr", json={**MACHINE, "scope": "mcp:admin offline_access"})["json"]
    assert body["scope"] == "mcp mcp:admin"


REFUSED_METADATA: list[tuple[dict[str, Any], str]] = [
    ({"token_endpoint_auth_method": "magic"}, "/token_endpoint_auth_method"),
    ({"token_endpoint_auth_method": "none"}, "/token_endpoint_auth_method"),
    ({"grant_types": ["password"]}, "/grant_types"),
    ({"grant_types": "client_credentials"}, "/grant_types"),
    ({"response_types": ["code"]}, "/response_types"),
    ({"client_name": ""}, "/client_name"),
    ({"client_name": "x" * 201}, "/client_name"),
    ({"logo_uri": "javascript:alert(1)"}, "/logo_uri"),
    ({"jwks": {"keys": []}, "jwks_uri": "https://example.com/jwks"}, "/jwks_uri"),
    ({"application_type": "toaster"}, "/application_type"),
]


@pytest.mark.parametrize(("member", "pointer"), REFUSED_METADATA)
def test_bad_metadata_is_refused_by_name(send: Send, member: dict[str, Any], pointer: str) -> None:
    """RFC 7591 3.2.2."""
    answer = send("POST", "/dcr", json={**MACHINE, **member})
    assert answer["statusCode"] == 400
    assert answer["json"]["error"] == "invalid_client_metadata"
    assert answer["json"]["error_description"].startswith(f"{pointer}: ")


REFUSED_REDIRECTS = [
    "http://example.com/callback",
    "https://",
    "https://example.com/cb#fragment",
    "https://user@example.com/cb",
    "javascript:alert(1)",
    "data:text/html,x",
    "/relative",
    "https://example.com/a b",
    "http://localhost.example.com/cb",
    "http://127.0.0.1.example.com/cb",
    "https://[::1",
    "https://example.com:port/",
]


@pytest.mark.parametrize("uri", REFUSED_REDIRECTS)
def test_dangerous_redirect_uris_are_refused(send: Send, uri: str) -> None:
    """RFC 7591 3.2.2; the answer names the item and does not repeat it."""
    answer = send("POST", "/dcr", json={"redirect_uris": ["https://example.com/ok", uri]})
    assert answer["statusCode"] == 400
    assert answer["json"]["error"] == "invalid_redirect_uri"
    assert answer["json"]["error_description"].startswith("/redirect_uris/1: ")
    assert uri not in answer["json"]["error_description"]


@pytest.mark.parametrize(
    "uri",
    [
        "https://example.com/cb?x=1",
        "http://localhost:1/",
        "http://[::1]:8/cb",
        "cursor://app/cb",
        "com.example.app:/cb",
    ],
)
def test_redirect_uris_of_web_loopback_and_native_clients_are_accepted(send: Send, uri: str) -> None:
    """RFC 8252 7."""
    assert send("POST", "/dcr", json={"redirect_uris": [uri]})["statusCode"] == 201


def test_an_interactive_client_needs_a_redirect_uri(send: Send) -> None:
    """RFC 7591 2: clients using flows with redirection MUST register their redirection URI values."""
    answer = send("POST", "/dcr", json={})
    assert answer["json"]["error"] == "invalid_redirect_uri"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ('"x"', "application/json", 400),
        ("{}", "text/plain", 415),
        ("[" * 40 + "]" * 40, "application/json", 400),
        ("[" * 30_000, "application/json", 400),
        ('{"client_name": "\\ud800"}', "application/json", 400),
        ('{"x": 1e999}', "application/json", 400),
        ('{"x": ' + "9" * 5000 + "}", "application/json", 400),
        ('{"client_name": "' + "x" * 70_000 + '"}', "application/json", 413),
    ],
)
def test_bodies_that_are_no_registration_are_refused_without_a_failure(
    send: Send, body: str, content_type: str, status: int
) -> None:
    answer = send("POST", "/dcr", body=body, headers={"Content-Type": content_type})
    assert answer["statusCode"] == status
    assert answer["json"]["error_description"]
