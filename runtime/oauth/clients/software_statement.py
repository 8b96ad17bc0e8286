"""Software statements (RFC 7591 2.3): metadata that somebody whom the stack trusts has signed."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.http.body import parse_json
from runtime.http.errors import MalformedBody
from runtime.oauth.clients.keys import ClientKeys
from runtime.oauth.clients.metadata import is_metadata
from runtime.oauth.errors import InvalidSoftwareStatement, UnapprovedSoftwareStatement
from runtime.settings import OAuthSettings
from runtime.validation.schemas import SchemaViolation, schema

POINTER = "/software_statement"
# RFC 7591 2: one of the two at most, so a signed one ends the other.
EXCLUSIVE = {"jwks": "jwks_uri", "jwks_uri": "jwks"}


@dataclass(frozen=True, slots=True)
class SoftwareStatements:
    """Takes over what trusted statements say. ``clock`` reads seconds since the epoch."""

    settings: OAuthSettings
    keys: ClientKeys
    clock: Callable[[], float]

    def apply(self, asked: Mapping[str, Any], source: str, accepted: str | None = None) -> Mapping[str, Any]:
        """The metadata that a client asks for, with what its software statement says in the place of what it says.

        RFC 7591 2.3 and 3.1.1: the values of the statement take precedence. ``source`` is who asks. ``accepted`` is a
        statement that was taken from this client before: RFC 7592 2.2 has the client send it again at every update,
        when it may have expired. Raises ``UnapprovedSoftwareStatement``, ``InvalidSoftwareStatement``, or
        ``TooManyRequests`` when keys were fetched too often.
        """
        statement = asked.get("software_statement")
        if statement is None:
            return asked
        claims = self._claims(statement, source, known=statement == accepted)
        signed = _carried({name: value for name, value in claims.items() if is_metadata(name) and value is not None})
        try:
            schema("oauth/registration").check(signed)
        except SchemaViolation as violation:
            raise InvalidSoftwareStatement(f"says of {violation}", pointer=POINTER) from violation
        ended = {EXCLUSIVE[name] for name in EXCLUSIVE if name in signed}
        return {**{name: value for name, value in asked.items() if name not in ended}, **signed}

    def _claims(self, statement: str, source: str, *, known: bool) -> Mapping[str, Any]:
        # Imported when a statement comes, which is seldom: cryptography would lengthen every cold start.
        from runtime.oauth.clients.assertion import claimed_kid, signed_claims, unverified_claims

        unverified = unverified_claims(statement)
        issuer = unverified.get("iss") if unverified else None
        if unverified is None or not isinstance(issuer, str):
            raise InvalidSoftwareStatement("must be a signed JWT with an issuer", pointer=POINTER)
        trusted = self.settings.software_statement_issuers.get(issuer)
        if trusted is None:
            raise UnapprovedSoftwareStatement("is of an issuer that this server does not trust", pointer=POINTER)
        if known:
            return unverified
        where = {"jwks_uri": trusted} if isinstance(trusted, str) else {"jwks": trusted}
        claims = signed_claims(statement, self.keys.find(where, claimed_kid(statement), source))
        if claims is None:
            raise InvalidSoftwareStatement("must be signed with a key of its issuer", pointer=POINTER)
        self._check(claims)
        return claims

    def _check(self, claims: Mapping[str, Any]) -> None:
        """RFC 7519 4.1.3, 4.1.4 and 4.1.5: for this server, if it is for anybody, and now."""
        now = self.clock()
        expires, starts = claims.get("exp", math.inf), claims.get("nbf", 0)
        if not (_is_number(expires) and _is_number(starts) and starts <= now < expires):
            raise InvalidSoftwareStatement("is expired or not yet valid", pointer=POINTER)
        audience = claims.get("aud", self.settings.issuer)
        named = audience if isinstance(audience, list) else [audience]
        if self.settings.issuer not in named and f"{self.settings.issuer}/dcr" not in named:
            raise InvalidSoftwareStatement("is for another server", pointer=POINTER)


def _carried(signed: dict[str, Any]) -> dict[str, Any]:
    """The same, once it is known that JSON and UTF-8 can carry it back: a JWT can spell NaN and half a character."""
    try:
        parse_json(json.dumps(signed).encode())
    except (MalformedBody, RecursionError) as error:
        raise InvalidSoftwareStatement("says what is no valid JSON", pointer=POINTER) from error
    return signed


def _is_number(value: Any) -> bool:
    """RFC 7519 2: a NumericDate."""
    return isinstance(value, int | float) and not isinstance(value, bool)
