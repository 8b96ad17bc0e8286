"""The tokens that a client gets to act for a user, as long as the user's grant lasts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from runtime.oauth.clients.lifetimes import SECONDS_PER_DAY
from runtime.oauth.grants.code import RefreshToken
from runtime.oauth.grants.grant_type import bearer_response
from runtime.oauth.scope import scope_within
from runtime.records.oauth import Client, Grant, ReplacedToken
from runtime.settings import OAuthSettings
from runtime.tokens.access_tokens import Tokens


@dataclass(frozen=True, slots=True)
class UserTokens:
    """Issues tokens under a grant. ``clock`` reads seconds since the epoch."""

    settings: OAuthSettings
    tokens: Tokens
    clock: Callable[[], float]

    def are_for(self, client: Client, grant: Grant) -> bool:
        """Whether the grant is the client's, and for the resource of this server."""
        return grant.client_id == client.client_id and grant.resource == self.settings.resource

    def issue(self, grant: Grant, scope: str, refresh_token: RefreshToken | None) -> dict[str, Any]:
        """Issue an access token of this scope, which does not outlive its grant; return the response of RFC 6749 5.1.

        The response includes the refresh token, if there is one.
        """
        lifetime = self._lifetime(grant)
        access_token = self.tokens.issue(grant.client_id, grant.subject, scope, lifetime, grant.grant_id)
        refresh = {"refresh_token": str(refresh_token)} if refresh_token else {}
        return {**bearer_response(access_token, lifetime, scope), **refresh}

    def scope(self, grant: Grant, asked: str | None = None) -> str:
        """Return the scope of the grant, or the part of it that is asked for.

        RFC 6749 6: the requested scope "MUST NOT include any scope not originally granted". What exceeds the grant is
        left out, as everywhere (3.3), so a client that always asks for everything can refresh. Raises ``InvalidScope``
        if the grant has none of it.
        """
        return scope_within(grant.scope, asked, self.settings.scope_implies)

    def expiry(self, grant: Grant, *, refreshable: bool) -> int:
        """Return when a grant that is used now expires: at the latest at its absolute end (RFC 9700 4.14.2).

        With a refresh token, it expires once that was idle for too long; without one, with its only access token.
        """
        idle = self.settings.refresh_token_idle_days * SECONDS_PER_DAY
        return min(self.now() + (idle if refreshable else self._lifetime(grant)), grant.absolute_expires_at)

    def is_in_grace(self, replaced: ReplacedToken) -> bool:
        """Whether a used refresh token is still accepted, and gives its successor again."""
        return self.now() < replaced.replaced_at + self.settings.refresh_token_grace_seconds

    def now(self) -> int:
        """Return the time in seconds since the epoch."""
        return int(self.clock())

    def _lifetime(self, grant: Grant) -> int:
        return min(self.settings.access_token_lifetime, grant.absolute_expires_at - self.now())
