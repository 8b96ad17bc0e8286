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
    """Tells a client about its own access tokens and refresh tokens."""

    settings: Settings
    authenticate: ClientAuthenticator
    tokens: Tokens
    stores: Stores

    def __call__(self, request: Request, parameters: Mapping[str, str]) -> Response:
        """RFC 7662 2.2. Raises the errors of client authentication, and nothing for whatever the token may be.

        Of a token that is not the client's it learns as much as of one that is not active.
        """
        client = self.authenticate(request, parameters)
        try:
            token = self.tokens.verify(parameters["token"])
        except InvalidToken:
            claims = self._refresh_token(RefreshToken.read(parameters["token"]), client.client_id)
        else:
            claims = self._access_token(token, client.client_id)
        body = {"active": True, **claims} if claims else {"active": False}
        return json_response(200, body)._replace(client_id=client.client_id)

    def _access_token(self, token: AccessToken, client_id: str) -> dict[str, Any]:
        """What an access token says; nothing where it is not active."""
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
            **self._ours(),
            "jti": token.token_id,
        }

    def _refresh_token(self, presented: RefreshToken, client_id: str) -> dict[str, Any]:
        """What can be said of a refresh token; nothing where it is not the present one of a grant of this client."""
        grant = self.stores.grants.get(presented.grant_id)
        if not _is_present(presented, grant) or grant is None or grant.client_id != client_id:
            return {}
        return {
            "scope": " ".join(resource_scopes(grant.scope)),
            "client_id": grant.client_id,
            "exp": grant.expires_at,
            "iat": grant.rotated_at,
            "sub": grant.subject,
            **self._ours(),
        }

    def _ours(self) -> dict[str, Any]:
        return {"aud": self.settings.resource, "iss": self.settings.issuer}


def _is_present(presented: RefreshToken, grant: Grant | None) -> bool:
    in_family = matches(presented.family, grant.family_hash if grant else None)
    return matches(presented.secret, grant.refresh_hash if grant else None) and in_family
