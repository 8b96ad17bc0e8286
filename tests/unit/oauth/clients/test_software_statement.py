"""Software statements: RFC 7591 2.3, 3.1.1, 3.2.1 and 3.2.2."""

import json
import math
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from runtime.oauth.remote.fetch import Fetcher
from tests.support.keys import private_key, public_jwk, sign_hmac
from tests.support.tls_server import HOST, TlsServer, fetcher, response
from tests.unit.conftest import NOW, PUBLIC_URL, Clock, Send

ISSUER, BY_URL = "https://vouches.example", "https://vouches.example/by-url"
KEYS = {"keys": [public_jwk("RSA", kid="1")]}
ISSUERS = {ISSUER: KEYS, BY_URL: f"https://{HOST}/keys"}
CLAIMS: dict[str, Any] = {"iss": ISSUER, "client_name": "Vouched for", "software_id": "soft"}
REGISTRATION = {"grant_types": ["client_credentials"], "client_name": "Itself", "contacts": ["me@example.com"]}


@pytest.fixture
def fetching(server: TlsServer) -> Fetcher:
    return fetcher(server)


@pytest.fixture
def trusting(send_to: Callable[..., Send]) -> Send:
    return send_to(software_statement_issuers=ISSUERS)


def sign(claims: dict[str, Any], key: str = "RSA", algorithm: str = "RS256", kid: str = "1") -> str:
    return jwt.encode(claims, private_key(key), algorithm=algorithm, headers={"kid": kid})


def send_registration(send: Send, statement: Any, **members: Any) -> dict[str, Any]:
    return send("POST", "/dcr", json={**REGISTRATION, **members, "software_statement": statement})


def refusal(answer: dict[str, Any]) -> str:
    assert answer["statusCode"] == 400, answer["body"]
    assert answer["json"]["error_description"].startswith("/software_statement: ")
    return str(answer["json"]["error"])


def test_signed_metadata_overrides_what_the_client_states(trusting: Send) -> None:
    """RFC 7591 3.1.1: they "MUST take precedence over those conveyed using plain JSON elements"."""
    statement = sign(CLAIMS)
    answer = send_registration(trusting, statement)
    assert answer["statusCode"] == 201
    body = answer["json"]
    assert (body["client_name"], body["software_id"], body["contacts"]) == ("Vouched for", "soft", ["me@example.com"])
    assert body["software_statement"] == statement
    assert "iss" not in body


def test_a_stack_that_trusts_no_issuer_approves_no_statement(send: Send) -> None:
    """RFC 7591 3.2.2."""
    assert refusal(send_registration(send, sign(CLAIMS))) == "unapproved_software_statement"


def test_a_statement_of_an_untrusted_issuer_is_not_approved(trusting: Send) -> None:
    """RFC 7591 3.2.2."""
    for issuer in ("https://other.example", f"{ISSUER}/", "", "__class__"):
        assert refusal(send_registration(trusting, sign({**CLAIMS, "iss": issuer}))) == "unapproved_software_statement"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW},
        {"exp": "tomorrow"},
        {"exp": True},
        {"nbf": NOW + 1},
        {"nbf": None},
        {"aud": "https://other.example"},
        {"aud": ["https://other.example"]},
        {"aud": []},
        {"aud": 7},
        {"aud": [{}]},
        {"client_name": ""},
        {"redirect_uris": "https://example.com/cb"},
        {"logo_uri": "javascript:alert(1)"},
        {"jwks": KEYS, "jwks_uri": "https://example.com/keys"},
        {"token_endpoint_auth_method": "magic"},
        {"client_name": "half a character: \ud800"},
        {"jwks": {"keys": [], "x": math.nan}},
    ],
)
def test_a_statement_with_invalid_claims_is_invalid(trusting: Send, claims: dict[str, Any]) -> None:
    """RFC 7591 3.2.2; RFC 7519 4.1.3, 4.1.4 and 4.1.5 for time and audience."""
    assert refusal(send_registration(trusting, sign({**CLAIMS, **claims}))) == "invalid_software_statement"


def test_an_uninvited_client_cannot_become_a_machine_by_a_statement(send_to: Callable[..., Send]) -> None:
    """Every copy of an application includes the statement, so it does not prove who the client is."""
    guarded = send_to(software_statement_issuers=ISSUERS, interactive=True, machine_clients="token")
    statement = sign({**CLAIMS, "grant_types": ["client_credentials"]})
    asked = {"redirect_uris": ["https://example.com/cb"], "software_statement": statement}
    answer = guarded("POST", "/dcr", json=asked)
    assert (answer["statusCode"], answer["json"]["error"]) == (401, "invalid_token")


@pytest.mark.parametrize(
    "claims", [{"exp": NOW + 1, "nbf": NOW}, {"aud": PUBLIC_URL}, {"aud": ["x", f"{PUBLIC_URL}/dcr"]}]
)
def test_a_statement_for_this_server_and_this_time_is_valid(trusting: Send, claims: dict[str, Any]) -> None:
    assert send_registration(trusting, sign({**CLAIMS, **claims}))["statusCode"] == 201


