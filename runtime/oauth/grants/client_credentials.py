"""The client credentials grant (RFC 6749 4.4): a client acts on its own behalf. Such a client is called a machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from runtime.oauth.clients.lifetimes import Renewal
from runtime.oauth.clients.registration_policy import CLOSED, OPEN
from runtime.oauth.errors import InvalidScope, UnauthorizedClient
from runtime.oauth.grants.grant_type import GrantServices, GrantType, bearer_response
from runtime.oauth.resource import check_resource
from runtime.oauth.scope import resource_scopes, scope_within
from runtime.records.oauth import Client
from runtime.scopes import expand_scopes, scope_list
from runtime.settings import OAuthSettings
from runtime.tokens.access_tokens import Tokens

NEEDS_TOKEN: Final = "client_credentials needs an initial access token at registration"


@dataclass(frozen=True, slots=True)
class ClientCredentialsGrant:
    """Issues access tokens whose subject is the client. There is no refresh token (RFC 6749 4.4.3)."""

    settings: OAuthSettings
    tokens: Tokens
    renew: Renewal

    def __call__(self, client: Client, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Issue an access token, and return the response of RFC 6749 4.4.3.

        Raises ``UnauthorizedClient``, ``InvalidScope`` or ``InvalidTarget``.
        """
        check_resource(parameters.get("resource"), self.settings.resource)
        asked = parameters.get("scope")
        held = machine_scope(client, self.settings)
        if not client.stated_scope and resource_scopes(asked or ""):
            # It may have stated any scope, so it may ask for any: clients ask for what the challenge names.
            held = " ".join(self.settings.machine_scopes)
        scope = scope_within(held, asked, self.settings.scope_implies)
        self.renew(client)
        lifetime = self.settings.access_token_lifetime
        access_token = self.tokens.issue(client.client_id, client.client_id, scope, lifetime)
        return bearer_response(access_token, lifetime, scope)


def build(services: GrantServices) -> ClientCredentialsGrant:
    """Return the handler of the grant type."""
    return ClientCredentialsGrant(services.settings, services.tokens, services.renew)


GRANT_TYPE: Final = GrantType("client_credentials", build, is_machine=True)


def may_be_machine(settings: OAuthSettings, *, invited: bool) -> bool:
    """Whether a client may act on its own behalf. ``invited``: it registered with an initial access token."""
    return settings.machine_clients == OPEN or (settings.machine_clients != CLOSED and invited)


def machine_scope(client: Client, settings: OAuthSettings) -> str:
    """Return the part of a client's scope that it can get for itself, by the current settings.

    The stack's policy may have changed since the client registered. A client that also acts for users may be registered
    for more than machines may have. Raises ``UnauthorizedClient``, or ``InvalidScope`` if no scope remains.
    """
    if not may_be_machine(settings, invited=client.invited):
        raise UnauthorizedClient(NEEDS_TOKEN, pointer="/grant_type")
    allowed = machine_scopes_within(client.metadata["scope"], settings)
    if not allowed:
        raise InvalidScope("has nothing that a client can get for itself", pointer="/scope")
    return " ".join(allowed)


def machine_scopes_within(scope: str, settings: OAuthSettings) -> list[str]:
    """Return the scopes in a scope string that machines may have."""
    allowed = expand_scopes(settings.machine_scopes, settings.scope_implies)
    return [each for each in scope_list(scope) if each in allowed]
