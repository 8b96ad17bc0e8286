"""Each value in the metadata documents is one that somebody can rely on (RFC 8414, RFC 9728)."""

import itertools
import time
from typing import Any

import jwt
import pytest
import requests

from tests.e2e.authorization.answers import GRANT, MACHINE, PING, credentials, refusal, secret_in_body
from tests.e2e.conftest import Server, bearer
from tests.support.keys import private_key, public_jwk

PLACES = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp",
]
AUTHENTICATED = ("token", "revocation", "introspection")
KEYS = {"keys": [public_jwk("RSA", kid="RSA"), public_jwk("EC", kid="EC")]}
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# How each method of client authentication that is advertised is used; one more needs a line here.
METHODS = {"client_secret_basic", "client_secret_post", "private_key_jwt"}
ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}


@pytest.fixture(scope="module")
def document(server: Server) -> dict[str, Any]:
    return dict(server.send("GET", PLACES[0]).json())


@pytest.fixture(scope="module")
def resource(server: Server) -> dict[str, Any]:
    return dict(server.send("GET", PLACES[2]).json())


def sign_assertion(document: dict[str, Any], client: dict[str, Any], algorithm: str) -> dict[str, str]:
    """An assertion of a client."""
    who, key = client["client_id"], ALGORITHMS[algorithm]
    claims = {"iss": who, "sub": who, "aud": document["issuer"], "exp": int(time.time()) + 120}
    claims["jti"] = f"{algorithm} {time.monotonic_ns()}"
    assertion = jwt.encode(claims, private_key(key), algorithm=algorithm, headers={"kid": key})
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}


@pytest.mark.parametrize("place", PLACES)
def test_every_document_may_be_cached_for_an_hour_and_read_by_any_page(server: Server, place: str) -> None:
    """RFC 8414 3.2 and RFC 9728 3.2: 200 and application/json; RFC 9111 5.2; Fetch standard."""
    answer = server.send("GET", place, headers={"Origin": "https://app.example.com"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    # RFC 8414 3.2: "Claims with zero elements MUST be omitted from the response".
    assert all(value not in ([], None, "") for value in answer.json().values())


@pytest.mark.parametrize("place", PLACES)
def test_a_document_can_be_asked_for_without_its_content(server: Server, place: str) -> None:
    """RFC 9110 9.3.2."""
    answer = server.send("HEAD", place)
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_issuer_and_the_resource_are_the_urls_that_the_documents_were_found_by(
    server: Server, document: dict[str, Any], resource: dict[str, Any]
) -> None:
    """RFC 8414 3.3 and RFC 9728 3.3: "MUST be identical"."""
    assert document["issuer"] == server.url
    assert resource["resource"] == f"{server.url}/mcp"
    assert resource["authorization_servers"] == [document["issuer"]]


def test_the_same_stands_at_all_the_places_where_clients_look(server: Server, document: dict[str, Any]) -> None:
    """RFC 8414 3.1 and 5; OpenID Connect Discovery 1.0, 4."""
    told = server.send("GET", PLACES[1]).json()
    assert told.items() >= document.items()
    assert server.send("GET", PLACES[2]).json() == server.send("GET", PLACES[3]).json()
    keys = server.send("GET", told["jwks_uri"].removeprefix(server.url))
    assert (keys.status_code, keys.json()) == (200, {"keys": []})


def test_the_registration_endpoint_registers(document: dict[str, Any]) -> None:
    """RFC 8414 2: registration_endpoint."""
    assert requests.post(document["registration_endpoint"], json=MACHINE, timeout=30).status_code == 201


def test_every_scope_can_be_had(server: Server, document: dict[str, Any], resource: dict[str, Any]) -> None:
    """RFC 8414 2 and RFC 9728 2: scopes_supported."""
    # What asks for a refresh token is no scope of the resource (MCP 2026-07-28, Refresh Tokens).
    assert document["scopes_supported"] == [*resource["scopes_supported"], "offline_access"]
    client = server.register(scope=" ".join(resource["scopes_supported"]))
    for scope in resource["scopes_supported"]:
        answer = server.send("POST", "/token", data={**GRANT, "scope": scope}, auth=credentials(client))
        assert (answer.status_code, answer.json()["scope"]) == (200, scope)


def test_client_credentials_is_a_grant_that_works_and_what_is_not_listed_is_refused(
    server: Server, document: dict[str, Any]
) -> None:
    """RFC 8414 2: grant_types_supported."""
    assert "client_credentials" in document["grant_types_supported"]
    client = server.register()
    assert server.token(client)
    for grant in ("password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer"):
        assert grant not in document["grant_types_supported"]
        answer = server.send("POST", "/token", data={"grant_type": grant}, auth=credentials(client))
        assert refusal(answer) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(("endpoint", "method"), list(itertools.product(AUTHENTICATED, sorted(METHODS))))
def test_every_method_of_authentication_works_where_it_is_listed(
    server: Server, document: dict[str, Any], endpoint: str, method: str
) -> None:
    """RFC 8414 2: token_, revocation_ and introspection_endpoint_auth_methods_supported."""
    assert set(document[f"{endpoint}_endpoint_auth_methods_supported"]) >= METHODS
    keys = {"jwks": KEYS} if method == "private_key_jwt" else {}
    client = server.register(token_endpoint_auth_method=method, **keys)
    form = {**GRANT, "token": "any"}
    if method == "client_secret_post":
        form |= secret_in_body(client)
    elif method == "private_key_jwt":
        form |= sign_assertion(document, client, "ES256")
    auth = credentials(client) if method == "client_secret_basic" else None
    answer = requests.post(document[f"{endpoint}_endpoint"], data=form, auth=auth, timeout=30)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("endpoint", "algorithm"), list(itertools.product(AUTHENTICATED, ALGORITHMS)))
def test_every_signing_algorithm_works_where_it_is_listed(
    server: Server, document: dict[str, Any], endpoint: str, algorithm: str
) -> None:
    """RFC 8414 2: token_, revocation_ and introspection_endpoint_auth_signing_alg_values_supported."""
    assert set(document[f"{endpoint}_endpoint_auth_signing_alg_values_supported"]) == set(ALGORITHMS)
    client = server.register(token_endpoint_auth_method="private_key_jwt", jwks=KEYS)
    form = {**GRANT, "token": "any", **sign_assertion(document, client, algorithm)}
    assert requests.post(document[f"{endpoint}_endpoint"], data=form, timeout=30).status_code == 200


def test_a_token_is_taken_in_the_header_and_nowhere_else(server: Server, resource: dict[str, Any], token: str) -> None:
    """RFC 9728 2: bearer_methods_supported; RFC 6750 2.2 and 2.3 are not offered; MCP Authorization, Token
    Requirements 2: "Access tokens MUST NOT be included in the URI query string"."""
    assert resource["bearer_methods_supported"] == ["header"]
    assert server.send("POST", "/mcp", json=PING, headers=bearer(token)).status_code == 200
    assert server.send("POST", f"/mcp?access_token={token}", json=PING).status_code == 401
    assert server.send("POST", "/mcp", data={"access_token": token}).status_code == 401
    assert server.send("POST", "/mcp", json=PING, headers={"Cookie": f"access_token={token}"}).status_code == 401
