"""The token endpoint (RFC 6749 3.2, 4.4 and 5), over HTTP through the whole stack."""

import re
import time
from typing import Any

import jwt
import pytest

from tests.e2e.authorization.answers import GRANT, INTERACTIVE, PING, credentials, error_pointer, refusal
from tests.e2e.conftest import AUTHORIZER_CACHE_SECONDS, Server

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def client(server: Server) -> dict[str, Any]:
    return server.register()


def ask(server: Server, client: dict[str, Any], body: Any = None, **parameters: Any) -> Any:
    """The answer to a token request of a client; ``body`` in place of the grant and ``parameters``."""
    data = {**GRANT, **parameters} if body is None else body
    return server.send("POST", "/token", data=data, auth=credentials(client), headers={"Content-Type": FORM})


def test_a_token_comes_with_its_type_lifetime_and_scope_and_no_cache_keeps_it(
    server: Server, client: dict[str, Any]
) -> None:
    """RFC 6749 5.1."""
    answer = ask(server, client)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, client["scope"])
    assert body.keys() == {"access_token", "token_type", "expires_in", "scope"}


def test_an_access_token_has_the_claims_of_its_profile(server: Server, client: dict[str, Any]) -> None:
    """RFC 9068 2.1 and 2.2; 3: for client credentials "sub" is the client.

    It is signed to last as long as a cached decision longer than ``expires_in`` says.
    """
    token = server.token(client)
    header, claims = jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})
    assert (header["typ"], header["alg"], bool(header["kid"])) == ("at+jwt", "HS256", True)
    assert claims.keys() == {"iss", "aud", "sub", "client_id", "scope", "iat", "exp", "jti"}
    assert (claims["iss"], claims["aud"]) == (server.url, f"{server.url}/mcp")
    assert claims["sub"] == claims["client_id"] == client["client_id"]
    assert claims["exp"] - claims["iat"] == 3600 + AUTHORIZER_CACHE_SECONDS
    assert abs(claims["iat"] - time.time()) < 60


def test_every_token_has_an_id_of_its_own(server: Server, client: dict[str, Any]) -> None:
    """RFC 9068 2.2, jti."""
    ids = {jwt.decode(server.token(client), options={"verify_signature": False})["jti"] for _ in range(3)}
    assert len(ids) == 3


def test_a_token_that_was_changed_anywhere_is_refused(server: Server, client: dict[str, Any]) -> None:
    """RFC 9068 4; RFC 8725 3.1: no other algorithm, key, type, issuer or audience."""
    token = server.token(client)
    header, claims = jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})
    kid = {"kid": header["kid"], "typ": "at+jwt"}
    head, body, signature = token.split(".")
    forged = [
        f"{head}.{body}.{signature[:-2]}AA",
        f"{head}.{body}.",
        jwt.encode(claims, "x" * 32, algorithm="HS256", headers=kid),
        jwt.encode(claims, "", algorithm="none", headers=kid),
    ]
    assert [server.rpc(attempt, PING).status_code for attempt in [*forged, token]] == [401] * 4 + [200]


def test_what_is_asked_for_is_granted_within_what_is_registered(server: Server, client: dict[str, Any]) -> None:
    """RFC 6749 3.3: scopes are case-sensitive, order does not matter; never more than is registered."""
    for scope in ("mcp mcp", "mcp everything", "mcp offline_access"):
        assert ask(server, client, scope=scope).json()["scope"] == "mcp"
    for scope in ("everything", "MCP", "mcp\tmcp:other", "*", " ,"):
        assert refusal(ask(server, client, scope=scope)) == (400, "invalid_scope")


def test_a_token_is_for_the_mcp_endpoint_and_nothing_else(server: Server, client: dict[str, Any]) -> None:
    """RFC 8707 2: invalid_target; the resource may be given more than once, and by MCP in capitals."""
    resource = f"{server.url}/mcp"
    for right in ([resource, resource], resource.replace(server.url, server.url.upper())):
        assert ask(server, client, resource=right).status_code == 200
    for wrong in (f"{resource}/", server.url, "https://elsewhere.example.com/mcp", [resource, server.url], "x"):
        answer = ask(server, client, resource=wrong)
        assert refusal(answer) == (400, "invalid_target")
        assert error_pointer(answer) == "/resource"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", (400, "invalid_request")),
        ("grant_type=", (400, "invalid_request")),
        ("scope=mcp", (400, "invalid_request")),
        ("grant_type=client_credentials&grant_type=client_credentials", (400, "invalid_request")),
        ("grant_type=client_credentials&scope=mcp&scope=mcp", (400, "invalid_request")),
        ("grant_type=client_credentials&scope=%ff", (400, "invalid_request")),
        ("grant_type=client_credentials&scope=" + "x" * 1001, (400, "invalid_request")),
        ("grant_type=password&username=a&password=b", (400, "unsupported_grant_type")),
        ("grant_type=CLIENT_CREDENTIALS", (400, "unsupported_grant_type")),
        ("grant_type=urn:ietf:params:oauth:grant-type:device_code", (400, "unsupported_grant_type")),
        ("grant_type=client_credentials&scope=everything", (400, "invalid_scope")),
        ("grant_type=client_credentials&resource=https://example.com", (400, "invalid_target")),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else None,
)
def test_every_error_of_the_token_endpoint_has_its_code(
    server: Server, client: dict[str, Any], body: str, expected: tuple[int, str]
) -> None:
    """RFC 6749 5.2 and RFC 8707 2; the description keeps to the characters of 5.2, and no cache keeps it."""
    answer = ask(server, client, body)
    assert refusal(answer) == expected
    assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", answer.json()["error_description"])
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_client_gets_no_token_by_a_grant_it_is_not_registered_for(server: Server) -> None:
    """RFC 6749 5.2: unauthorized_client."""
    client = server.send("POST", "/dcr", json=INTERACTIVE).json()
    assert refusal(ask(server, client)) == (400, "unauthorized_client")


def test_unknown_parameters_are_ignored_and_empty_ones_are_as_if_left_out(
    server: Server, client: dict[str, Any]
) -> None:
    """RFC 6749 3.2: "Parameters sent without a value MUST be treated as if they were omitted"; "MUST ignore
    unrecognized request parameters"."""
    answer = ask(server, client, scope="", resource="", audience="https://example.com", made_up="x")
    assert (answer.status_code, answer.json()["scope"]) == (200, client["scope"])


def test_tokens_are_asked_for_by_post_in_the_body(server: Server, client: dict[str, Any]) -> None:
    """RFC 6749 3.2: "The client MUST use the HTTP "POST" method"; 2.3.1: nothing of it in the URI."""
    query = "/token?grant_type=client_credentials"
    answer = server.send("GET", query, auth=credentials(client))
    assert (refusal(answer), answer.headers["Allow"]) == ((405, "method_not_allowed"), "POST")
    headers = {"Content-Type": FORM}
    assert refusal(server.send("POST", query, auth=credentials(client), headers=headers)) == (400, "invalid_request")
    in_json = server.send("POST", "/token", json=GRANT, auth=credentials(client))
    assert refusal(in_json) == (415, "unsupported_media_type")
