"""The assertions of clients that authenticate with private_key_jwt: RFC 7523 2.2 and 3."""

from typing import Any

import jwt
import pytest

from runtime.records.errors import AlreadyExists
from runtime.storage.marks import DynamoDBOneTimeIds
from tests.support.assertions import KEY_OF, KEYS, ask, claims, outcome, register_keys, sign
from tests.unit.conftest import NOW, PUBLIC_URL, Clock, Send


@pytest.fixture
def client_id(send: Send) -> str:
    return register_keys(send, KEYS)


@pytest.mark.parametrize("algorithm", KEY_OF)
def test_every_advertised_algorithm_authenticates(send: Send, client_id: str, algorithm: str) -> None:
    """RFC 8414 2: token_endpoint_auth_signing_alg_values_supported."""
    advertised = send("GET", "/.well-known/oauth-authorization-server")["json"]
    assert advertised["token_endpoint_auth_signing_alg_values_supported"] == list(KEY_OF)
    answer = ask(send, sign(claims(client_id), KEY_OF[algorithm], algorithm))
    assert outcome(answer) == (200, "")
    token = jwt.decode(answer["json"]["access_token"], options={"verify_signature": False})
    assert token["client_id"] == client_id


@pytest.mark.parametrize(
    "audience", [PUBLIC_URL, f"{PUBLIC_URL}/token", [PUBLIC_URL], [PUBLIC_URL, f"{PUBLIC_URL}/token"]]
)
def test_the_audience_is_the_issuer_or_the_token_endpoint(send: Send, client_id: str, audience: Any) -> None:
    """RFC 7523 3, item 3."""
    assert outcome(ask(send, sign(claims(client_id, aud=audience)))) == (200, "")


@pytest.mark.parametrize("path", ["/revoke", "/introspect"])
def test_an_assertion_authenticates_at_the_other_endpoints_too(send: Send, client_id: str, path: str) -> None:
    """RFC 7009 2.1 and RFC 7662 2.1."""
    assert ask(send, sign(claims(client_id)), path, token="x")["statusCode"] == 200
    wrong = claims(client_id, aud="https://other.example.com")
    assert outcome(ask(send, sign(wrong), path, token="x")) == (401, "invalid_client")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": None},
        {"iss": "someone else"},
        {"sub": None},
        {"aud": None},
        {"aud": []},
        {"aud": f"{PUBLIC_URL}/"},
        {"aud": f"{PUBLIC_URL}/mcp"},
        {"aud": "https://other.example.com"},
        {"aud": [PUBLIC_URL, "https://other.example.com"]},
        {"aud": [PUBLIC_URL, {}]},
        {"aud": {"a": "b"}},
        {"exp": None},
        {"exp": NOW},
        {"exp": NOW - 1},
        {"exp": NOW + 331},
        {"exp": str(NOW + 60)},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"exp": 10**400},
        {"nbf": NOW + 31},
        {"nbf": "now"},
        {"iat": NOW + 31},
        {"iat": NOW - 331},
        {"iat": []},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 513},
        {"jti": "\ud800"},
    ],
    ids=str,
)
def test_an_assertion_with_a_wrong_or_missing_claim_is_refused(
    send: Send, client_id: str, changes: dict[str, Any]
) -> None:
    """RFC 7523 3, items 1 to 7."""
    assert outcome(ask(send, sign(claims(client_id, **changes)))) == (401, "invalid_client")


@pytest.mark.parametrize("changes", [{"exp": NOW + 330}, {"exp": NOW + 0.5}, {"iat": NOW + 30}, {"nbf": NOW + 30}])
def test_a_clock_that_is_half_a_minute_ahead_is_forgiven(send: Send, client_id: str, changes: dict[str, Any]) -> None:
    """RFC 7519 4.1.4 and 4.1.5: "some small leeway, usually no more than a few minutes, to account for clock skew"."""
    assert outcome(ask(send, sign(claims(client_id, **changes)))) == (200, "")


def test_a_client_with_a_valid_signature_learns_which_claim_is_wrong_but_not_its_value(
    send: Send, client_id: str
) -> None:
    bad = {"aud": "https://other.example.com"}
    answer = ask(send, sign(claims(client_id, **bad)))
    assert "aud of the assertion" in answer["json"]["error_description"]
    assert "other.example.com" not in answer["body"]
    answer = ask(send, sign(claims(client_id, **bad), "RSA 2", kid="rsa"))
    assert answer["json"]["error_description"] == "client authentication failed"


def test_an_assertion_is_used_once(send: Send, client_id: str, clock: Clock) -> None:
    """RFC 7523 3, item 7."""
    used = claims(client_id)
    assert outcome(ask(send, sign(used))) == (200, "")
    assert outcome(ask(send, sign(used))) == (401, "invalid_client")
    assert outcome(ask(send, sign({**used, "exp": NOW + 200}, "EC", "ES256"))) == (401, "invalid_client")
    clock.now += 299
    assert outcome(ask(send, sign({**used, "exp": NOW + 400}))) == (401, "invalid_client")
    clock.now += 1
    assert outcome(ask(send, sign({**used, "exp": NOW + 400}))) == (200, "")


def test_clients_do_not_use_up_the_ids_of_each_other(send: Send, client_id: str) -> None:
    other = register_keys(send, KEYS)
    assert outcome(ask(send, sign(claims(client_id, jti="same")))) == (200, "")
    assert outcome(ask(send, sign(claims(other, jti="same")))) == (200, "")


def test_an_assertion_that_is_refused_does_not_use_up_its_id(send: Send, client_id: str) -> None:
    """Otherwise an attacker could lock a client out by guessing ids."""
    good = claims(client_id)
    assert outcome(ask(send, sign(good, "RSA 2", kid="rsa"))) == (401, "invalid_client")
    assert outcome(ask(send, sign({**good, "aud": "https://other.example.com"}))) == (401, "invalid_client")
    assert outcome(ask(send, sign(good))) == (200, "")


def test_a_mark_is_kept_until_the_assertion_expires(one_time: DynamoDBOneTimeIds) -> None:
    one_time.consume("client", "id", NOW + 10, NOW)
    with pytest.raises(AlreadyExists):
        one_time.consume("client", "id", NOW + 20, NOW + 9)
    one_time.consume("client", "id", NOW + 20, NOW + 10)
