"""Clients that sign, tokens that are revoked and asked about, over HTTP through the whole stack."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest

from tests.e2e.conftest import AUTHORIZER_CACHE_SECONDS, Server
from tests.support.keys import private_key, public_jwk

# Each starts a function of its own, which takes its time on a small machine.
REQUESTS_AT_ONCE = 4
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
KEYS = {"keys": [public_jwk("RSA", kid="rsa"), public_jwk("EC", kid="ec")]}
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(scope="module")
def signing(server: Server) -> dict[str, Any]:
    """A client that authenticates by what it signs."""
    return server.register(token_endpoint_auth_method="private_key_jwt", jwks=KEYS)


def assertion(server: Server, client: dict[str, Any], token_id: str, algorithm: str = "ES256") -> dict[str, str]:
    who, key = client["client_id"], "EC" if algorithm == "ES256" else "RSA"
    claims = {"iss": who, "sub": who, "aud": server.url, "exp": int(time.time()) + 120, "jti": token_id}
    signed = jwt.encode(claims, private_key(key), algorithm=algorithm, headers={"kid": key.lower()})
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}


def credentials(client: dict[str, Any]) -> tuple[str, str]:
    return client["client_id"], client["client_secret"]


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256"])
def test_a_client_that_signs_gets_a_token_that_works_and_is_let_in_once(
    server: Server, signing: dict[str, Any], algorithm: str
) -> None:
    """RFC 7523 2.2 and 3."""
    assert "client_secret" not in signing
    form = {"grant_type": "client_credentials", **assertion(server, signing, f"one {algorithm}", algorithm)}
    answer = server.send("POST", "/token", data=form)
    assert answer.status_code == 200, answer.text
    assert server.rpc(answer.json()["access_token"], PING).status_code == 200
    again = server.send("POST", "/token", data=form)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


def test_of_many_uses_of_an_assertion_at_once_exactly_one_wins(server: Server, signing: dict[str, Any]) -> None:
    """RFC 7523 3, item 7."""
    form = {"grant_type": "client_credentials", **assertion(server, signing, "contested")}
    start = threading.Barrier(REQUESTS_AT_ONCE)

    def use(_number: int) -> int:
        start.wait()
        return server.send("POST", "/token", data=form).status_code

    with ThreadPoolExecutor(REQUESTS_AT_ONCE) as threads:
        outcomes = sorted(threads.map(use, range(REQUESTS_AT_ONCE)))
    assert outcomes == [200] + [401] * (REQUESTS_AT_ONCE - 1)


def test_a_client_that_signs_may_not_do_anything_else_at_the_same_time(server: Server, signing: dict[str, Any]) -> None:
    """RFC 6749 2.3. A wrong secret in the header is refused before the body is read."""
    form = {"grant_type": "client_credentials", **assertion(server, signing, "two ways")}
    answer = server.send("POST", "/token", data={**form, "client_secret": "x", "client_id": signing["client_id"]})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    answer = server.send("POST", "/token", data=form, auth=(signing["client_id"], "x"))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_client_without_keys_cannot_register_to_sign(server: Server) -> None:
    """OpenID Connect Core 1.0, 9."""
    asked = {"grant_types": ["client_credentials"], "token_endpoint_auth_method": "private_key_jwt"}
    keys: dict[str, Any]
    for keys in ({}, {"jwks_uri": "http://example.com/jwks"}, {"jwks": {"keys": []}}):
        answer = server.send("POST", "/dcr", json={**asked, **keys})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")
        assert answer.json()["error_description"].startswith("/jwks")


def test_a_public_client_gets_no_token_by_naming_itself(server: Server) -> None:
    """RFC 6749 4.4 and 5.2: it is known, but not authorized to use this grant type."""
    asked = {"redirect_uris": ["https://example.com/cb"], "token_endpoint_auth_method": "none"}
    client_id = server.send("POST", "/dcr", json=asked).json()["client_id"]
    answer = server.send("POST", "/token", data={"grant_type": "client_credentials", "client_id": client_id})
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")


def test_a_revoked_token_stops_once_the_cached_answer_has_run_out_and_the_others_go_on(server: Server) -> None:
    """RFC 7009 2."""
    client = server.register()
    revoked, other = server.token(client), server.token(client, scope="mcp")
    assert server.rpc(revoked, PING).status_code == 200
    answer = server.send("POST", "/revoke", data={"token": revoked}, auth=credentials(client))
    assert (answer.status_code, answer.content) == (200, b"")
    time.sleep(AUTHORIZER_CACHE_SECONDS + 0.5)
    refused = server.rpc(revoked, PING)
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    assert server.rpc(other, PING).status_code == 200


def test_a_client_revokes_its_own_tokens_only(server: Server) -> None:
    """RFC 7009 2.1 and 2.2."""
    client, other = server.register(), server.register()
    token = server.token(client)
    foreign = server.send("POST", "/revoke", data={"token": token}, auth=credentials(other))
    assert (foreign.status_code, foreign.json()["error"]) == (400, "invalid_grant")
    assert server.send("POST", "/revoke", data={"token": "none"}, auth=credentials(other)).status_code == 200
    assert server.send("POST", "/revoke", data={"token": token}).status_code == 401
    assert server.rpc(token, PING).status_code == 200


def test_a_client_asks_about_its_own_tokens_only(server: Server) -> None:
    """RFC 7662 2."""
    client, other = server.register(), server.register()
    token = server.token(client)

    def ask(who: dict[str, Any]) -> dict[str, Any]:
        answer = server.send("POST", "/introspect", data={"token": token}, auth=credentials(who))
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        return dict(answer.json())

    told = ask(client)
    assert (told["active"], told["client_id"], told["aud"]) == (True, client["client_id"], f"{server.url}/mcp")
    assert ask(other) == {"active": False}
    server.send("POST", "/revoke", data={"token": token}, auth=credentials(client))
    assert ask(client) == {"active": False}
    assert server.send("POST", "/introspect", data={"token": token}).status_code == 401
