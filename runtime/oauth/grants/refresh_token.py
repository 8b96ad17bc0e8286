"""The refresh token grant (RFC 6749 6): a client goes on acting for a user, with a new refresh token each time.

Programs that share a refresh token may use it at the same moment, and answers get lost. So for a grace time a token
that was used gives what has taken its place: the same token to everybody, so that nobody is left with one that is not
good. It cannot be read from what is kept, only be derived anew by who holds the token that it follows.
"""

import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.audit import AuditEvent
from runtime.oauth.clients.lifetimes import Renewal
from runtime.oauth.credentials import matches, new_credential
from runtime.oauth.errors import InvalidGrant
from runtime.oauth.grants.code import RefreshToken
from runtime.oauth.grants.grant_type import required
from runtime.oauth.grants.user_tokens import UserTokens
from runtime.oauth.resource import check_resource
from runtime.records.errors import NotThere
from runtime.records.oauth import Client, Grant, GrantStore, ReplacedToken

# A grant is read with every request to /mcp, so it stays small; no client replaces its token so often within a minute.
MOST_REPLACED = 16
REFUSED = "is not valid: unknown, expired, revoked, or issued to another client"
REUSED = "was used before; everything that was issued under the same grant is revoked"


@dataclass(frozen=True, slots=True)
class RefreshTokenGrant:
    """Rotates refresh tokens (RFC 9700 4.14.2)."""

    grants: GrantStore
    user_tokens: UserTokens
    renew: Renewal

    def __call__(self, client: Client, parameters: Mapping[str, str]) -> dict[str, Any]:
        """RFC 6749 6. Raises ``InvalidRequest``, ``InvalidGrant``, ``InvalidScope`` or ``InvalidTarget``.

        Each answer has an access token of its own, of the scope that the request asks for.
        """
        presented = RefreshToken.read(required(parameters, "refresh_token"))
        grant = self._find_grant(presented, client)
        check_resource(parameters.get("resource"), grant.resource)
        # For this access token alone: RFC 6749 6, the refresh token stays as wide as it was.
        scope = self.user_tokens.scope(grant, parameters.get("scope"))
        if matches(presented.secret, grant.refresh_hash):
            return self._rotate(presented, grant, client, scope)
        latest = self._find_latest(presented, grant)
        self.renew(client)
        return self.user_tokens.response(grant, scope, latest)

    def _rotate(self, presented: RefreshToken, grant: Grant, client: Client, scope: str) -> dict[str, Any]:
        """Replace the present token, and answer with the one that follows.

        Of any number of attempts at once one is made; the others answer with what that one has brought.
        """
        self.renew(client)
        salt = new_credential()
        following = presented.following(salt)
        # Whatever can fail comes before the token is used up.
        response = self.user_tokens.response(grant, scope, following)
        expires_at = self.user_tokens.expiry(grant, refreshable=True)
        replaced = ReplacedToken(presented.hash, salt, self.user_tokens.now())
        try:
            self.grants.rotate(grant, following.hash, self._chain(grant, replaced), expires_at)
        except NotThere:
            latest = self._find_latest(presented, self._find_grant(presented, client))
            return {**response, "refresh_token": str(latest)}
        return response

    def _find_grant(self, presented: RefreshToken, client: Client) -> Grant:
        """The grant that the token is, or was, good for; raises ``InvalidGrant`` unless it is this client's."""
        grant = self.grants.get(presented.grant_id)
        genuine = matches(presented.family, grant.family_hash if grant else None)
        if grant is None or not genuine or not self.user_tokens.are_for(client, grant):
            raise InvalidGrant(REFUSED, pointer="/refresh_token")
        return grant

    def _find_latest(self, presented: RefreshToken, grant: Grant) -> RefreshToken:
        """The present token of the grant, to who presents one that it has replaced a moment ago.

        Raises ``InvalidGrant`` for a token that was used longer ago, and ends the grant: whether the thief came first
        or the client, what the thief holds is of no use from now on.
        """
        for place, replaced in enumerate(grant.replaced):
            if self.user_tokens.is_in_grace(replaced) and matches(presented.secret, replaced.hash):
                salts = (token.salt for token in grant.replaced[place:])
                return functools.reduce(RefreshToken.following, salts, presented)
        self.grants.revoke(grant.grant_id)
        reused = AuditEvent("refresh_token_reused", {"grant_id": grant.grant_id, "client_id": grant.client_id})
        raise InvalidGrant(REUSED, pointer="/refresh_token", audit=reused)

    def _chain(self, grant: Grant, replaced: ReplacedToken) -> tuple[ReplacedToken, ...]:
        """What is kept of the tokens that were replaced: from the first whose grace lasts, without a gap."""
        kept = itertools.dropwhile(lambda token: not self.user_tokens.is_in_grace(token), grant.replaced)
        return (*kept, replaced)[-MOST_REPLACED:]
