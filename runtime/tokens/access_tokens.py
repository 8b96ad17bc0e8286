"""Issue and verify access tokens: RFC 9068 JWTs under a list of keys, of which the newest signs and all verify."""

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
    """A token that does not verify; the message says which check failed and never repeats the token."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """The claims of a verified access token (RFC 9068 2.2), beside the issuer and the audience, which are ours.

    ``token_id`` is its ``jti``; times are seconds since the epoch. ``grant_id`` is that of the grant by which a client
    acts for a user, ``None`` where it acts for itself.
    """

    client_id: str
    subject: str
    scope: str
    issued_at: int
    expires_at: int
    token_id: str
    grant_id: str | None = None

    @property
    def scopes(self) -> frozenset[str]:
        """The scope, one by one."""
        return frozenset(scope_list(self.scope))


class Tokens:
    """Access tokens of one issuer for one resource."""

    def __init__(self, issuer: str, resource: str, keys: KeyRing, clock: Clock) -> None:
        self._issuer = issuer
        self._resource = resource
        self._keys = keys
        self._clock = clock

    def issue(self, client_id: str, subject: str, scope: str, lifetime: int, grant_id: str | None = None) -> str:
        """Sign an access token that is good for ``lifetime`` seconds, under a grant where there is one."""
        key = self._keys.newest()
        now = int(self._clock())
        claims = {
            "iss": self._issuer,
            "aud": self._resource,
            "sub": subject,
            "client_id": client_id,
            "scope": scope,
            "iat": now,
            "exp": now + lifetime,
            "jti": secrets.token_urlsafe(16),
            # RFC 7519 4.3: a private claim.
            **({"grant_id": grant_id} if grant_id else {}),
        }
        return jwt.encode(claims, key.value, algorithm=ALGORITHM, headers={"typ": TYPE, "kid": key.kid})

    def verify(self, token: str) -> AccessToken:
        """Check signature, algorithm, type, issuer, audience and times (RFC 9068 4); raises ``InvalidToken``."""
        try:
            key = self._keys.find(_accepted_kid(jwt.get_unverified_header(token)))
            if key is None:
                raise InvalidToken("unknown key")
            claims = self._claims(token, key)
        except (jwt.PyJWTError, UnicodeError) as error:
            raise InvalidToken(type(error).__name__) from error
        if claims["exp"] <= self._clock():
            raise InvalidToken("expired")
        return AccessToken(
            client_id=claims["client_id"],
            subject=claims["sub"],
            scope=claims["scope"],
            issued_at=claims["iat"],
            expires_at=claims["exp"],
            token_id=claims["jti"],
            grant_id=claims.get("grant_id"),
        )

    def _claims(self, token: str, key: SigningKey) -> dict[str, Any]:
        return jwt.decode(
            token,
            key.value,
            algorithms=[ALGORITHM],
            audience=self._resource,
            issuer=self._issuer,
            options={
                "require": list(CLAIMS),
                # The clock that counts is ours, and a token expires to the second.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                # Exactly this audience: a list that also names another resource is refused.
                "strict_aud": True,
            },
        )


def _accepted_kid(header: Mapping[str, Any]) -> str:
    """The key id of a header that states the right type and algorithm; raises ``InvalidToken``."""
    right_type = str(header.get("typ", "")).lower() in {TYPE, f"application/{TYPE}"}
    # RFC 7515 4.1.11: an extension that is not understood makes the token invalid, and none is understood.
    if header.get("alg") != ALGORITHM or not right_type or "crit" in header:
        raise InvalidToken("wrong type or algorithm")
    return str(header.get("kid", ""))
