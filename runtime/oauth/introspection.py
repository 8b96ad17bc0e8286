"""The introspection endpoint, ``POST /introspect`` (RFC 7662)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.http.event import Request, Response, json_response
from runtime.oauth.clients.authentication import ClientAuthenticator
from runtime.oauth.credentials import matches
from runtime.oauth.grants.code import RefreshToken
from runtime.oauth.scope import resource_scopes
from runtime.oauth.stores import Stores
from runtime.records.oauth import Grant
from runtime.settings import Settings
from runtime.tokens.access_tokens import BEARER, AccessToken, InvalidToken, Tokens


@dataclass(frozen=True, slots=True)
class IntrospectionEndpoint:
    """Describes a client's own access tokens and refresh tokens."""

    settings: Settings
    authenticate: ClientAuthenticator
    tokens: Tokens
    stores: Stores

    def __call__(self, request: Request, parameters: Mapping[str, str]) -> Response:
        """Return the response of RFC 7662 2.2, whatever the token is.

        A token of another client is reported as not active. Raises the errors of client authentication.
        """
        client = self.authenticate(request, parameters)
        try:
            token = self.tokens.verify(parameters["token"])
        except InvalidToken:
            claims = self._describe_refresh_token(RefreshToken.read(parameters["token"]), client.client_id)
        else:
            claims = self._describe_access_token(token, client.client_id)
        body = {"active": True, **claims} if claims else {"active": False}
        return json_response(200, body)._replace(client_id=client.client_id)

    def _describe_access_token(self, token: AccessToken, client_id: str) -> dict[str, Any]:
        """Return the claims of an access token, none if it is not active."""
        revoked = token.client_id != client_id or self.stores.revocations.is_revoked(token.token_id)
        if revoked or (token.grant_id is not None and self.stores.grants.get(token.grant_id) is None):
            return {}
        return {
            "scope": token.scope,
            "client_id": token.client_id,
            "token_type": BEARER,
            "exp": token.expires_at,
            "iat": token.issued_at,
            "sub": token.subject,
            **self._issuer_and_audience(),
            "jti": token.token_id,
        }

    def _describe_refresh_token(self, presented: RefreshToken, client_id: str) -> dict[str, Any]:
        """Return the claims of a refresh token, none unless it is the current one of a grant of this client."""
        grant = self.stores.grants.get(presented.grant_id)
        if not _is_current(presented, grant) or grant is None or grant.client_id != client_id:
            return {}
        return {
            "scope": " ".join(resource_scopes(grant.scope)),
            "client_id": grant.client_id,
            "exp": grant.expires_at,
            "iat": grant.rotated_at,
            "sub": grant.subject,
            **self._issuer_and_audience(),
        }

    def _issuer_and_audience(self) -> dict[str, Any]:
        return {"aud": self.settings.resource, "iss": self.settings.issuer}


def _is_current(presented: RefreshToken, grant: Grant | None) -> bool:
    in_family = matches(presented.family, grant.family_hash if grant else None)
    return matches(presented.secret, grant.refresh_hash if grant else None) and in_family
