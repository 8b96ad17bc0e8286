"""ID tokens (OpenID Connect Core 1.0, 2 and 3.1.3.7).

Imported at the callback only: importing ``cryptography`` would slow every cold start down.
"""

import base64
import hashlib
import hmac
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from runtime.login.provider.identity import ProviderRefused

# RFC 8725 3.1: each algorithm has one type of key, and ECDSA one curve (RFC 7518 3.4). None is symmetric, so neither
# the client secret nor a public key used as a secret can sign.
KEY_TYPES: Final = {
    **{f"{family}{size}": ("RSA", None) for family in ("RS", "PS") for size in (256, 384, 512)},
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
}
# How far the clocks of the provider and of this server may differ.
SKEW_SECONDS: Final = 60
# The token comes straight from the token endpoint, so it must be new.
LONGEST_AGE_SECONDS: Final = 600
LEAST_RSA_BITS: Final = 2048
LONGEST_SUBJECT: Final = 255
PUBLIC_MEMBERS: Final = ("kty", "n", "e", "crv", "x", "y")
SIGNATURE_ONLY: Any = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}


class Expected(NamedTuple):
    """What an ID token must contain. ``now`` is in seconds since the epoch.

    ``trusted_audiences`` are the audiences that it may have beside this client.
    """

    issuer: str
    client_id: str
    nonce: str
    now: float
    trusted_audiences: tuple[str, ...] = ()


class Header(NamedTuple):
    """The members of a token's header that select the key. They do not select how the token is verified."""

    algorithm: str
    kid: str | None


def read_header(id_token: str, algorithms: Collection[str]) -> Header:
    """Read the header. Raises ``ProviderRefused`` unless it is a JWT under one of ``algorithms``."""
    try:
        members = jwt.get_unverified_header(id_token)
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise ProviderRefused("the ID token is not a signed JWT") from error
    algorithm = members.get("alg")
    if not isinstance(algorithm, str) or algorithm not in KEY_TYPES or algorithm not in algorithms:
        raise ProviderRefused("the ID token is not signed with an accepted algorithm")
    return Header(algorithm, members.get("kid"))


def find_key(keys: Sequence[Mapping[str, Any]], header: Header) -> Mapping[str, Any] | None:
    """Return the key that a header names. Without a key id there must be exactly one candidate (Core 1.0, 10.1)."""
    candidates = [key for key in keys if _suits(key, header.algorithm)]
    if header.kid is not None:
        return next((key for key in candidates if key.get("kid") == header.kid), None)
    return candidates[0] if len(candidates) == 1 else None


def verify(id_token: str, header: Header, keys: Sequence[Mapping[str, Any]], expected: Expected) -> dict[str, Any]:
    """Return the claims of a token that one of ``keys`` signed, if they are as expected.

    Raises ``ProviderRefused`` otherwise.
    """
    key = find_key(keys, header)
    if key is None:
        raise ProviderRefused("the ID token is signed with a key that the identity provider does not publish")
    claims = _verify_signature(id_token, header.algorithm, key)
    _check_parties(claims, expected)
    _check_times(claims, expected.now)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce.isascii() or not hmac.compare_digest(nonce, expected.nonce):
        raise ProviderRefused("the ID token was not issued for this login")
    return claims


def _verify_signature(id_token: str, algorithm: str, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of a token if ``key`` signed it, or raise ``ProviderRefused``."""
    try:
        # Use the public members only, in case a provider publishes a private key by mistake.
        public = jwt.PyJWK({name: key[name] for name in PUBLIC_MEMBERS if name in key}, algorithm)
        claims: dict[str, Any] = jwt.decode(id_token, public, algorithms=[algorithm], options=SIGNATURE_ONLY)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise ProviderRefused("the ID token's signature does not verify") from error
    if isinstance(public.key, rsa.RSAPublicKey) and public.key.key_size < LEAST_RSA_BITS:
        raise ProviderRefused("the ID token is signed with a key that is too small")
    return claims


def check_access_token(claims: Mapping[str, Any], header: Header, access_token: str | None) -> None:
    """Core 1.0, 3.1.3.8: raise ``ProviderRefused`` unless ``at_hash``, if present, matches the access token."""
    if "at_hash" not in claims or access_token is None:
        return
    digest = hashlib.new(f"sha{header.algorithm[2:]}", access_token.encode()).digest()
    expected = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if claims["at_hash"] != expected:
        raise ProviderRefused("the ID token belongs to another access token")


def _suits(key: Mapping[str, Any], algorithm: str) -> bool:
    kind, curve = KEY_TYPES[algorithm]
    operations = key.get("key_ops", ["verify"])
    signs = key.get("use", "sig") == "sig" and isinstance(operations, list) and "verify" in operations
    return (
        signs and key.get("kty") == kind and key.get("alg", algorithm) == algorithm and curve in (None, key.get("crv"))
    )


def _check_parties(claims: Mapping[str, Any], expected: Expected) -> None:
    """Core 1.0, 3.1.3.7, items 2 to 5: this client must be an audience, and every other audience trusted."""
    if claims.get("iss") != expected.issuer:
        raise ProviderRefused("the ID token is from another issuer")
    stated = claims.get("aud")
    audiences = stated if isinstance(stated, list) else [stated]
    accepted = (expected.client_id, *expected.trusted_audiences)
    if expected.client_id not in audiences or not all(audience in accepted for audience in audiences):
        raise ProviderRefused("the ID token is for another audience")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise ProviderRefused("the ID token was issued to another party")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise ProviderRefused("the ID token has no valid subject")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    """Core 1.0, 3.1.3.7, items 9 and 10; RFC 7519 4.1.5."""
    expires, issued, starts = (_time(claims, name) for name in ("exp", "iat", "nbf"))
    if expires is None or issued is None:
        raise ProviderRefused("the ID token does not say when it was issued and when it expires")
    if now >= expires + SKEW_SECONDS:
        raise ProviderRefused("the ID token has expired")
    if not now - LONGEST_AGE_SECONDS - SKEW_SECONDS <= issued <= now + SKEW_SECONDS:
        raise ProviderRefused("the ID token was issued too long ago, or in the future")
    if starts is not None and starts > now + SKEW_SECONDS:
        raise ProviderRefused("the ID token is not valid yet")


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    """Return a NumericDate (RFC 7519 2), ``None`` if the claim is absent."""
    value = claims.get(name)
    if name in claims and (isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value)):
        raise ProviderRefused("the ID token has a time that is not a number")
    return value
