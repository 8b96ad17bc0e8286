"""Clients whose keys are served at their ``jwks_uri``: RFC 7591 2, OpenID Connect Core 1.0, 9 and 10.1.1."""

import itertools
import json
from typing import Any

import jwt
import pytest

from runtime.oauth.remote.documents import FETCHES_PER_HOST, FETCHES_PER_SOURCE
from runtime.oauth.remote.fetch import Fetcher
from tests.memory.table import MemoryTable
from tests.support.keys import private_key, public_jwk
from tests.support.tls_server import HOST, PUBLIC, TlsServer, fetcher, response
from tests.unit.conftest import NOW, PUBLIC_URL, Clock, Send

URI = f"https://{HOST}/keys"
METADATA = {"grant_types": ["client_credentials"], "token_endpoint_auth_method": "private_key_jwt"}
numbers = itertools.count()


@pytest.fixture
def fetching(server: TlsServer) -> Fetcher:
    return fetcher(server)


def jwks_response(*keys: dict[str, Any], cache: str = "max-age=3600") -> bytes:
    return response(json.dumps({"keys": keys}).encode(), f"Cache-Control: {cache}")


def send_registration(send: Send, **members: Any) -> dict[str, Any]:
    return send("POST", "/dcr", json={**METADATA, "jwks_uri": URI, **members})


@pytest.fixture
def client_id(send: Send, server: TlsServer) -> str:
    server.answer = jwks_response(public_jwk("RSA", kid="1"))
    return str(send_registration(send)["json"]["client_id"])


def ask(send: Send, client_id: str, now: float = NOW, key: str = "RSA", kid: str | None = "1", **more: Any) -> Any:
    claims = {"iss": client_id, "sub": client_id, "aud": PUBLIC_URL, "exp": now + 60, "jti": f"j-{next(numbers)}"}
    algorithm = "RS256" if key.startswith("RSA") else "ES256"
    assertion = jwt.encode(claims, private_key(key), algorithm=algorithm, headers={"kid": kid} if kid else {})
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    }
    answer = send("POST", "/token", form=form, **more)
    return answer["statusCode"], answer["json"].get("error", "")


def cached_keys(table: MemoryTable) -> list[dict[str, Any]]:
    items = list(table.items.values())
    return [item for item in items if str(item["pk"]).startswith("keys#")]


def test_registering_fetches_nothing(table: MemoryTable, send: Send, server: TlsServer) -> None:
    """A client may register before it serves its keys, and a registration must not cause fetches."""
    answer = send_registration(send)
    assert (answer["statusCode"], answer["json"]["jwks_uri"]) == (201, URI)
    assert not {"client_secret", "client_secret_expires_at", "jwks"} & answer["json"].keys()
    assert (server.dialled, cached_keys(table)) == ([], [])


@pytest.mark.parametrize(
    "uri",
    ["http://client.example.com/k", "https://127.0.0.1/k", "https://u@client.example.com/k", "https://localhost/k"],
)
def test_a_jwks_uri_that_would_never_be_fetched_is_refused_by_name(send: Send, uri: str) -> None:
    """RFC 7591 3.2.2."""
    for method in ("private_key_jwt", "client_secret_basic"):
        answer = send_registration(send, jwks_uri=uri, token_endpoint_auth_method=method)
        assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_client_metadata")
        assert answer["json"]["error_description"].startswith("/jwks_uri: ")


def test_keys_are_fetched_on_demand_and_cached_as_long_as_their_server_says(
    table: MemoryTable, send: Send, server: TlsServer, client_id: str, clock: Clock
) -> None:
    """RFC 9111 4.2."""
    assert [ask(send, client_id) for _ in range(3)] == [(200, "")] * 3
    assert len(server.requests) == 1
    [item] = cached_keys(table)
    assert (item["fetched_at"], item["expires_at"]) == (NOW, NOW + 3600)
    clock.now += 3599
    assert ask(send, client_id, clock.now) == (200, "")
    assert len(server.requests) == 1
    clock.now += 1
    assert ask(send, client_id, clock.now) == (200, "")
    assert len(server.requests) == 2


def test_an_expired_copy_is_not_used_even_if_the_server_is_down(
    send: Send, server: TlsServer, client_id: str, clock: Clock
) -> None:
    assert ask(send, client_id) == (200, "")
    server.answer = response(b"{}", status="503 Away")
    assert ask(send, client_id) == (200, "")
    clock.now += 3600
    assert ask(send, client_id, clock.now) == (400, "temporarily_unavailable")


def test_an_unknown_key_id_causes_a_fetch_at_most_once_a_minute(
    send: Send, server: TlsServer, client_id: str, clock: Clock
) -> None:
    """OpenID Connect Core 1.0, 10.1.1: rotated keys."""
    assert ask(send, client_id) == (200, "")
    server.answer = jwks_response(public_jwk("EC", kid="2"))
    rotated: dict[str, Any] = {"key": "EC", "kid": "2"}
    assert ask(send, client_id, **rotated) == (401, "invalid_client")
    clock.now += 59
    assert ask(send, client_id, clock.now, **rotated) == (401, "invalid_client")
    assert len(server.requests) == 1
    clock.now += 1
    assert ask(send, client_id, clock.now, **rotated) == (200, "")
    for number in range(5):
        assert ask(send, client_id, clock.now, kid=f"invented {number}") == (401, "invalid_client")
    assert len(server.requests) == 2


