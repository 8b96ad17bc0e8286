"""Signatures and headers of assertions: RFC 7523 3, RFC 7521 4.2, OpenID Connect Core 1.0, 9."""

import base64
import json
from typing import Any

import jwt
import pytest

from tests.support.assertions import GRANT, KEYS, TYPE, ask, claims, outcome, register_keys, sign
from tests.support.keys import public_jwk, sign_hmac
from tests.unit.conftest import Send, basic


@pytest.fixture
def client_id(send: Send) -> str:
    return register_keys(send, KEYS)


def forge(client_id: Any, header: dict[str, Any], signature: bytes = b"x") -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims(client_id)).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_an_algorithm_that_is_not_offered_is_refused_whatever_the_key(send: Send, client_id: str) -> None:
    """RFC 8725 3.1."""
    good = claims(client_id)
    for algorithm in ("RS384", "RS512", "PS512"):
        assert outcome(ask(send, sign(good, "RSA", algorithm))) == (401, "invalid_client")
    other: Any
    for other in ("none", "None", "", None, 7, [], "HS256"):
        assert outcome(ask(send, forge(client_id, {"alg": other}))) == (401, "invalid_client")
        assert outcome(ask(send, forge(client_id, {"alg": other}, b""))) == (401, "invalid_client")
    assert outcome(ask(send, forge(client_id, {}))) == (401, "invalid_client")


def test_a_public_key_is_no_shared_secret(send: Send, client_id: str) -> None:
    """RFC 8725 2.1: HS256 with a public key as its secret."""
    for key in KEYS["keys"]:
        for secret in (json.dumps(key), key.get("n", key.get("x", ""))):
            assertion = sign_hmac({"alg": "HS256", "kid": key["kid"]}, claims(client_id), secret.encode())
            assert outcome(ask(send, assertion)) == (401, "invalid_client")


@pytest.mark.parametrize(("key", "kid", "algorithm"), [("RSA", "ec", "RS256"), ("EC", "rsa", "ES256")])
def test_an_algorithm_goes_with_one_type_of_key(send: Send, client_id: str, key: str, kid: str, algorithm: str) -> None:
    """RFC 8725 3.1: the key that ``kid`` names is not of this type."""
    assert outcome(ask(send, sign(claims(client_id), key, algorithm, kid=kid))) == (401, "invalid_client")


def test_a_key_is_used_only_for_its_stated_purpose(send: Send) -> None:
    """RFC 7517 4.2, 4.3 and 4.4."""
    other = public_jwk("EC")
    for members in ({"use": "enc"}, {"key_ops": ["encrypt"]}, {"alg": "PS256"}):
        client_id = register_keys(send, {"keys": [public_jwk("RSA", **members), other]})
        assert outcome(ask(send, sign(claims(client_id)))) == (401, "invalid_client")
    client_id = register_keys(send, {"keys": [public_jwk("RSA", use="sig", key_ops=["verify"], alg="PS256")]})
    assert outcome(ask(send, sign(claims(client_id), algorithm="PS256"))) == (200, "")


def test_a_key_is_named_by_kid_where_there_are_several(send: Send) -> None:
    """OpenID Connect Core 1.0, 10.1."""
    several = register_keys(send, {"keys": [public_jwk("RSA", kid="1"), public_jwk("RSA 2", kid="2")]})
    for key, kid in (("RSA", "1"), ("RSA 2", "2")):
        assert outcome(ask(send, sign(claims(several), key, kid=kid))) == (200, "")
    for wrong in ("2", "3", None):
        assert outcome(ask(send, sign(claims(several), "RSA", kid=wrong))) == (401, "invalid_client")
    one = register_keys(send, {"keys": [public_jwk("RSA", kid="1"), public_jwk("EC", kid="2")]})
    assert outcome(ask(send, sign(claims(one), kid=None))) == (200, "")


@pytest.mark.parametrize("header", [{"crit": ["exp"], "exp": 1}, {"b64": False, "crit": ["b64"]}, {"kid": 7}], ids=str)
def test_a_header_that_is_not_understood_is_refused(send: Send, client_id: str, header: dict[str, Any]) -> None:
    """RFC 7515 4.1.11 and RFC 7797 6."""
    assert outcome(ask(send, forge(client_id, {"alg": "RS256", **header}))) == (401, "invalid_client")


def test_keys_in_the_header_are_not_looked_at(send: Send, client_id: str) -> None:
    """RFC 8725 3.10: an attacker controls jwk, jku and x5u."""
    url = "http://localhost:1/"
    header: dict[str, Any] = {"kid": "rsa", "jwk": public_jwk("RSA 2"), "jku": url, "x5u": url}
    assert outcome(ask(send, sign(claims(client_id), "RSA 2", **header))) == (401, "invalid_client")


@pytest.mark.parametrize(
    "assertion",
    ["x", "a.b.c", "e30.e30.e30", "." * 5000, "é.é.é", "\x00", "W10.W10.", "eyJhbGciOiJSUzI1NiJ9.W10.eA"],
)
def test_garbage_is_refused_without_a_failure(send: Send, assertion: str) -> None:
    """RFC 7521 4.2.1: an assertion that is not valid is invalid_client."""
    assert outcome(ask(send, assertion)) == (401, "invalid_client")


