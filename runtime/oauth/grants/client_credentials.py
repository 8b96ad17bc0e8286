"""The client credentials grant (RFC 6749 4.4): a client acts for itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.oauth.clients.lifetimes import Renewal
from runtime.oauth.clients.machines import machine_scope
from runtime.oauth.grants.grant_type import bearer
from runtime.oauth.resource import check_resource
from runtime.oauth.scope import scope_within
from runtime.records.oauth import Client
from runtime.settings import OAuthSettings
from runtime.tokens.access_tokens import Tokens


@dataclass(frozen=True, slots=True)
class ClientCredentialsGrant:
    """Issues access tokens whose subject is the client. There is no refresh token (RFC 6749 4.4.3)."""

    settings: OAuthSettings
    tokens: Tokens
    renew: Renewal

    def __call__(self, client: Client, parameters: Mapping[str, str]) -> dict[str, Any]:
        """RFC 6749 4.4.3. Raises ``UnauthorizedClient``, ``InvalidScope`` or ``InvalidTarget``."""
        check_resource(parameters.get("resource"), self.settings.resource)
        held = machine_scope(client, self.settings)
        scope = scope_within(held, parameters.get("scope"), self.settings.scope_implies)
        self.renew(client)
        lifetime = self.settings.access_token_lifetime
        return bearer(self.tokens.issue(client.client_id, client.client_id, scope, lifetime), lifetime, scope)
