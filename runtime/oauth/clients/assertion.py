"""JWTs that clients authenticate with (RFC 7523 2.2 and 3, OpenID Connect Core 1.0, 9).

Imported only when a request carries one: importing ``cryptography`` would lengthen every cold start.
"""

import math
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from runtime.oauth.clients.jwks import KEY_TYPES, suits
from runtime.oauth.errors import InvalidClient

LONGEST_SECONDS: Final = 300
# How far the clock of a client may be ahead of this one.
SKEW_SECONDS: Final = 30
LONGEST_ID_BYTES: Final = 512
# What is wrong with a claim is told to a proven client, in words; so PyJWT checks the signature alone.
SIGNATURE_ONLY: Any = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}
# What verifies for an unknown client, so that it costs what a wrong signature costs. Nobody knows the private keys.
NOBODY: Mapping[str, dict[str, Any]] = {
    "RSA": RSAAlgorithm.to_jwk(
        rsa.RSAPublicNumbers(65537, secrets.randbits(2048) | 1 << 2047 | 1).public_key(), as_dict=True
    ),
    "EC": ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True),
}


@dataclass(frozen=True, slots=True)
class ProvenAssertion:
    """An assertion that its client has signed. ``expires_at`` is in seconds since the epoch."""

    assertion_id: str
    expires_at: int


def claimed_subject(assertion: str) -> str | None:
    """Who an assertion claims to come from, ``None`` when it is none. Nothing of it is verified."""
    subject = (unverified_claims(assertion) or {}).get("sub")
    return subject if isinstance(subject, str) and _is_text(subject) else None


def unverified_claims(token: str) -> dict[str, Any] | None:
    """The claims of a signed JWT, ``None`` when it is none. Nothing of it is verified."""
    try:
        return jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None


def claimed_kid(assertion: str) -> str | None:
    """Which key an assertion claims to be signed with, ``None`` when it names none. Nothing of it is verified."""
    try:
        kid = jwt.get_unverified_header(assertion).get("kid")
        return kid if isinstance(kid, str) else None
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None


def verify(
    assertion: str, client_id: str, jwks: Mapping[str, Any] | None, audiences: Collection[str], now: int
) -> ProvenAssertion | None:
    """What an assertion proves, or ``None`` when none of the keys in ``jwks`` has signed it.

    It costs the same without keys. Raises ``InvalidClient`` with the reason when the signature is genuine and a claim
    is not as RFC 7523 3 asks. That an assertion is used once is for the caller to see to.
    """
    claims = signed_claims(assertion, jwks)
    if claims is None:
        return None
    _check_parties(claims, client_id, audiences)
    _check_times(claims, now)
    return ProvenAssertion(_assertion_id(claims), math.ceil(claims["exp"]))


def signed_claims(assertion: str, jwks: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The claims of a JWT, ``None`` when none of the keys in ``jwks`` has signed it. No claim is checked."""
    try:
        header = jwt.get_unverified_header(assertion)
        algorithm = header.get("alg")
        if not isinstance(algorithm, str) or algorithm not in KEY_TYPES:
            return None
        named = _named(jwks, algorithm, header.get("kid"))
        key = jwt.PyJWK(named or NOBODY[KEY_TYPES[algorithm]], algorithm)
        claims = jwt.decode(assertion, key, algorithms=[algorithm], options=SIGNATURE_ONLY)
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    return claims if named else None


def _named(jwks: Mapping[str, Any] | None, algorithm: str, kid: str | None) -> dict[str, Any] | None:
    """The one key that ``kid`` names; OpenID Connect Core 1.0, 10.1: it may be left out where there is only one."""
    keys = [key for key in (jwks or {}).get("keys", ()) if suits(key, algorithm)]
    if kid is not None:
        keys = [key for key in keys if key.get("kid", kid) == kid]
    return keys[0] if len(keys) == 1 else None


def _check_parties(claims: Mapping[str, Any], client_id: str, audiences: Collection[str]) -> None:
    """RFC 7523 3: items 1, 2 and 3. An audience beside this server could use the assertion here, so it is alone."""
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise InvalidClient("iss and sub of the assertion must both be the client_id")
    stated = claims.get("aud")
    named = stated if isinstance(stated, list) else [stated]
    if not named or any(audience not in audiences for audience in named):
        raise InvalidClient("aud of the assertion must be the issuer or the token endpoint")


def _check_times(claims: Mapping[str, Any], now: int) -> None:
    """RFC 7523 3: items 4, 5 and 6."""
    expires, issued, starts = (_time(claims, name) for name in ("exp", "iat", "nbf"))
    latest = now + SKEW_SECONDS
    if expires is None or not now < expires <= latest + LONGEST_SECONDS:
        raise InvalidClient(f"exp of the assertion must be in the next {LONGEST_SECONDS} seconds")
    if issued is not None and not latest - 2 * SKEW_SECONDS - LONGEST_SECONDS <= issued <= latest:
        raise InvalidClient(f"iat of the assertion must be in the last {LONGEST_SECONDS} seconds")
    if starts is not None and not starts <= latest:
        raise InvalidClient("nbf of the assertion is in the future")


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    """RFC 7519 2: a NumericDate, ``None`` when the claim is left out."""
    value = claims.get(name)
    if name in claims and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise InvalidClient(f"{name} of the assertion must be a number")
    return value


def _assertion_id(claims: Mapping[str, Any]) -> str:
    """RFC 7523 3: item 7, which OpenID Connect Core 1.0, 9 requires."""
    value = claims.get("jti")
    if isinstance(value, str) and _is_text(value) and 0 < len(value.encode("utf-8")) <= LONGEST_ID_BYTES:
        return value
    raise InvalidClient(f"jti of the assertion must be a string of at most {LONGEST_ID_BYTES} bytes")


def _is_text(value: str) -> bool:
    """Whether UTF-8 can carry it: JSON can spell half a surrogate pair, which no store keeps."""
    return not any("\ud800" <= char <= "\udfff" for char in value)
