"""Client registration (RFC 7591), over HTTP through the whole stack."""

from typing import Any

import pytest

from tests.e2e.authorization.answers import INTERACTIVE, MACHINE, error_pointer, refusal
from tests.e2e.conftest import Server
from tests.support.keys import public_jwk

EVERYTHING: dict[str, Any] = {
    "redirect_uris": ["https://example.com/callback"],
    "token_endpoint_auth_method": "client_secret_post",
    "grant_types": ["authorization_code", "refresh_token"],
    "response_types": ["code"],
    "client_name": "Plain",
    "client_name#ja": "\u30c4\u30fc\u30eb",
    "client_uri": "https://example.com",
    "client_uri#fr": "https://example.com/fr",
    "logo_uri": "https://example.com/logo.png",
    "tos_uri": "https://example.com/tos",
    "policy_uri": "https://example.com/policy",
    "contacts": ["ops@example.com"],
    "scope": "mcp",
    "jwks": {"keys": [public_jwk("EC", kid="1")]},
    "software_id": "4NRB1-0XZABZI9E6-5SM3R",
    "software_version": "2.1",
    "application_type": "web",
}
REFUSED: list[tuple[str, Any]] = [
    ("/token_endpoint_auth_method", "client_secret_jwt"),
    ("/grant_types", "client_credentials"),
    ("/grant_types", ["implicit"]),
    ("/grant_types/0", [1]),
    ("/client_name", ""),
    ("/client_name", "x" * 201),
    ("/client_uri", "javascript:alert(1)"),
    ("/logo_uri", "data:image/png;base64,AAAA"),
    ("/contacts", "ops@example.com"),
    ("/contacts", ["x"] * 21),
    ("/scope", ["mcp"]),
    ("/jwks", "{}"),
    ("/jwks_uri", "http://example.com/jwks"),
    ("/software_version", 2),
    ("/application_type", "service"),
]


def test_the_answer_holds_everything_that_was_registered_and_the_credentials(server: Server) -> None:
    """RFC 7591 3.2.1; RFC 7592 3 for the last two."""
    answer = server.send("POST", "/dcr", json=MACHINE)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (201, "no-store")
    client = answer.json()
    assert client.items() >= MACHINE.items()
    assert client["client_secret_expires_at"] == 0
    assert client["registration_client_uri"] == f"{server.url}/clients/{client['client_id']}"
    assert min(len(client[name]) for name in ("client_secret", "registration_access_token")) >= 43


def test_every_member_of_the_client_metadata_comes_back_as_it_was_sent(server: Server) -> None:
    """RFC 7591 2, and 2.2 for language tags."""
    client = server.send("POST", "/dcr", json=EVERYTHING).json()
    assert client.items() >= EVERYTHING.items()


def test_members_that_nobody_specified_are_ignored(server: Server) -> None:
    """RFC 7591 2: "The authorization server MUST ignore any client metadata sent by the client that it does not
    understand"."""
    answer = server.send("POST", "/dcr", json={**MACHINE, "made_up": {"deep": [1]}, "client_id": "mine"})
    assert answer.status_code == 201
    assert "made_up" not in answer.json()
    assert answer.json()["client_id"] != "mine"


def test_members_that_are_left_out_or_null_get_their_defaults(server: Server) -> None:
    """RFC 7591 2."""
    client = server.send("POST", "/dcr", json={**INTERACTIVE, "grant_types": None}).json()
    assert client["token_endpoint_auth_method"] == "client_secret_basic"
    assert (client["grant_types"], client["response_types"]) == (["authorization_code"], ["code"])
    assert client["scope"].split()[0] == "mcp"


def test_a_client_without_a_secret_gets_none(server: Server) -> None:
    """RFC 7591 3.2.1."""
    for method in ({"token_endpoint_auth_method": "none"}, {"token_endpoint_auth_method": "private_key_jwt"}):
        asked = {**INTERACTIVE, **method, "jwks": EVERYTHING["jwks"]}
        client = server.send("POST", "/dcr", json=asked).json()
        assert client["registration_access_token"]
        assert not {"client_secret", "client_secret_expires_at"} & client.keys()


