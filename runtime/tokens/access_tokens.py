"""Issue and verify access tokens: RFC 9068 JWTs. The newest key signs, and every key verifies."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt

from runtime.records.keys import SigningKey
from runtime.scopes import scope_list
from runtime.tokens.key_ring import Clock, KeyRing

ALGORITHM: Final = "HS256"
TYPE: Final = "at+jwt"
# RFC 6749 7.1: how clients use the tokens.
BEARER: Final = "Bearer"
CLAIMS: Final = ("iss", "aud", "sub", "client_id", "scope", "iat", "exp", "jti")


class InvalidToken(Exception):
    """A token that does not verify. The message says which check failed and never repeats the token."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """The claims of a verified access token (RFC 9068 2.2), without the issuer and the audience, which are ours.

    ``token_id`` is the ``jti``; times are seconds since the epoch. ``expires_at`` is the end that was announced, and
    ``signed_until`` the ``exp``, which is later by the time that API Gateway caches a decision. ``grant_id`` is the
    grant under which the client acts for a user, ``None`` for a client that acts for itself.
    """

    client_id: str
    subject: str
    scope: str
    issued_at: int
    expires_at: int
    signed_until: int
    token_id: str
    grant_id: str | None = None

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes as a set."""
        return frozenset(scope_list(self.scope))


class Tokens:
    """Issues and verifies access tokens of one issuer for one resource. ``clock`` reads seconds since the epoch.

    A token ends for everybody at the end that was announced, ``cache_seconds`` before its ``exp``. The authorizer
    denies it from then on, so a decision that API Gateway has cached for ``cache_seconds`` never outlives the ``exp``.
    """

    def __init__(self, issuer: str, resource: str, keys: KeyRing, clock: Clock, cache_seconds: int) -> None:
        self._issuer = issuer
        self._resource = resource
        self._keys = keys
        self._clock = clock
        self._cache_seconds = cache_seconds

    def issue(self, client_id: str, subject: str, scope: str, lifetime: int, grant_id: str | None = None) -> str:
        """Return a signed access token that is valid for ``lifetime`` seconds, with the id of its grant if any."""
        key = self._keys.newest()
        now = int(self._clock())
        claims = {
            "iss": self._issuer,
            "aud": self._resource,
            "sub": subject,
            "client_id": client_id,
            "scope": scope,
            "iat": now,
            "exp": now + lifetime + self._cache_seconds,
            "jti": secrets.token_urlsafe(16),
            # RFC 7519 4.3: a private claim.
            **({"grant_id": grant_id} if grant_id else {}),
        }
        return jwt.encode(claims, key.value, algorithm=ALGORITHM, headers={"typ": TYPE, "kid": key.kid})

    def verify(self, token: str) -> AccessToken:
        """Return the claims of a token, or raise ``InvalidToken``.

        This checks signature, algorithm, type, issuer, audience and the announced end (RFC 9068 4).
        """
        try:
            key = self._keys.find(_read_kid(jwt.get_unverified_header(token)))
            if key is None:
                raise InvalidToken("unknown key")
            claims = self._decode(token, key)
        except (jwt.PyJWTError, UnicodeError) as error:
            raise InvalidToken(type(error).__name__) from error
        expires_at = claims["exp"] - self._cache_seconds
        if expires_at <= self._clock():
            raise InvalidToken("expired")
        return AccessToken(
            client_id=claims["client_id"],
            subject=claims["sub"],
            scope=claims["scope"],
            issued_at=claims["iat"],
            expires_at=expires_at,
            signed_until=claims["exp"],
            token_id=claims["jti"],
            grant_id=claims.get("grant_id"),
        )

    def _decode(self, token: str, key: SigningKey) -> dict[str, Any]:
        return jwt.decode(
            token,
            key.value,
            algorithms=[ALGORITHM],
            audience=self._resource,
            issuer=self._issuer,
            options={
                "require": list(CLAIMS),
                # Our own clock decides, without leeway.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                # Refuse a list of audiences that also names another resource.
                "strict_aud": True,
            },
        )


def _read_kid(header: Mapping[str, Any]) -> str:
    """Return the key id of a header, or raise ``InvalidToken`` for another type or algorithm."""
    right_type = str(header.get("typ", "")).lower() in {TYPE, f"application/{TYPE}"}
    # RFC 7515 4.1.11: a token with an extension that is not supported is invalid, and none is supported.
    if header.get("alg") != ALGORITHM or not right_type or "crit" in header:
        raise InvalidToken("wrong type or algorithm")
    return str(header.get("kid", ""))