def test_made_up_key_ids_cause_no_fetches_from_a_failing_server(
    send: Send, server: TlsServer, client_id: str, clock: Clock
) -> None:
    assert ask(send, client_id) == (200, "")
    clock.now += 120
    server.answer = response(b"{}", status="503 Away")
    for number in range(5):
        assert ask(send, client_id, clock.now, kid=f"invented {number}") == (401, "invalid_client")
    assert len(server.requests) == 2
    assert ask(send, client_id, clock.now) == (200, "")


@pytest.mark.parametrize(
    "answer",
    [
        response(b"{}", status="404 Not Found"),
        response(b"{}"),
        response(b'{"keys": {}}'),
        response(b'{"keys": []}'),
        response(b'{"keys": [1]}'),
        response(b'{"keys": [{"kty": "oct", "k": "eA"}]}'),
        response(b'{"keys": [{"kty": "RSA", "n": "eA", "e": "AQAB"}]}'),
        response(b"<html>", content_type="text/html"),
        response(b'{"keys": [], "x": "' + b"x" * 10240 + b'"}'),
    ],
)
def test_keys_that_cannot_be_fetched_fail_authentication_and_are_not_cached(
    table: MemoryTable, send: Send, server: TlsServer, client_id: str, answer: bytes
) -> None:
    """RFC 6749 5.2; never a failure of this server."""
    server.answer = answer
    assert ask(send, client_id) == (401, "invalid_client")
    assert cached_keys(table) == []
    server.answer = jwks_response(public_jwk("RSA", kid="1"))
    assert ask(send, client_id) == (200, "")


def test_a_client_is_not_authenticated_by_the_keys_of_another(send: Send, client_id: str) -> None:
    assert ask(send, client_id, key="RSA 2") == (401, "invalid_client")
    assert ask(send, client_id, key="RSA 2", kid=None) == (401, "invalid_client")
    assert ask(send, client_id, kid=None) == (200, "")


@pytest.mark.parametrize("method", ["client_secret_basic", "none"])
def test_a_client_of_another_method_causes_no_fetch(send: Send, server: TlsServer, method: str) -> None:
    answer = send_registration(
        send,
        token_endpoint_auth_method=method,
        grant_types=["authorization_code"],
        redirect_uris=["https://a.example/"],
    )
    assert ask(send, answer["json"]["client_id"]) == (401, "invalid_client")
    assert server.dialled == []


def test_an_unknown_client_causes_no_fetch(send: Send, server: TlsServer) -> None:
    assert ask(send, "0" * 32) == (401, "invalid_client")
    assert server.dialled == []


def test_fetches_of_keys_are_limited_by_source_and_by_host(send: Send, server: TlsServer, clock: Clock) -> None:
    """Limits by source address, and by host for all sources."""
    server.answer = response(b"{}", status="404 Not Found")
    client_id = send_registration(send)["json"]["client_id"]
    outcomes = [ask(send, client_id) for _ in range(FETCHES_PER_SOURCE + 1)]
    assert outcomes == [(401, "invalid_client")] * FETCHES_PER_SOURCE + [(429, "temporarily_unavailable")]
    for number in range(FETCHES_PER_HOST - FETCHES_PER_SOURCE):
        assert ask(send, client_id, source_ip=f"198.51.100.{number}")[0] == 401
    assert ask(send, client_id, source_ip="198.51.100.250") == (429, "temporarily_unavailable")
    assert len(server.requests) == FETCHES_PER_HOST
    clock.now += 60
    server.answer = jwks_response(public_jwk("RSA", kid="1"))
    assert ask(send, client_id, clock.now) == (200, "")
    assert {address for address, _port in server.dialled} == {PUBLIC}


@pytest.mark.parametrize("member", ["jwks", "jwks_uri"])
def test_a_client_may_change_from_one_kind_of_keys_to_the_other(
    send: Send, client_id: str, server: TlsServer, member: str
) -> None:
    """RFC 7592 2.2."""
    client = send_registration(send)["json"]
    headers = {"Authorization": f"Bearer {client['registration_access_token']}"}
    value: Any = URI if member == "jwks_uri" else {"keys": [public_jwk("EC", kid="1")]}
    asked = {**METADATA, "client_id": client["client_id"], member: value}
    path = {"path_parameters": {"clientId": client["client_id"]}}
    assert send("PUT", "/clients/{clientId}", json=asked, headers=headers, **path)["statusCode"] == 200
    assert ask(send, client["client_id"], key="RSA" if member == "jwks_uri" else "EC") == (200, "")