@pytest.mark.parametrize("subject", ["\ud800", "\x00", "é" * 900, "#", 7, None, [], {}])
def test_a_subject_that_no_client_can_have_is_an_unknown_client(send: Send, subject: Any) -> None:
    assert outcome(ask(send, forge(subject, {"alg": "RS256"}))) == (401, "invalid_client")


@pytest.mark.parametrize("place", ["header", "payload"])
def test_deep_nesting_is_refused_without_a_failure(send: Send, place: str) -> None:
    bomb = base64.urlsafe_b64encode(b"[" * 5001).decode()
    header = base64.urlsafe_b64encode(b'{"alg":"RS256"}').decode()
    answer = ask(send, f"{bomb}.e30.eA" if place == "header" else f"{header}.{bomb}.eA")
    assert outcome(answer) == (401, "invalid_client")


def test_an_unknown_client_and_a_wrong_signature_look_alike(send: Send, client_id: str) -> None:
    """RFC 6749 5.2; 401 without WWW-Authenticate, since no Authorization header was used."""
    with_secret = send("POST", "/dcr", json={"grant_types": ["client_credentials"]})["json"]["client_id"]
    refused = [
        ask(send, sign(claims(who), key, algorithm, kid="rsa"))
        for who in (client_id, "0" * 32, with_secret, "x" * 5000, "")
        for key, algorithm in (("RSA 2", "RS256"), ("RSA 2", "PS256"), ("EC", "ES256"))
    ]
    assert {answer["body"] for answer in refused} == {refused[0]["body"]}
    assert all(answer["headers"] == refused[0]["headers"] for answer in refused)
    assert outcome(refused[0]) == (401, "invalid_client")


def test_an_unknown_client_costs_a_signature_check_like_a_known_one(
    send: Send, client_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []
    verify = jwt.algorithms.RSAAlgorithm.verify

    def counting(self: Any, *arguments: Any) -> bool:
        checked.append(arguments)
        return verify(self, *arguments)

    monkeypatch.setattr(jwt.algorithms.RSAAlgorithm, "verify", counting)
    for who in (client_id, "0" * 32):
        checked.clear()
        ask(send, sign(claims(who), "RSA 2", kid="rsa"))
        assert len(checked) == 1


def test_a_client_that_stated_the_method_may_use_nothing_else(send: Send, client_id: str) -> None:
    """OpenID Connect Core 1.0, 9: it has no secret, and a made-up one is refused."""
    assert outcome(send("POST", "/token", form=GRANT, headers=basic(client_id, "x"))) == (401, "invalid_client")
    form = {**GRANT, "client_id": client_id, "client_secret": "x"}
    assert outcome(send("POST", "/token", form=form)) == (401, "invalid_client")
    assert outcome(send("POST", "/token", form={**GRANT, "client_id": client_id})) == (401, "invalid_client")


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", None])
def test_a_client_that_did_not_state_the_method_may_not_use_it(send: Send, method: str | None) -> None:
    """Even where keys are registered."""
    asked = {"grant_types": ["client_credentials"], "jwks": KEYS, "token_endpoint_auth_method": method}
    client_id = send("POST", "/dcr", json=asked)["json"]["client_id"]
    assert outcome(ask(send, sign(claims(client_id)))) == (401, "invalid_client")


def test_several_methods_at_once_are_refused(send: Send, client_id: str) -> None:
    """RFC 6749 2.3 and RFC 7521 4.2. A wrong header is refused before the body is read."""
    good = sign(claims(client_id))
    assert outcome(ask(send, good, client_id=client_id, client_secret="x")) == (400, "invalid_request")
    form = {**GRANT, "client_assertion_type": TYPE, "client_assertion": good}
    for headers in (basic(client_id, "x"), {"Authorization": ""}):
        assert outcome(send("POST", "/token", form=form, headers=headers)) == (401, "invalid_client")
    other = send("POST", "/dcr", json={"grant_types": ["client_credentials"]})["json"]
    headers = basic(other["client_id"], other["client_secret"])
    assert outcome(send("POST", "/token", form=form, headers=headers)) == (400, "invalid_request")
    assert outcome(ask(send, good)) == (200, "")


def test_an_assertion_goes_with_its_type_and_its_client_id(send: Send, client_id: str) -> None:
    """RFC 7521 4.2."""
    good = sign(claims(client_id))
    for missing in ("client_assertion", "client_assertion_type"):
        answer = ask(send, **{"assertion": good, missing: ""}) if missing != "client_assertion" else ask(send, "")
        assert outcome(answer) == (400, "invalid_request")
        assert answer["json"]["error_description"] == f"/{missing}: is required"
    saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"
    assert outcome(ask(send, good, client_assertion_type=saml)) == (401, "invalid_client")
    assert outcome(ask(send, good, client_id="someone else")) == (400, "invalid_request")
    assert outcome(ask(send, good, client_id=client_id)) == (200, "")


def test_the_grant_of_a_proven_client_is_checked_like_any_other(send: Send) -> None:
    asked = {"redirect_uris": ["https://example.com/cb"], "token_endpoint_auth_method": "private_key_jwt"}
    client_id = send("POST", "/dcr", json={**asked, "jwks": KEYS})["json"]["client_id"]
    assert outcome(ask(send, sign(claims(client_id)))) == (400, "unauthorized_client")
