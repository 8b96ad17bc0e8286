"""What the deployed server makes of URLs and statements of strangers: it refuses them, and never fails."""

import time
from typing import Any

import jwt
import pytest

from tests.e2e.conftest import Server
from tests.support.keys import private_key

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEYS = {"grant_types": ["client_credentials"], "token_endpoint_auth_method": "private_key_jwt"}


def ask(server: Server, client_id: str) -> tuple[int, str]:
    claims = {"iss": client_id, "sub": client_id, "aud": server.url, "exp": int(time.time()) + 60, "jti": client_id}
    signed = jwt.encode(claims, private_key("EC"), algorithm="ES256", headers={"kid": "1"})
    form = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": signed}
    answer = server.send("POST", "/token", data=form)
    return answer.status_code, answer.json()["error"]


def registration_error(server: Server, **metadata: Any) -> tuple[int, str, str]:
    answer = server.send("POST", "/dcr", json={"client_name": "stranger", **metadata})
    return answer.status_code, answer.json()["error"], answer.json()["error_description"].split(":")[0]


def test_keys_that_cannot_be_had_are_a_failed_authentication(server: Server) -> None:
    """RFC 7591 2: the keys at a jwks_uri; registering asks nobody for them."""
    client = server.register(**KEYS, jwks_uri="https://no-such-host.invalid/keys")
    assert ask(server, client["client_id"]) == (401, "invalid_client")


@pytest.mark.parametrize("uri", ["https://127.0.0.1/keys", "https://2130706433/keys", "https://localhost/keys"])
def test_a_jwks_uri_into_the_network_is_refused_at_registration(server: Server, uri: str) -> None:
    assert registration_error(server, **KEYS, jwks_uri=uri) == (400, "invalid_client_metadata", "/jwks_uri")


def test_a_document_that_cannot_be_had_is_an_unknown_client(server: Server) -> None:
    """Client ID Metadata Document 4."""
    for url in ("https://no-such-host.invalid/client.json", "https://[::1]/client.json"):
        assert ask(server, url) == (401, "invalid_client")


def test_a_software_statement_is_not_approved_where_nobody_is_trusted(server: Server) -> None:
    """RFC 7591 3.2.2."""
    statement = jwt.encode({"iss": "https://vouches.example"}, private_key("EC"), algorithm="ES256")
    assert registration_error(server, software_statement=statement) == (
        400,
        "unapproved_software_statement",
        "/software_statement",
    )


def test_redirect_uris_of_real_clients_are_taken_and_dangerous_ones_refused_by_name(server: Server) -> None:
    """RFC 8252 7, RFC 7591 3.2.2."""
    taken = ["cursor://anysphere.cursor-mcp/oauth/callback", "http://127.0.0.1/callback", "https://claude.ai/callback"]
    asked = {"grant_types": ["authorization_code"], "token_endpoint_auth_method": "none", "redirect_uris": taken}
    assert server.register(**asked)["redirect_uris"] == taken
    for uri in ("javascript:alert(1)", "https://user@example.com/", "http://example.com/", "https://*.example.com/"):
        assert registration_error(server, redirect_uris=[*taken, uri]) == (
            400,
            "invalid_redirect_uri",
            "/redirect_uris/3",
        )