def test_every_registration_makes_new_credentials(server: Server) -> None:
    """RFC 7591 3.2.1: the client_id "SHOULD NOT be currently valid for any other registered client"."""
    made = [server.register() for _ in range(3)]
    for name in ("client_id", "client_secret", "registration_access_token"):
        assert len({client[name] for client in made}) == 3


@pytest.mark.parametrize(("pointer", "value"), REFUSED)
def test_a_member_that_is_refused_is_named_by_its_json_pointer(server: Server, pointer: str, value: Any) -> None:
    """RFC 7591 3.2.2; RFC 6901."""
    answer = server.send("POST", "/dcr", json={**INTERACTIVE, pointer.split("/")[1]: value})
    assert refusal(answer) == (400, "invalid_client_metadata")
    assert error_pointer(answer) == pointer


@pytest.mark.parametrize("uris", ["https://example.com", [1], [""], ["https://example.com/" + "x" * 2048]])
def test_redirect_uris_of_a_wrong_shape_are_invalid_redirect_uri(server: Server, uris: Any) -> None:
    """RFC 7591 3.2.2: "The value of one or more redirection URIs is invalid"."""
    answer = server.send("POST", "/dcr", json={"redirect_uris": uris})
    assert refusal(answer) == (400, "invalid_redirect_uri")
    assert error_pointer(answer).startswith("/redirect_uris")


def test_the_authorization_code_grant_needs_a_redirect_uri(server: Server) -> None:
    """RFC 7591 2: clients using flows with redirection "MUST register their redirection URI values"."""
    for asked in ({}, {"grant_types": ["authorization_code"], "redirect_uris": []}):
        assert refusal(server.send("POST", "/dcr", json=asked)) == (400, "invalid_redirect_uri")


@pytest.mark.parametrize(
    ("grants", "responses"),
    [
        (["client_credentials"], ["code"]),
        (["authorization_code"], []),
        (["authorization_code"], ["token"]),
        (["authorization_code"], ["code", "token"]),
    ],
)
def test_grant_types_and_response_types_must_go_together(
    server: Server, grants: list[str], responses: list[str]
) -> None:
    """RFC 7591 2.1."""
    answer = server.send("POST", "/dcr", json={**INTERACTIVE, "grant_types": grants, "response_types": responses})
    assert refusal(answer) == (400, "invalid_client_metadata")
    assert error_pointer(answer) == "/response_types"


def test_a_public_client_cannot_register_for_client_credentials(server: Server) -> None:
    """RFC 6749 4.4: "MUST only be used by confidential clients"."""
    answer = server.send("POST", "/dcr", json={**MACHINE, "token_endpoint_auth_method": "none"})
    assert refusal(answer) == (400, "invalid_client_metadata")
    assert error_pointer(answer) == "/token_endpoint_auth_method"


def test_scopes_that_are_not_supported_are_left_out_and_the_base_scope_is_always_in(server: Server) -> None:
    """RFC 7591 2: the server "MAY reject or replace any of the client's requested metadata values"."""
    assert server.register(scope="openid everything")["scope"] == "mcp"


def test_a_registration_must_be_one_json_object(server: Server) -> None:
    """RFC 7591 3.1: "application/json"."""
    assert refusal(server.send("POST", "/dcr", data={"client_name": "form"})) == (415, "unsupported_media_type")
    headers = {"Content-Type": "application/json"}
    for body, error in ((b"", "invalid_request"), (b"{", "invalid_request"), (b"[]", "invalid_client_metadata")):
        assert refusal(server.send("POST", "/dcr", data=body, headers=headers)) == (400, error)


def test_a_member_with_a_tag_of_no_language_is_one_that_nobody_specified(server: Server) -> None:
    """RFC 7591 2.2: tags are those of RFC 5646, so the description of an error, which names a member, stays ASCII."""
    for tag in ("\u65e5\u672c", "x" * 10_000):
        answer = server.send("POST", "/dcr", json={**MACHINE, f"client_name#{tag}": 5})
        assert answer.status_code == 201
        assert f"client_name#{tag}" not in answer.json()
