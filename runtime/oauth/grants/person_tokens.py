"""The tokens that a client gets to act for a person, as long as the person's grant lasts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from runtime.oauth.errors import InvalidScope
from runtime.oauth.grant_credential import RefreshToken
from runtime.oauth.grants.grant_type import bearer
from runtime.oauth.lifetimes import SECONDS_PER_DAY
from runtime.scopes import expanded, scope_list
from runtime.settings import OAuthSettings
from runtime.storage.records import Client, Grant
from runtime.tokens import Tokens

# OpenID Connect Core 1.0, 11: who asks for it asks for a refresh token. It is nothing that an access token can carry.
OFFLINE_ACCESS = "offline_access"


@dataclass(frozen=True, slots=True)
class PersonTokens:
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
        """RFC 6749 6: what was granted, or the less that is asked for; raises ``InvalidScope`` where it is more."""
        granted = usable_scopes(grant)
        wanted = [scope for scope in scope_list(asked or "") if scope != OFFLINE_ACCESS]
        if not set(wanted) <= expanded(granted, self.settings.scope_implies):
            raise InvalidScope("exceeds what was granted", pointer="/scope")
        return " ".join(wanted or granted)

    def expiry(self, grant: Grant, *, refreshable: bool) -> int:
        """When a grant ends that is used now, at the latest at its absolute end (RFC 9700 4.14.2).

        It ends once its refresh token has been idle for too long; without one, with its only access token.
        """
        idle = self.settings.refresh_token_idle_days * SECONDS_PER_DAY
        return min(self.now() + (idle if refreshable else self._lifetime(grant)), grant.absolute_expires_at)

    def now(self) -> int:
        """Seconds since the epoch."""
        return int(self.clock())

    def _lifetime(self, grant: Grant) -> int:
        return min(self.settings.access_token_lifetime, grant.absolute_expires_at - self.now())


def usable_scopes(grant: Grant) -> list[str]:
    """The scopes that an access token under the grant can carry."""
    return [scope for scope in scope_list(grant.scope) if scope != OFFLINE_ACCESS]
