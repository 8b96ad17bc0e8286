"""The authorization code grant (RFC 6749 4.1, OAuth 2.1 4.1): a client redeems the code that a user brought back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from runtime.audit import AuditEvent
from runtime.oauth import pkce
from runtime.oauth.clients.lifetimes import Renewal
from runtime.oauth.credentials import matches
from runtime.oauth.errors import InvalidGrant
from runtime.oauth.grants import refresh_token as refresh
from runtime.oauth.grants.code import AuthorizationCode, RefreshToken
from runtime.oauth.grants.grant_type import GrantServices, GrantType, require_parameter
from runtime.oauth.grants.user_tokens import UserTokens
from runtime.oauth.resource import check_resource
from runtime.records.errors import NotThere
from runtime.records.oauth import Client, Grant, GrantStore

REFUSED: Final = "is not valid: unknown, expired, revoked, or issued to another client"
REPLAYED: Final = "was used before; everything that was issued for it is revoked"


@dataclass(frozen=True, slots=True)
class AuthorizationCodeGrant:
    """Redeems authorization codes."""

    grants: GrantStore
    user_tokens: UserTokens
    renew: Renewal

    def __call__(self, client: Client, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Redeem a code, and return the response of RFC 6749 4.1.4.

        A request that fails leaves the code as it was: otherwise anyone who saw the code in a browser could use it up.
        A second request that is valid in every other respect revokes the grant (OAuth 2.1 7.5.3), because one of the
        two came from an attacker. Raises ``InvalidRequest``, ``InvalidGrant`` or ``InvalidTarget``.
        """
        code = AuthorizationCode.read(require_parameter(parameters, "code"))
        verifier = require_parameter(parameters, "code_verifier")
        grant = self._find_grant(code, client)
        _check_request(grant, parameters, verifier)
        if grant.code_used:
            self.grants.revoke(grant.grant_id)
            raise _replay_error(grant)
        refreshable = refresh.GRANT_TYPE.name in client.metadata["grant_types"]
        refresh_token = RefreshToken.new(grant.grant_id) if refreshable else None
        family_hash, refresh_hash = _hashes(refresh_token)
        # Whatever can fail comes before the code is used up.
        self.renew(client)
        response = self.user_tokens.issue(grant, self.user_tokens.scope(grant), refresh_token)
        expires_at = self.user_tokens.expiry(grant, refreshable=refreshable)
        try:
            self.grants.redeem(grant.grant_id, family_hash, refresh_hash, expires_at)
        except NotThere as error:
            self.grants.revoke(grant.grant_id)
            raise _replay_error(grant) from error
        return response

    def _find_grant(self, code: AuthorizationCode, client: Client) -> Grant:
        """Return the grant of a code, or raise ``InvalidGrant`` if the code expired or is not this client's."""
        grant = self.grants.get(code.grant_id)
        genuine = matches(code.secret, grant.code_hash if grant else None)
        if grant is None or not genuine or not self.user_tokens.are_for(client, grant):
            raise InvalidGrant(REFUSED, pointer="/code")
        return grant


def build(services: GrantServices) -> AuthorizationCodeGrant:
    """Return the handler of the grant type."""
    user_tokens = UserTokens(services.settings, services.tokens, services.clock)
    return AuthorizationCodeGrant(services.stores.grants, user_tokens, services.renew)


GRANT_TYPE: Final = GrantType("authorization_code", build, is_interactive=True)


def _check_request(grant: Grant, parameters: Mapping[str, str], verifier: str) -> None:
    """Compare the request with the authorization request. Raises ``InvalidGrant`` or ``InvalidTarget``.

    OAuth 2.1 10.2: a client need not send ``redirect_uri``, since the code verifier does its job. If it is sent, it
    is compared as RFC 6749 4.1.3 says.
    """
    if parameters.get("redirect_uri", grant.redirect_uri) != grant.redirect_uri:
        raise InvalidGrant("is not that of the authorization request", pointer="/redirect_uri")
    if not pkce.proves(verifier, grant.code_challenge):
        raise InvalidGrant("does not prove the code_challenge", pointer="/code_verifier")
    check_resource(parameters.get("resource"), grant.resource)


def _replay_error(grant: Grant) -> InvalidGrant:
    """Return the refusal of a code that was used before (RFC 6749 4.1.2)."""
    event = AuditEvent("code_replayed", {"grant_id": grant.grant_id, "client_id": grant.client_id})
    return InvalidGrant(REPLAYED, pointer="/code", audit=event)


def _hashes(refresh_token: RefreshToken | None) -> tuple[str | None, str | None]:
    return (refresh_token.family_hash, refresh_token.hash) if refresh_token else (None, None)
