"""Software statements (RFC 7591 2.3): client metadata that an issuer trusted by the stack has signed."""

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
# RFC 7591 2: a client has at most one of the two, so a signed one replaces the other.
EXCLUSIVE = {"jwks": "jwks_uri", "jwks_uri": "jwks"}


@dataclass(frozen=True, slots=True)
class SoftwareStatements:
    """Applies the metadata of trusted software statements. ``clock`` reads seconds since the epoch."""

    settings: OAuthSettings
    keys: ClientKeys
    clock: Callable[[], float]

    def apply(self, asked: Mapping[str, Any], source: str, accepted: str | None = None) -> Mapping[str, Any]:
        """Return the requested metadata, overridden by the values of its software statement (RFC 7591 2.3 and 3.1.1).

        ``source`` is the address of the request. ``accepted`` is the statement of this client that was accepted before:
        RFC 7592 2.2 makes the client send it again with every update, when it may have expired. Raises
        ``UnapprovedSoftwareStatement``, ``InvalidSoftwareStatement``, or ``TooManyRequests`` if keys were fetched too
        often.
        """
        statement = asked.get("software_statement")
        if statement is None:
            return asked
        claims = self._read_claims(statement, source, known=statement == accepted)
        signed = {name: value for name, value in claims.items() if is_metadata(name) and value is not None}
        _check_encodable(signed)
        try:
            schema("oauth/registration").check(signed)
        except SchemaViolation as violation:
            raise InvalidSoftwareStatement(f"has an invalid member, {violation}", pointer=POINTER) from violation
        replaced = {EXCLUSIVE[name] for name in EXCLUSIVE if name in signed}
        return {**{name: value for name, value in asked.items() if name not in replaced}, **signed}

    def _read_claims(self, statement: str, source: str, *, known: bool) -> Mapping[str, Any]:
        """Return the claims of a statement of a trusted issuer, verified unless it is ``known``."""
        # Imported when a statement comes, which is seldom: cryptography would lengthen every cold start.
        from runtime.oauth.clients.assertion import read_unverified_claims, read_unverified_kid, verify_signature

        unverified = read_unverified_claims(statement)
        issuer = unverified.get("iss") if unverified else None
        if unverified is None or not isinstance(issuer, str):
            raise InvalidSoftwareStatement("must be a signed JWT with an issuer", pointer=POINTER)
        trusted = self.settings.software_statement_issuers.get(issuer)
        if trusted is None:
            raise UnapprovedSoftwareStatement("is of an issuer that this server does not trust", pointer=POINTER)
        if known:
            return unverified
        metadata = {"jwks_uri": trusted} if isinstance(trusted, str) else {"jwks": trusted}
        jwks = self.keys.find(metadata, read_unverified_kid(statement), source)
        claims = verify_signature(statement, jwks)
        if claims is None:
            raise InvalidSoftwareStatement("must be signed with a key of its issuer", pointer=POINTER)
        self._check_claims(claims)
        return claims

    def _check_claims(self, claims: Mapping[str, Any]) -> None:
        """Check the times of a statement, and that its audience, if it has one, is this server.

        RFC 7519 4.1.3, 4.1.4 and 4.1.5.
        """
        now = self.clock()
        expires, starts = claims.get("exp", math.inf), claims.get("nbf", 0)
        if not (_is_number(expires) and _is_number(starts) and starts <= now < expires):
            raise InvalidSoftwareStatement("is expired or not yet valid", pointer=POINTER)
        audience = claims.get("aud", self.settings.issuer)
        values = audience if isinstance(audience, list) else [audience]
        if self.settings.issuer not in values and f"{self.settings.issuer}/dcr" not in values:
            raise InvalidSoftwareStatement("is for another server", pointer=POINTER)


def _check_encodable(signed: dict[str, Any]) -> None:
    """Raise ``InvalidSoftwareStatement`` for values that JSON and UTF-8 cannot encode.

    A JWT can spell NaN and half a surrogate pair.
    """
    try:
        parse_json(json.dumps(signed).encode())
    except (MalformedBody, RecursionError) as error:
        raise InvalidSoftwareStatement("has values that are not valid JSON", pointer=POINTER) from error


def _is_number(value: Any) -> bool:
    """Whether a value is a NumericDate (RFC 7519 2)."""
    return isinstance(value, int | float) and not isinstance(value, bool)
