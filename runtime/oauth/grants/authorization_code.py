"""The authorization code grant (RFC 6749 4.1, OAuth 2.1 4.1): a user has sent the client with a code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from runtime.audit import AuditEvent
from runtime.oauth import pkce
from runtime.oauth.clients.lifetimes import Renewal
from runtime.oauth.credentials import matches
from runtime.oauth.errors import InvalidGrant
from runtime.oauth.grants.code import AuthorizationCode, RefreshToken
from runtime.oauth.grants.grant_type import required
from runtime.oauth.grants.user_tokens import UserTokens
from runtime.oauth.resource import check_resource
from runtime.records.errors import NotThere
from runtime.records.oauth import Client, Grant, GrantStore

REPLAYED = "was used before; everything that was issued for it is revoked"


@dataclass(frozen=True, slots=True)
class AuthorizationCodeGrant:
    """Redeems authorization codes."""

    grants: GrantStore
    user_tokens: UserTokens
    renew: Renewal

    def __call__(self, client: Client, parameters: Mapping[str, str]) -> dict[str, Any]:
        """RFC 6749 4.1.4.

        A request that fails leaves the code as it was: otherwise whoever has seen the code in a browser could burn it.
        A second request that is valid in every other respect ends the grant (OAuth 2.1 7.5.3), since one of the two
        comes from somebody who stole the code. Raises ``InvalidRequest``, ``InvalidGrant`` or ``InvalidTarget``.
        """
        code = AuthorizationCode.read(required(parameters, "code"))
        verifier = required(parameters, "code_verifier")
        grant = self._granted(code, client)
        _check_request(grant, parameters, verifier)
        if grant.code_used:
            self._replayed(grant)
        refreshable = "refresh_token" in client.metadata["grant_types"]
        refresh_token = RefreshToken.first(grant.grant_id) if refreshable else None
        # Whatever can fail comes before the code is used up.
        self.renew(client)
        response = self.user_tokens.response(grant, self.user_tokens.scope(grant), refresh_token)
        expires_at = self.user_tokens.expiry(grant, refreshable=refreshable)
        try:
            self.grants.redeem(grant.grant_id, *_hashes(refresh_token), expires_at)
        except NotThere:
            self._replayed(grant)
        return response

    def _granted(self, code: AuthorizationCode, client: Client) -> Grant:
        """What the code was issued for; raises ``InvalidGrant`` unless it is of this client and has not expired."""
        grant = self.grants.get(code.grant_id)
        genuine = matches(code.secret, grant.code_hash if grant else None)
        if grant is None or not genuine or not self.user_tokens.are_for(client, grant):
            raise InvalidGrant("is not valid: unknown, expired, revoked, or issued to another client", pointer="/code")
        return grant

    def _replayed(self, grant: Grant) -> NoReturn:
        """RFC 6749 4.1.2: deny the request and revoke all tokens issued for the code. Raises ``InvalidGrant``."""
        self.grants.revoke(grant.grant_id)
        replayed = AuditEvent("code_replayed", {"grant_id": grant.grant_id, "client_id": grant.client_id})
        raise InvalidGrant(REPLAYED, pointer="/code", audit=replayed)


def _check_request(grant: Grant, parameters: Mapping[str, str], verifier: str) -> None:
    """The request fits the authorization request. Raises ``InvalidGrant`` or ``InvalidTarget``.

    OAuth 2.1 10.2: a client need not send ``redirect_uri``, since the code verifier does what it was for; what is
    sent is compared as RFC 6749 4.1.3 says.
    """
    if parameters.get("redirect_uri", grant.redirect_uri) != grant.redirect_uri:
        raise InvalidGrant("is not that of the authorization request", pointer="/redirect_uri")
    if not pkce.proves(verifier, grant.code_challenge):
        raise InvalidGrant("does not prove the code_challenge", pointer="/code_verifier")
    check_resource(parameters.get("resource"), grant.resource)


def _hashes(refresh_token: RefreshToken | None) -> tuple[str | None, str | None]:
    return (refresh_token.family_hash, refresh_token.hash) if refresh_token else (None, None)
