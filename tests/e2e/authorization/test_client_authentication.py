"""Client authentication (RFC 6749 2.3, RFC 7523), over HTTP through the whole stack."""

import time
from typing import Any
from urllib.parse import quote

import jwt
import pytest

from tests.e2e.authorization.answers import GRANT, credentials, refusal, secret_in_body
from tests.e2e.conftest import RENAMED_CHALLENGE, Server, basic
from tests.support.keys import private_key, public_jwk

ENDPOINTS = ("/token", "/revoke", "/introspect")
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CHALLENGE = 'Basic realm="token"'
# What satisfies each of the endpoints, but for the authentication.
FORM = {**GRANT, "token": "any"}


@pytest.fixture(scope="module")
def client(server: Server) -> dict[str, Any]:
    """A client that stated no method."""
    return server.register()


@pytest.fixture(scope="module")
def signing(server: Server) -> dict[str, Any]:
    return server.register(token_endpoint_auth_method="private_key_jwt", jwks={"keys": [public_jwk("EC", kid="ec")]})


@pytest.mark.parametrize("path", ENDPOINTS)
def test_the_parts_of_basic_credentials_are_form_encoded_first(
    server: Server, client: dict[str, Any], path: str
) -> None:
    """RFC 6749 2.3.1: "encoded using the "application/x-www-form-urlencoded" encoding algorithm"."""
    encoded = "".join(f"%{ord(char):02X}" for char in client["client_secret"])
    answer = server.send("POST", path, data=FORM, headers=basic(quote(client["client_id"]), encoded))
    assert answer.status_code == 200, answer.text


def test_the_name_of_the_scheme_is_case_insensitive(server: Server, client: dict[str, Any]) -> None:
    """RFC 9110 11.1."""
    headers = {"Authorization": basic(*credentials(client))["Authorization"].replace("Basic", "bAsIc")}
    assert server.send("POST", "/token", data=GRANT, headers=headers).status_code == 200


@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_client_that_stated_no_method_uses_basic_or_the_body(
    server: Server, client: dict[str, Any], path: str
) -> None:
    """RFC 6749 2.3.1."""
    assert server.send("POST", path, data=FORM, auth=credentials(client)).status_code == 200
    assert server.send("POST", path, data={**FORM, **secret_in_body(client)}).status_code == 200


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize("stated", ["client_secret_basic", "client_secret_post"])
def test_a_client_that_stated_a_method_is_held_to_it(server: Server, stated: str, path: str) -> None:
    """RFC 7591 2: "The client MUST NOT use" any other; RFC 6749 5.2."""
    client = server.register(token_endpoint_auth_method=stated)
    in_header = server.send("POST", path, data=FORM, auth=credentials(client))
    in_body = server.send("POST", path, data={**FORM, **secret_in_body(client)})
    right, wrong = (in_header, in_body) if stated == "client_secret_basic" else (in_body, in_header)
    assert right.status_code == 200
    assert refusal(wrong) == (401, "invalid_client")


@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_secret_in_two_places_at_once_is_invalid_request(server: Server, client: dict[str, Any], path: str) -> None:
    """RFC 6749 2.3: "The client MUST NOT use more than one authentication method in each request"."""
    answer = server.send("POST", path, data={**FORM, **secret_in_body(client)}, auth=credentials(client))
    assert refusal(answer) == (400, "invalid_request")


def test_the_client_id_may_stand_in_the_body_beside_basic_if_it_is_the_same(
    server: Server, client: dict[str, Any]
) -> None:
    """RFC 6749 3.2.1."""
    same, other = {**GRANT, "client_id": client["client_id"]}, {**GRANT, "client_id": "other"}
    assert server.send("POST", "/token", data=same, auth=credentials(client)).status_code == 200
    assert refusal(server.send("POST", "/token", data=other, auth=credentials(client))) == (400, "invalid_request")


