"""The tokens that a client gets to act for a user, as long as the user's grant lasts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from runtime.oauth.clients.lifetimes import SECONDS_PER_DAY
from runtime.oauth.grants.code import RefreshToken
from runtime.oauth.grants.grant_type import bearer
from runtime.oauth.scope import scope_within
from runtime.records.oauth import Client, Grant, ReplacedToken
from runtime.settings import OAuthSettings
from runtime.tokens.access_tokens import Tokens


@dataclass(frozen=True, slots=True)
class UserTokens:
    """Makes tokens under a grant. ``clock`` reads seconds since the epoch."""

    settings: OAuthSettings
    tokens: Tokens
    clock: Callable[[], float]

    def are_for(self, client: Client, grant: Grant) -> bool:
        """Whether the grant is the client's, and for the resource that this server issues tokens for."""
        return grant.client_id == client.client_id and grant.resource == self.settings.resource

    def response(self, grant: Grant, scope: str, refresh_token: RefreshToken | None) -> dict[str, Any]:
        """RFC 6749 5.1: an access token of this scope, which does not outlive its grant, and a refresh token."""
        lifetime = self._lifetime(grant)
        access_token = self.tokens.issue(grant.client_id, grant.subject, scope, lifetime, grant.grant_id)
        refresh = {"refresh_token": str(refresh_token)} if refresh_token else {}
        return {**bearer(access_token, lifetime, scope), **refresh}

    def scope(self, grant: Grant, asked: str | None = None) -> str:
        """RFC 6749 6: what was granted, or as much of it as is asked for; raises ``InvalidScope`` where that is
        nothing."""
        return scope_within(grant.scope, asked, self.settings.scope_implies)

    def expiry(self, grant: Grant, *, refreshable: bool) -> int:
        """When a grant ends that is used now, at the latest at its absolute end (RFC 9700 4.14.2).

        It ends once its refresh token has been idle for too long; without one, with its only access token.
        """
        idle = self.settings.refresh_token_idle_days * SECONDS_PER_DAY
        return min(self.now() + (idle if refreshable else self._lifetime(grant)), grant.absolute_expires_at)

    def is_in_grace(self, replaced: ReplacedToken) -> bool:
        """Whether a refresh token that was used may come once more, and gives its successor."""
        return self.now() < replaced.replaced_at + self.settings.refresh_token_grace_seconds

    def now(self) -> int:
        """Seconds since the epoch."""
        return int(self.clock())

    def _lifetime(self, grant: Grant) -> int:
        return min(self.settings.access_token_lifetime, grant.absolute_expires_at - self.now())