def test_a_statement_that_its_issuer_has_not_signed_is_invalid(trusting: Send) -> None:
    """RFC 7591 2.3: "MUST be digitally signed"; RFC 8725 2.1 and 3.1 for weak algorithms."""
    good = sign(CLAIMS)
    header, payload, _signature = good.split(".")
    forged = [
        sign(CLAIMS, "RSA 2"),
        sign(CLAIMS, kid="2"),
        sign(CLAIMS, algorithm="RS512"),
        sign(CLAIMS, "EC", "ES256"),
        f"{header}.{payload}.",
        good[:-4] + "AAAA",
        jwt.encode(CLAIMS, "", algorithm="none"),
        sign_hmac({"alg": "HS256", "kid": "1"}, CLAIMS, json.dumps(KEYS["keys"][0]).encode()),
    ]
    for statement in forged:
        assert refusal(send_registration(trusting, statement)) == "invalid_software_statement"


@pytest.mark.parametrize("statement", ["x", "a.b.c", "e30.e30.e30", "." * 500, "é", "\x00", "W10.W10."])
def test_a_malformed_statement_is_invalid(trusting: Send, statement: str) -> None:
    assert refusal(send_registration(trusting, statement)) == "invalid_software_statement"


@pytest.mark.parametrize("statement", [7, "", {}, ["x"], "x" * 16385])
def test_a_statement_of_another_shape_is_bad_metadata(trusting: Send, statement: Any) -> None:
    assert refusal(send_registration(trusting, statement)) == "invalid_client_metadata"


def test_the_keys_of_an_issuer_may_be_behind_a_url(trusting: Send, server: TlsServer) -> None:
    server.answer = response(json.dumps(KEYS).encode())
    statement = sign({**CLAIMS, "iss": BY_URL})
    assert [send_registration(trusting, statement)["statusCode"] for _ in range(2)] == [201, 201]
    assert len(server.requests) == 1


def test_keys_that_cannot_be_fetched_verify_nothing(trusting: Send, server: TlsServer) -> None:
    server.answer = response(b"{}", status="404 Not Found")
    assert refusal(send_registration(trusting, sign({**CLAIMS, "iss": BY_URL}))) == "invalid_software_statement"
    server.answer = b""
    answer = send_registration(trusting, sign({**CLAIMS, "iss": BY_URL}))
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "temporarily_unavailable")


def test_a_statement_cannot_set_the_id_or_the_credentials_of_a_client(trusting: Send) -> None:
    """Only metadata is used, and only members that the client could ask for itself."""
    more = {
        "client_id": "chosen",
        "client_secret": "chosen",
        "registration_access_token": "x",
        "invented": 1,
        "jti": "j",
    }
    body = send_registration(trusting, sign({**CLAIMS, **more, "scope": "mcp:admin root", "client_uri": None}))["json"]
    assert body["client_id"] != "chosen" != body["client_secret"]
    assert not {"invented", "jti", "client_uri"} & body.keys()
    assert body["scope"] == "mcp mcp:admin"


def test_signed_metadata_must_follow_the_rules_of_every_registration(trusting: Send) -> None:
    claims = {**CLAIMS, "grant_types": ["authorization_code"], "redirect_uris": ["http://example.com/cb"]}
    answer = send_registration(trusting, sign(claims))
    assert (answer["statusCode"], answer["json"]["error"]) == (400, "invalid_redirect_uri")


def test_signed_keys_replace_those_that_the_client_states(trusting: Send) -> None:
    """RFC 7591 2: jwks and jwks_uri "MUST NOT both be present"."""
    uri = "https://keys.example/jwks"
    body = send_registration(trusting, sign({**CLAIMS, "jwks_uri": uri}), jwks=KEYS)["json"]
    assert (body["jwks_uri"], "jwks" in body) == (uri, False)
    body = send_registration(trusting, sign({**CLAIMS, "jwks": KEYS}), jwks_uri=uri)["json"]
    assert (body["jwks"], "jwks_uri" in body) == (KEYS, False)


def test_a_client_that_updates_itself_keeps_its_statement_although_that_has_expired(
    trusting: Send, clock: Clock
) -> None:
    """RFC 7592 2.2: the request has all metadata "as returned to the client", including the statement."""
    statement = sign({**CLAIMS, "exp": NOW + 60})
    client = send_registration(trusting, statement)["json"]
    clock.now += 3600

    def update(statement: str) -> dict[str, Any]:
        asked = {**REGISTRATION, "client_id": client["client_id"], "software_statement": statement}
        headers = {"Authorization": f"Bearer {client['registration_access_token']}"}
        path = {"clientId": client["client_id"]}
        return trusting("PUT", "/clients/{clientId}", json=asked, headers=headers, path_parameters=path)

    assert refusal(update(sign({**CLAIMS, "exp": NOW + 61}))) == "invalid_software_statement"
    answer = update(statement)
    assert answer["statusCode"] == 200
    assert (answer["json"]["client_name"], answer["json"]["software_statement"]) == ("Vouched for", statement)
