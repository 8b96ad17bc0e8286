"""The refresh token grant (RFC 6749 6): a client keeps acting for a user, with a new refresh token each time.

Processes that share a refresh token may use it at the same moment, and responses get lost. So for a grace time, a used
token gives its successor again: the same token to every caller, so that no caller holds an invalid one. The successor
cannot be read from the store. It can only be derived from the token that it replaces.
"""

import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from runtime.audit import AuditEvent
from runtime.oauth.clients.lifetimes import Renewal
from runtime.oauth.credentials import matches, new_credential
from runtime.oauth.errors import InvalidGrant
from runtime.oauth.grants.code import RefreshToken
from runtime.oauth.grants.grant_type import GrantServices, GrantType, require_parameter
from runtime.oauth.grants.user_tokens import UserTokens
from runtime.oauth.resource import check_resource
from runtime.records.errors import NotThere
from runtime.records.oauth import Client, Grant, GrantStore, ReplacedToken

# A grant is read with every request to /mcp, so it stays small. No client replaces its token so often within a minute.
MOST_REPLACED: Final = 16
REFUSED: Final = "is not valid: unknown, expired, revoked, or issued to another client"
REUSED: Final = "was used before; everything that was issued under the same grant is revoked"


@dataclass(frozen=True, slots=True)
class RefreshTokenGrant:
    """Rotates refresh tokens (RFC 9700 4.14.2)."""

    grants: GrantStore
    user_tokens: UserTokens
    renew: Renewal

    def __call__(self, client: Client, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Return a new access token of the requested scope, and the refresh token to use next (RFC 6749 6).

        Raises ``InvalidRequest``, ``InvalidGrant``, ``InvalidScope`` or ``InvalidTarget``.
        """
        presented = RefreshToken.read(require_parameter(parameters, "refresh_token"))
        grant = self._find_grant(presented, client)
        check_resource(parameters.get("resource"), grant.resource)
        # RFC 6749 6: this narrows the access token alone; the refresh token keeps its scope.
        scope = self.user_tokens.scope(grant, parameters.get("scope"))
        if matches(presented.secret, grant.refresh_hash):
            return self._rotate(presented, grant, client, scope)
        latest = self._find_latest_or_revoke(presented, grant)
        self.renew(client)
        return self.user_tokens.issue(grant, scope, latest)

    def _rotate(self, presented: RefreshToken, grant: Grant, client: Client, scope: str) -> dict[str, Any]:
        """Replace the current token with its successor, and return that.

        If several requests do this at once, one succeeds; the others return the successor that it stored.
        """
        self.renew(client)
        salt = new_credential()
        successor = presented.successor(salt)
        # Whatever can fail comes before the token is used up.
        response = self.user_tokens.issue(grant, scope, successor)
        expires_at = self.user_tokens.expiry(grant, refreshable=True)
        chain = self._chain(grant, ReplacedToken(presented.hash, salt, self.user_tokens.now()))
        try:
            self.grants.rotate(grant, successor.hash, chain, expires_at)
        except NotThere:
            grant = self._find_grant(presented, client)
            latest = self._find_latest_or_revoke(presented, grant)
            return {**response, "refresh_token": str(latest)}
        return response

    def _find_grant(self, presented: RefreshToken, client: Client) -> Grant:
        """Return the grant of a current or used token, or raise ``InvalidGrant`` if it is not this client's."""
        grant = self.grants.get(presented.grant_id)
        genuine = matches(presented.family, grant.family_hash if grant else None)
        if grant is None or not genuine or not self.user_tokens.are_for(client, grant):
            raise InvalidGrant(REFUSED, pointer="/refresh_token")
        return grant

    def _find_latest_or_revoke(self, presented: RefreshToken, grant: Grant) -> RefreshToken:
        """Return the current token of the grant, or revoke the grant and raise ``InvalidGrant``.

        A token that was used longer ago than the grace time revokes the grant. Whether the attacker or the client used
        it first, the attacker's tokens are then worthless.
        """
        latest = self._find_latest(presented, grant)
        if latest is None:
            self.grants.revoke(grant.grant_id)
            event = AuditEvent("refresh_token_reused", {"grant_id": grant.grant_id, "client_id": grant.client_id})
            raise InvalidGrant(REUSED, pointer="/refresh_token", audit=event)
        return latest

    def _find_latest(self, presented: RefreshToken, grant: Grant) -> RefreshToken | None:
        """Derive the current token of the grant from one that was used within the grace time, ``None`` otherwise."""
        for place, replaced in enumerate(grant.replaced):
            if self.user_tokens.is_in_grace(replaced) and matches(presented.secret, replaced.hash):
                salts = (token.salt for token in grant.replaced[place:])
                return functools.reduce(RefreshToken.successor, salts, presented)
        return None

    def _chain(self, grant: Grant, replaced: ReplacedToken) -> tuple[ReplacedToken, ...]:
        """Return the used tokens to store: from the first one within the grace time to the last, without a gap."""
        recent = itertools.dropwhile(lambda token: not self.user_tokens.is_in_grace(token), grant.replaced)
        return (*recent, replaced)[-MOST_REPLACED:]


def build(services: GrantServices) -> RefreshTokenGrant:
    """Return the handler of the grant type."""
    user_tokens = UserTokens(services.settings, services.tokens, services.clock)
    return RefreshTokenGrant(services.stores.grants, user_tokens, services.renew)


GRANT_TYPE: Final = GrantType("refresh_token", build, is_interactive=True)
