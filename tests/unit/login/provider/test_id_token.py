"""ID tokens: OpenID Connect Core 1.0, 3.1.3.7, from a provider that forges, mixes up and replays them."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from runtime.login.provider.id_token import LONGEST_AGE_SECONDS, SKEW_SECONDS
from runtime.login.provider.identity import ProviderRefused, ProviderUnavailable, User
from runtime.login.provider.openid import OpenIDConnectProvider
from tests.support.keys import private_key, public_jwk, sign_hmac
from tests.support.provider_server import CLIENT_ID, CLIENT_SECRET, NONCE, Provider
from tests.unit.conftest import NOW, Clock

LogIn = Callable[..., User]
PROJECT = "123456789012345678"


def check_refused(identify: LogIn, provider: Provider, id_token: Any, reason: str) -> None:
    provider.token["id_token"] = id_token
    with pytest.raises(ProviderRefused, match=reason):
        identify()


@pytest.mark.parametrize(
    ("algorithm", "key", "kid"), [("RS256", "RSA", "rsa"), ("PS256", "RSA", "rsa"), ("ES256", "EC", "ec")]
)
def test_a_token_under_a_published_key_is_accepted(
    identify: LogIn, provider: Provider, algorithm: str, key: str, kid: str
) -> None:
    provider.token["id_token"] = provider.id_token(algorithm, key, kid)
    assert identify().subject == "248289761001"


def test_other_sizes_of_the_families_are_accepted_where_the_provider_announces_them(
    identify: LogIn, provider: Provider
) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    provider.keys = [jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": "p384"}]
    provider.metadata["id_token_signing_alg_values_supported"] = ["ES384"]
    provider.token["id_token"] = jwt.encode(provider.claims(), key, "ES384", headers={"kid": "p384"})
    assert identify().subject == "248289761001"


def test_an_unsigned_token_is_refused_even_where_the_provider_announces_none(
    identify: LogIn, provider: Provider
) -> None:
    """RFC 8725 3.2."""
    check_refused(identify, provider, provider.unsigned_id_token(), "an accepted algorithm")


@pytest.mark.parametrize("keyed_with", ["public key", "client secret"])
def test_a_token_under_hs256_is_refused_whatever_it_is_keyed_with(
    identify: LogIn, provider: Provider, keyed_with: str
) -> None:
    """RFC 8725 2.1: the public key used as an HMAC key."""
    public = private_key("RSA").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key = public if keyed_with == "public key" else CLIENT_SECRET.encode()
    token = sign_hmac({"alg": "HS256", "typ": "JWT", "kid": "rsa"}, provider.claims(), key)
    check_refused(identify, provider, token, "an accepted algorithm")


def test_an_algorithm_that_the_provider_does_not_announce_is_refused(identify: LogIn, provider: Provider) -> None:
    provider.metadata["id_token_signing_alg_values_supported"] = ["RS256"]
    check_refused(identify, provider, provider.id_token("PS256"), "an accepted algorithm")


def test_a_key_serves_only_its_own_kind_of_algorithm(identify: LogIn, provider: Provider) -> None:
    check_refused(identify, provider, provider.id_token("ES256", "EC", "rsa"), "does not publish")


@pytest.mark.parametrize("changes", [{"use": "enc"}, {"key_ops": ["encrypt"]}, {"alg": "RS512"}])
def test_a_key_for_another_purpose_is_passed_over(identify: LogIn, provider: Provider, changes: dict[str, Any]) -> None:
    provider.keys = [public_jwk("RSA", kid="rsa", **changes)]
    check_refused(identify, provider, provider.id_token(), "does not publish")


def test_a_token_signed_by_somebody_else_is_refused(identify: LogIn, provider: Provider) -> None:
    check_refused(identify, provider, provider.id_token(key="RSA of mallory"), "signature does not verify")


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
def test_a_key_that_is_too_small_is_refused(identify: LogIn, provider: Provider) -> None:
    small = rsa.generate_private_key(65537, 1024)  # noqa: S505 - being too small is its point
    provider.keys = [jwt.algorithms.RSAAlgorithm.to_jwk(small.public_key(), as_dict=True) | {"kid": "rsa"}]
    token = jwt.encode(provider.claims(), small, "RS256", headers={"kid": "rsa"})
    check_refused(identify, provider, token, "too small|does not verify")


@pytest.mark.parametrize("key", [{"kty": "RSA", "kid": "rsa"}, {"kty": "RSA", "kid": "rsa", "n": "!", "e": 7}, "rsa"])
def test_a_broken_key_verifies_nothing(identify: LogIn, provider: Provider, key: Any) -> None:
    provider.keys = [key]
    check_refused(identify, provider, provider.id_token(), "does not verify|does not publish")


@pytest.mark.parametrize("keys", ["rsa", None, [public_jwk("RSA")] * 101])
def test_keys_that_are_none_or_too_many_make_the_provider_unavailable(
    identify: LogIn, provider: Provider, keys: Any
) -> None:
    provider.keys = keys
    with pytest.raises(ProviderUnavailable):
        identify()


@pytest.mark.parametrize(("published", "accepted"), [(1, True), (2, False)])
def test_a_token_without_a_key_id_needs_a_openid_with_one_key(
    identify: LogIn, provider: Provider, published: int, accepted: bool
) -> None:
    """OpenID Connect Core 1.0, 10.1."""
    provider.keys = [public_jwk(name) for name in ("RSA", "RSA of mallory")[:published]]
    token = provider.id_token(kid=None)
    if accepted:
        provider.token["id_token"] = token
        assert identify().subject == "248289761001"
    else:
        check_refused(identify, provider, token, "does not publish")


def test_an_unknown_key_id_makes_the_keys_be_fetched_again_once_a_minute_at_most(
    identify: LogIn, provider: Provider, clock: Clock
) -> None:
    identify()
    forged = provider.id_token(key="RSA of mallory", kid="new")
    for _ in range(3):
        check_refused(identify, provider, forged, "does not publish")
    assert provider.requests("/jwks") == 1
    clock.now += 60
    for _ in range(3):
        check_refused(identify, provider, forged, "does not publish")
    assert provider.requests("/jwks") == 2


def test_a_key_that_the_provider_has_just_begun_to_use_is_found(
    identify: LogIn, provider: Provider, clock: Clock
) -> None:
    identify()
    clock.now += 60
    provider.keys = [public_jwk("RSA next", kid="next")]
    provider.token["id_token"] = provider.id_token(key="RSA next", kid="next")
    assert identify().subject == "248289761001"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://idp.example.com"}, "another issuer"),
        ({"iss": None}, "another issuer"),
        ({"aud": "other"}, "another audience"),
        ({"aud": None}, "another audience"),
        ({"aud": []}, "another audience"),
        ({"aud": [CLIENT_ID, "other"]}, "another audience"),
        ({"azp": "other"}, "another party"),
        ({"azp": 7}, "another party"),
        ({"nonce": "of-another-login"}, "not issued for this login"),
        ({"nonce": None}, "not issued for this login"),
        ({"nonce": "\udc00"}, "not issued for this login"),
        ({"nonce": [NONCE]}, "not issued for this login"),
        ({"exp": NOW - SKEW_SECONDS}, "expired"),
        ({"exp": None}, "does not say when"),
        ({"exp": "tomorrow"}, "not a number"),
        ({"exp": float("inf")}, "not a number"),
        ({"exp": True}, "not a number"),
        ({"iat": None}, "does not say when"),
        ({"iat": NOW + SKEW_SECONDS + 1}, "too long ago"),
        ({"iat": NOW - LONGEST_AGE_SECONDS - SKEW_SECONDS - 1}, "too long ago"),
        ({"nbf": NOW + SKEW_SECONDS + 1}, "not valid yet"),
        ({"sub": None}, "no valid subject"),
        ({"sub": ""}, "no valid subject"),
        ({"sub": 7}, "no valid subject"),
        ({"sub": "x" * 256}, "no valid subject"),
    ],
)
def test_a_token_whose_claims_are_not_for_this_login_is_refused(
    identify: LogIn, provider: Provider, changes: dict[str, Any], reason: str
) -> None:
    token = jwt.api_jws.encode(
        json.dumps(provider.claims(**changes)).encode(), private_key("RSA"), "RS256", {"kid": "rsa"}
    )
    check_refused(identify, provider, token, reason)


@pytest.mark.parametrize("changes", [{"aud": [CLIENT_ID]}, {"azp": CLIENT_ID}, {"exp": NOW - SKEW_SECONDS + 1}])
def test_a_token_that_says_the_same_in_another_form_is_accepted(
    identify: LogIn, provider: Provider, changes: dict[str, Any]
) -> None:
    provider.token["id_token"] = provider.id_token(**changes)
    assert identify().subject == "248289761001"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": [CLIENT_ID, PROJECT]}, None),
        ({"aud": [PROJECT, CLIENT_ID], "azp": CLIENT_ID}, None),
        ({"aud": CLIENT_ID}, None),
        ({"aud": [CLIENT_ID, PROJECT, PROJECT]}, None),
        ({"aud": PROJECT}, "another audience"),
        ({"aud": [PROJECT]}, "another audience"),
        ({"aud": [PROJECT], "azp": CLIENT_ID}, "another audience"),
        ({"aud": [CLIENT_ID, "other"]}, "another audience"),
        ({"aud": [CLIENT_ID, PROJECT, "other"], "azp": CLIENT_ID}, "another audience"),
        ({"aud": [CLIENT_ID, 7]}, "another audience"),
        ({"aud": [CLIENT_ID, [PROJECT]]}, "another audience"),
        ({"aud": {CLIENT_ID: PROJECT}}, "another audience"),
        ({"aud": f"{CLIENT_ID} {PROJECT}"}, "another audience"),
        ({"aud": [CLIENT_ID, PROJECT], "azp": PROJECT}, "another party"),
        ({"aud": [CLIENT_ID, PROJECT], "azp": [CLIENT_ID]}, "another party"),
    ],
)
def test_further_audiences_count_only_where_the_stack_trusts_them(
    openid_with: Callable[..., OpenIDConnectProvider], provider: Provider, claims: dict[str, Any], reason: str | None
) -> None:
    """OpenID Connect Core 1.0, 3.1.3.7, items 3 to 5: Zitadel adds the project, Oracle its own URL."""
    provider.token["id_token"] = provider.id_token(**claims)
    openid = openid_with(trusted_audiences=(PROJECT, "https://identity.example.com/"))
    if reason is None:
        assert openid.identify("code", "verifier", NONCE, None).subject == "248289761001"
    else:
        with pytest.raises(ProviderRefused, match=reason):
            openid.identify("code", "verifier", NONCE, None)


@pytest.mark.parametrize("id_token", ["", "a", "a.b.c", "....", 7, None, "\u00e4.b.c"])
def test_what_is_no_token_at_all_is_refused(identify: LogIn, provider: Provider, id_token: Any) -> None:
    check_refused(identify, provider, id_token, "ID token")


def test_the_hash_of_the_access_token_is_checked_where_there_is_one(identify: LogIn, provider: Provider) -> None:
    """OpenID Connect Core 1.0, 3.1.3.8."""
    digest = hashlib.sha256(b"an-access-token").digest()[:16]
    good = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    provider.token["id_token"] = provider.id_token(at_hash=good)
    assert identify().subject == "248289761001"
    check_refused(identify, provider, provider.id_token(at_hash="of another"), "another access token")
