"""Client registration, RFC 7591."""

import json
from typing import Any

import pytest

from runtime.oauth.credentials import digest
from runtime.storage.clients import DynamoDBClients
from tests.memory.table import MemoryTable
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
    ({"jwks_uri": "https://example.com/jwks", "jwks": {"keys": []}}, "/jwks_uri"),
    ({"client_name#ja": ""}, "/client_name#ja"),
    ({"client_name#de-CH": 1}, "/client_name#de-CH"),
    ({"client_name#ja": "x" * 201}, "/client_name#ja"),
    ({"logo_uri#fr": "data:image/png,x"}, "/logo_uri#fr"),
    ({"client_name": "Good\u202eKnab"}, "/client_name"),
    ({"client_name": "Bank\n"}, "/client_name"),
    ({"client_uri": "https://user@example.com"}, "/client_uri"),
    ({"client_uri": "https://example.com/\n"}, "/client_uri"),
    ({"policy_uri": 'https://example.com/"onclick'}, "/policy_uri"),
    ({"tos_uri": "ftp://example.com"}, "/tos_uri"),
    ({"client_uri": "https://[1.2.3.4]/"}, "/client_uri"),
    ({"logo_uri#fr": "https://[::1"}, "/logo_uri#fr"),
    ({"policy_uri": "https://example.com:99999/"}, "/policy_uri"),
    ({"tos_uri": "https://]:[/"}, "/tos_uri"),
    ({"contacts": "me@example.com"}, "/contacts"),
    ({"contacts": ["x" * 321]}, "/contacts/0"),
    ({"contacts": ["me@example.com"] * 21}, "/contacts"),
    ({"software_id": "x" * 201}, "/software_id"),
    ({"software_version": 2}, "/software_version"),
    ({"scope": "x" * 1001}, "/scope"),
    ({"scope": ["mcp"]}, "/scope"),
    ({"grant_types": ["x"] * 21}, "/grant_types"),
    ({"response_types": [1]}, "/response_types/0"),
    ({"jwks": []}, "/jwks"),
]


@pytest.mark.parametrize(("member", "pointer"), REFUSED_METADATA)
def test_bad_metadata_is_refused_by_name(send: Send, member: dict[str, Any], pointer: str) -> None:
    """RFC 7591 3.2.2."""
    answer = send("POST", "/dcr", json={**MACHINE, **member})
    assert answer["statusCode"] == 400
    assert answer["json"]["error"] == "invalid_client_metadata"
    assert answer["json"]["error_description"].startswith(f"{pointer}: ")


def test_every_member_of_the_standard_comes_back_as_it_was_registered(send: Send) -> None:
    """RFC 7591 3.2.1: the response has "all registered metadata about this client"."""
    asked = {
        **INTERACTIVE,
        "application_type": "native",
        "response_types": ["code"],
        "grant_types": ["authorization_code", "refresh_token"],
        "client_name": "Robot",
        "client_name#de-Latn-CH": "Roboter",
        "client_uri": "https://example.com",
        "client_uri#fr": "https://example.com/fr?a=b#c",
        "logo_uri": "http://example.com:8080/logo.png",
        "tos_uri": "https://example.com/tos",
        "policy_uri": "https://example.com/policy",
        "contacts": ["me@example.com"],
        "scope": "mcp",
        "jwks": {"keys": []},
        "software_id": "4NRB1-0XZABZI9E6-5SM3R",
        "software_version": "2.2",
    }
    answer = send("POST", "/dcr", json=asked)
    assert answer["statusCode"] == 201
    assert {name: value for name, value in answer["json"].items() if name in asked} == asked


@pytest.mark.parametrize("name", ["client_name#", "client_name#not a tag", "client_name#-", "logo_uri#abcdefghi"])
def test_a_member_with_an_invalid_language_tag_is_ignored(send: Send, name: str) -> None:
    """RFC 7591 2.2, BCP 47."""
    answer = send("POST", "/dcr", json={**MACHINE, name: "javascript:x"})
    assert answer["statusCode"] == 201
    assert name not in answer["json"]


def test_a_body_of_very_many_members_is_refused(send: Send) -> None:
    answer = send("POST", "/dcr", json={f"client_name#x-{number}": "x" for number in range(201)})
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_client_metadata")


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1/cb",
        "https://localhost:3000/cb",
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "com.example:/cb",
    ],
)
def test_a_web_application_with_a_redirect_to_the_device_is_registered_as_native(send: Send, uri: str) -> None:
    """RFC 7591 2: the server may replace requested values. OpenID Connect Registration 1.0, 2, for the types."""
    for stated, registered in ((None, None), ("native", "native"), ("web", "native")):
        asked = {"redirect_uris": ["https://example.com/cb", uri], "application_type": stated}
        answer = send("POST", "/dcr", json=asked)
        assert (answer["statusCode"], answer["json"].get("application_type")) == (201, registered)
    on_a_website = {"redirect_uris": ["https://example.com/cb"], "application_type": "web"}
    assert send("POST", "/dcr", json=on_a_website)["json"]["application_type"] == "web"


