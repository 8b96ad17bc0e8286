"""JWTs that clients authenticate with (RFC 7523 2.2 and 3, OpenID Connect Core 1.0, 9).

Imported only when a request has one: importing ``cryptography`` would lengthen every cold start.
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
# PyJWT checks the signature alone. This module checks the claims, to tell an authentic client what is wrong with them.
SIGNATURE_ONLY: Any = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}
# Verified against for an unknown client, so that it takes as long as a wrong signature. The private keys are discarded.
DECOY_KEYS: Mapping[str, dict[str, Any]] = {
    "RSA": RSAAlgorithm.to_jwk(
        rsa.RSAPublicNumbers(65537, secrets.randbits(2048) | 1 << 2047 | 1).public_key(), as_dict=True
    ),
    "EC": ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True),
}


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion with a valid signature of its client. ``expires_at`` is in seconds since the epoch."""

    assertion_id: str
    expires_at: int


def read_unverified_subject(assertion: str) -> str | None:
    """Return the ``sub`` of an assertion, ``None`` if it is malformed. Nothing is verified."""
    subject = (read_unverified_claims(assertion) or {}).get("sub")
    return subject if isinstance(subject, str) and _is_text(subject) else None


def read_unverified_claims(token: str) -> dict[str, Any] | None:
    """Return the claims of a signed JWT, ``None`` if it is malformed. Nothing is verified."""
    try:
        return jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None


def read_unverified_kid(assertion: str) -> str | None:
    """Return the ``kid`` of an assertion, ``None`` if it has none or is malformed. Nothing is verified."""
    try:
        kid = jwt.get_unverified_header(assertion).get("kid")
        return kid if isinstance(kid, str) else None
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None


def verify_assertion(
    assertion: str, client_id: str, jwks: Mapping[str, Any] | None, audiences: Collection[str], now: int
) -> Assertion | None:
    """Verify an assertion and return it, ``None`` if no key in ``jwks`` has signed it.

    Without keys it takes the same time. Raises ``InvalidClient`` with the reason if the signature is valid but a claim
    violates RFC 7523 3. The caller makes sure that an assertion is used only once.
    """
    claims = verify_signature(assertion, jwks)
    if claims is None:
        return None
    _check_parties(claims, client_id, audiences)
    _check_times(claims, now)
    return Assertion(_assertion_id(claims), math.ceil(claims["exp"]))


def verify_signature(token: str, jwks: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the claims of a JWT, ``None`` if no key in ``jwks`` has signed it. Claims are not checked."""
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if not isinstance(algorithm, str) or algorithm not in KEY_TYPES:
            return None
        key = _find_key(jwks, algorithm, header.get("kid"))
        verifier = jwt.PyJWK(key or DECOY_KEYS[KEY_TYPES[algorithm]], algorithm)
        claims = jwt.decode(token, verifier, algorithms=[algorithm], options=SIGNATURE_ONLY)
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    return claims if key else None


def _find_key(jwks: Mapping[str, Any] | None, algorithm: str, kid: str | None) -> dict[str, Any] | None:
    """Return the one key with this ``kid``, which may be left out if there is only one key.

    OpenID Connect Core 1.0, 10.1.
    """
    keys = [key for key in (jwks or {}).get("keys", ()) if suits(key, algorithm)]
    if kid is not None:
        keys = [key for key in keys if key.get("kid", kid) == kid]
    return keys[0] if len(keys) == 1 else None


def _check_parties(claims: Mapping[str, Any], client_id: str, audiences: Collection[str]) -> None:
    """Check items 1, 2 and 3 of RFC 7523 3. Another audience could replay the assertion here, so none is allowed."""
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise InvalidClient("iss and sub of the assertion must both be the client_id")
    stated = claims.get("aud")
    values = stated if isinstance(stated, list) else [stated]
    if not values or any(audience not in audiences for audience in values):
        raise InvalidClient("aud of the assertion must be the issuer or the token endpoint")


def _check_times(claims: Mapping[str, Any], now: int) -> None:
    """Check items 4, 5 and 6 of RFC 7523 3."""
    expires, issued, starts = (_time(claims, name) for name in ("exp", "iat", "nbf"))
    latest = now + SKEW_SECONDS
    if expires is None or not now < expires <= latest + LONGEST_SECONDS:
        raise InvalidClient(f"exp of the assertion must be in the next {LONGEST_SECONDS} seconds")
    if issued is not None and not latest - 2 * SKEW_SECONDS - LONGEST_SECONDS <= issued <= latest:
        raise InvalidClient(f"iat of the assertion must be in the last {LONGEST_SECONDS} seconds")
    if starts is not None and not starts <= latest:
        raise InvalidClient("nbf of the assertion is in the future")


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    """Return a claim that is a NumericDate (RFC 7519 2), ``None`` if it is left out."""
    value = claims.get(name)
    if name in claims and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise InvalidClient(f"{name} of the assertion must be a number")
    return value


def _assertion_id(claims: Mapping[str, Any]) -> str:
    """Return the ``jti`` (RFC 7523 3, item 7), which OpenID Connect Core 1.0, 9 requires."""
    value = claims.get("jti")
    if isinstance(value, str) and _is_text(value) and 0 < len(value.encode("utf-8")) <= LONGEST_ID_BYTES:
        return value
    raise InvalidClient(f"jti of the assertion must be a string of at most {LONGEST_ID_BYTES} bytes")


def _is_text(value: str) -> bool:
    """Whether UTF-8 can encode the value: JSON can spell half a surrogate pair, which no store accepts."""
    return not any("\ud800" <= char <= "\udfff" for char in value)