@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_failed_authentication_is_401_with_a_challenge_where_basic_was_used(
    server: Server, client: dict[str, Any], path: str
) -> None:
    """RFC 6749 5.2: "MUST respond with an HTTP 401 [...] and include the "WWW-Authenticate" response header field
    matching the authentication scheme used by the client"."""
    in_header = server.send("POST", path, data=FORM, auth=(client["client_id"], "wrong"))
    in_body = server.send("POST", path, data={**FORM, "client_id": client["client_id"], "client_secret": "wrong"})
    assert refusal(in_header) == refusal(in_body) == (401, "invalid_client")
    assert in_header.headers[RENAMED_CHALLENGE] == CHALLENGE
    assert RENAMED_CHALLENGE not in in_body.headers


@pytest.mark.parametrize("path", ENDPOINTS)
def test_without_authentication_the_answer_is_401_with_a_challenge(server: Server, path: str) -> None:
    """RFC 6749 5.2, "no client authentication included"; RFC 9110 15.5.2: a 401 carries a challenge."""
    answer = server.send("POST", path, data=FORM)
    assert refusal(answer) == (401, "invalid_client")
    assert answer.headers[RENAMED_CHALLENGE] == CHALLENGE


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !!!!", "Basic YWJj", "Basic /w==", "Bearer YTpi", "Digest a=b", "x"]
)
def test_credentials_that_are_not_basic_are_invalid_client(server: Server, header: str) -> None:
    """RFC 6749 5.2: "unsupported authentication method"."""
    answer = server.send("POST", "/token", data=GRANT, headers={"Authorization": header})
    assert refusal(answer) == (401, "invalid_client")


def send_assertion(
    server: Server, client: dict[str, Any], key: str = "EC", algorithm: str = "ES256", **changes: Any
) -> Any:
    """The answer to a token request with an assertion that differs from a good one in ``changes``."""
    who, now = client["client_id"], int(time.time())
    claims = {"iss": who, "sub": who, "aud": server.url, "iat": now, "exp": now + 120, "jti": f"{time.monotonic_ns()}"}
    claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    secret = "x" * 32 if algorithm == "HS256" else "" if algorithm == "none" else private_key(key)
    signed = jwt.encode(claims, secret, algorithm=algorithm, headers={"kid": "ec"})
    form = {**GRANT, "client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}
    return server.send("POST", "/token", data=form)


def test_the_audience_of_an_assertion_is_the_issuer_or_the_token_endpoint(
    server: Server, signing: dict[str, Any]
) -> None:
    """RFC 7523 3, item 3."""
    for audience in (server.url, [server.url], f"{server.url}/token"):
        assert send_assertion(server, signing, aud=audience).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://elsewhere.example.com"},
        {"aud": None},
        {"iss": "somebody"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"exp": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"iat": 1},
        {"jti": None},
        {"jti": ""},
        {"key": "RSA", "algorithm": "RS256"},
        {"algorithm": "HS256"},
        {"algorithm": "none"},
    ],
    ids=str,
)
def test_an_assertion_that_is_not_as_it_must_be_is_invalid_client(
    server: Server, signing: dict[str, Any], changes: dict[str, Any]
) -> None:
    """RFC 7523 3, items 1 to 9, and 3.2; RFC 8725 3.1 for the algorithms."""
    assert refusal(send_assertion(server, signing, **changes)) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"client_assertion": "a.b.c"}, (400, "invalid_request")),
        ({"client_assertion_type": ASSERTION_TYPE}, (400, "invalid_request")),
        ({"client_assertion": "a.b.c", "client_assertion_type": ASSERTION_TYPE}, (401, "invalid_client")),
        ({"client_assertion": "e30.e30.", "client_assertion_type": "urn:other"}, (401, "invalid_client")),
    ],
)
def test_an_assertion_comes_with_its_type(server: Server, form: dict[str, str], expected: tuple[int, str]) -> None:
    """RFC 7521 4.2: both are REQUIRED."""
    assert refusal(server.send("POST", "/token", data={**GRANT, **form})) == expected


def test_a_client_that_stated_a_key_has_no_secret_to_use(server: Server, signing: dict[str, Any]) -> None:
    """RFC 7591 2."""
    assert refusal(server.send("POST", "/token", data=GRANT, auth=(signing["client_id"], "x"))) == (
        401,
        "invalid_client",
    )
