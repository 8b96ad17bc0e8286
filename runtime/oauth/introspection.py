"""The introspection endpoint, ``POST /introspect`` (RFC 7662)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.event import Request, Response, json_response
from runtime.oauth.client_auth import ClientAuthenticator
from runtime.settings import Settings
from runtime.storage.records import RevocationStore
from runtime.tokens import AccessToken, InvalidToken, Tokens


@dataclass(frozen=True, slots=True)
class IntrospectionEndpoint:
    """Tells a client about its own access tokens."""

    settings: Settings
    authenticate: ClientAuthenticator
    tokens: Tokens
    revocations: RevocationStore

    def __call__(self, request: Request, parameters: Mapping[str, str]) -> Response:
        """RFC 7662 2.2. Raises the errors of client authentication, and nothing for whatever the token may be."""
        client = self.authenticate(request, parameters)
        body = self._information(parameters["token"], client.client_id)
        return json_response(200, body)._replace(client_id=client.client_id)

    def _information(self, token: str, client_id: str) -> dict[str, Any]:
        """RFC 7662 2.2: of a token that is not this client's it learns as much as of one that is not active."""
        try:
            verified = self.tokens.verify(token)
        except InvalidToken:
            return {"active": False}
        if verified.client_id != client_id or self.revocations.is_revoked(verified.token_id):
            return {"active": False}
        return {"active": True, **self._claims(verified)}

    def _claims(self, token: AccessToken) -> dict[str, Any]:
        return {
            "scope": token.scope,
            "client_id": token.client_id,
            "token_type": "Bearer",
            "exp": token.expires_at,
            "iat": token.issued_at,
            "sub": token.subject,
            "aud": self.settings.resource,
            "iss": self.settings.issuer,
            "jti": token.token_id,
        }
