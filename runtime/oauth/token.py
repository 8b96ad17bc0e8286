"""The token endpoint, ``POST /token`` (RFC 6749 3.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.event import Request, Response, json_response
from runtime.oauth.audited import token_issued
from runtime.oauth.client_auth import ClientAuthenticator
from runtime.oauth.errors import InvalidTarget, UnauthorizedClient, UnsupportedGrantType
from runtime.oauth.lifetimes import Renewal
from runtime.oauth.scope import narrowed
from runtime.settings import OAuthSettings
from runtime.storage.records import Client
from runtime.tokens import Tokens

GRANT_TYPES = ("client_credentials",)


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """Issues access tokens for the client credentials grant (RFC 6749 4.4)."""

    settings: OAuthSettings
    authenticate: ClientAuthenticator
    tokens: Tokens
    renew: Renewal

    def __call__(self, request: Request, parameters: Mapping[str, str]) -> Response:
        """RFC 6749 5.1. Raises the errors of RFC 6749 5.2, and ``InvalidTarget`` (RFC 8707 2)."""
        client = self.authenticate(request, parameters)
        self._check_grant(client, parameters["grant_type"])
        if parameters.get("resource", self.settings.resource) != self.settings.resource:
            raise InvalidTarget("tokens are issued for this server's MCP URL only", pointer="/resource")
        scope = narrowed(client.metadata["scope"], parameters.get("scope"), self.settings.scope_implies)
        self.renew(client)
        lifetime = self.settings.access_token_lifetime
        token = self.tokens.issue(client.client_id, client.client_id, scope, lifetime)
        body = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": lifetime,
            "scope": scope,
        }
        issued = token_issued(token, parameters["grant_type"])
        return json_response(200, body, {"Pragma": "no-cache"})._replace(client_id=client.client_id, audit=(issued,))

    def _check_grant(self, client: Client, grant_type: str) -> None:
        if grant_type not in GRANT_TYPES:
            raise UnsupportedGrantType(f"must be {' or '.join(GRANT_TYPES)}", pointer="/grant_type")
        if grant_type not in client.metadata["grant_types"]:
            raise UnauthorizedClient("the client is not registered for this grant type", pointer="/grant_type")
