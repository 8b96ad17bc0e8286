"""The introspection endpoint: RFC 7662. Its client authentication is tested with that of revocation."""

from typing import Any

import jwt
import pytest

from tests.memory.keys import MemoryKeys
from tests.support.machines import headers, issue
from tests.unit.conftest import NOW, PUBLIC_URL, Clock, Send

MACHINE = {"grant_types": ["client_credentials"], "scope": "mcp mcp:admin"}
INACTIVE = {"active": False}


@pytest.fixture
def client(send: Send) -> dict[str, Any]:
    return dict(send("POST", "/dcr", json=MACHINE)["json"])


def introspect(send: Send, client: dict[str, Any], token: str, **more: str) -> dict[str, Any]:
    answer = send("POST", "/introspect", form={"token": token, **more}, headers=headers(client))
    assert answer["statusCode"] == 200
    assert answer["headers"]["Cache-Control"] == "no-store"
    return dict(answer["json"])


def test_a_client_learns_what_its_token_says(send: Send, client: dict[str, Any]) -> None:
    """RFC 7662 2.2."""
    token = issue(send, client)
    assert introspect(send, client, token) == {
        "active": True,
        "scope": "mcp mcp:admin",
        "client_id": client["client_id"],
        "token_type": "Bearer",
        "exp": NOW + 3600,
        "iat": NOW,
        "sub": client["client_id"],
        "aud": f"{PUBLIC_URL}/mcp",
        "iss": PUBLIC_URL,
        "jti": jwt.decode(token, options={"verify_signature": False})["jti"],
    }


@pytest.mark.parametrize("hint", ["refresh_token", "of another kind"])
def test_the_hint_changes_nothing(send: Send, client: dict[str, Any], hint: str) -> None:
    """RFC 7662 2.1: the server may ignore it."""
    assert introspect(send, client, issue(send, client), token_type_hint=hint)["active"] is True


def test_the_token_of_another_client_is_reported_as_not_active(send: Send, client: dict[str, Any]) -> None:
    """RFC 7662 2.2: a token that the client may not introspect is reported as not active."""
    other = send("POST", "/dcr", json=MACHINE)["json"]
    assert introspect(send, other, issue(send, client)) == INACTIVE


def test_a_revoked_or_expired_token_is_not_active(send: Send, client: dict[str, Any], clock: Clock) -> None:
    """RFC 7662 2.2 and 4."""
    revoked, expired = issue(send, client), issue(send, client)
    send("POST", "/revoke", form={"token": revoked}, headers=headers(client))
    assert introspect(send, client, revoked) == INACTIVE
    assert introspect(send, client, expired)["active"] is True
    clock.now += 3600
    assert introspect(send, client, expired) == INACTIVE


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "\x00", "x" * 60_000])
def test_an_invalid_token_is_not_active(send: Send, client: dict[str, Any], token: str) -> None:
    assert introspect(send, client, token) == INACTIVE


def test_a_token_under_another_key_or_with_another_audience_is_not_active(
    send: Send, client: dict[str, Any], keys: MemoryKeys
) -> None:
    """RFC 7662 4: the signature is checked, and that the token is for this server."""
    key = keys.read()[0]
    claims = jwt.decode(issue(send, client), options={"verify_signature": False})
    header = {"typ": "at+jwt", "kid": key.kid}
    forged = jwt.encode(claims, "x" * 64, algorithm="HS256", headers=header)
    elsewhere = jwt.encode({**claims, "aud": PUBLIC_URL}, key.value, algorithm="HS256", headers=header)
    assert introspect(send, client, forged) == introspect(send, client, elsewhere) == INACTIVE


def test_a_missing_token_is_an_invalid_request(send: Send, client: dict[str, Any]) -> None:
    """RFC 7662 2.1 and 2.3."""
    answer = send("POST", "/introspect", form={"token": ""}, headers=headers(client))
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_request")