def test_a_scope_is_split_at_spaces_and_nowhere_else(send: Send) -> None:
    """RFC 6749 3.3: scope-token *( SP scope-token )."""
    for white in ("\t", "\n", "\u00a0", "\u2003", "\x1c"):
        assert send("POST", "/dcr", json={**MACHINE, "scope": f"mcp{white}mcp:admin"})["json"]["scope"] == "mcp"
    assert send("POST", "/dcr", json={**MACHINE, "scope": " mcp  mcp:admin "})["json"]["scope"] == "mcp mcp:admin"


def test_metadata_is_stored_in_as_many_bytes_as_it_was_sent_in(table: MemoryTable, send: Send) -> None:
    """DynamoDB stores items of up to 400 KB, counted in UTF-8."""
    name = "\N{SNOWMAN}" * 200
    client = send("POST", "/dcr", json={**MACHINE, "client_name": name})["json"]
    kept = str(table.items[f"client#{client['client_id']}"]["metadata"])
    assert name in kept
    assert len(kept.encode()) < len(json.dumps({**MACHINE, "client_name": name}, ensure_ascii=False).encode()) + 200


@pytest.mark.parametrize(
    ("jwks", "pointer"),
    [
        ({}, "/jwks/keys"),
        ({"keys": "x"}, "/jwks/keys"),
        ({"keys": {}}, "/jwks/keys"),
        ({"keys": [1]}, "/jwks/keys/0"),
        ({"keys": [{}] * 21}, "/jwks/keys"),
        ({"keys": [{"kty": "EC", "kid": 7}]}, "/jwks/keys/0/kid"),
        ({"keys": [{"kty": "EC", "key_ops": "verify"}]}, "/jwks/keys/0"),
        ({"keys": [{"kty": "RSA", "d": "secret"}]}, "/jwks/keys/0/d"),
        ({"keys": [{"kty": "oct", "k": "secret"}]}, "/jwks/keys/0/k"),
    ],
)
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "private_key_jwt"])
def test_keys_must_be_valid_whatever_method_the_client_uses(
    send: Send, method: str, jwks: dict[str, Any], pointer: str
) -> None:
    """RFC 7517 4 and 5; RFC 7591 2: jwks is a JWK Set, and its owner keeps the private part."""
    answer = send("POST", "/dcr", json={**MACHINE, "token_endpoint_auth_method": method, "jwks": jwks})
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_client_metadata")
    assert answer["json"]["error_description"].startswith(f"{pointer}: ")


@pytest.mark.parametrize(
    ("uris", "pointer"),
    [
        ("https://example.com/cb", "/redirect_uris"),
        ([], "/redirect_uris"),
        (["https://example.com/cb"] * 2, "/redirect_uris"),
        ([f"https://example.com/{number}" for number in range(21)], "/redirect_uris"),
        ([f"https://example.com/{number}" for number in range(101)], "/redirect_uris"),
        ([""], "/redirect_uris/0"),
        (["https://example.com/ok", 1], "/redirect_uris/1"),
        ([f"https://example.com/{'x' * 2048}"], "/redirect_uris/0"),
    ],
)
def test_redirect_uris_are_a_list_of_a_few_different_ones(send: Send, uris: Any, pointer: str) -> None:
    """RFC 7591 2."""
    answer = send("POST", "/dcr", json={"redirect_uris": uris})
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_redirect_uri")
    assert answer["json"]["error_description"].startswith(f"{pointer}: ")


REFUSED_REDIRECTS = ["http://example.com/callback", "javascript:alert(1)", "https://user@example.com/cb"]


@pytest.mark.parametrize("uri", REFUSED_REDIRECTS)
def test_dangerous_redirect_uris_are_refused(send: Send, uri: str) -> None:
    """RFC 7591 3.2.2; the answer names the item and does not repeat it."""
    answer = send("POST", "/dcr", json={"redirect_uris": ["https://example.com/ok", uri]})
    assert answer["statusCode"] == 400
    assert answer["json"]["error"] == "invalid_redirect_uri"
    assert answer["json"]["error_description"].startswith("/redirect_uris/1: ")
    assert uri not in answer["json"]["error_description"]


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
def test_malformed_registrations_are_refused_without_a_failure(
    send: Send, body: str, content_type: str, status: int
) -> None:
    answer = send("POST", "/dcr", body=body, headers={"Content-Type": content_type})
    assert answer["statusCode"] == status
    assert answer["json"]["error_description"]
