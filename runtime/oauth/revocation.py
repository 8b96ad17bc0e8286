"""The revocation endpoint, ``POST /revoke`` (RFC 7009)."""

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.audit import AuditEvent
from runtime.http.event import Request, Response
from runtime.oauth.clients.authentication import ClientAuthenticator
from runtime.oauth.credentials import matches
from runtime.oauth.errors import InvalidGrant
from runtime.oauth.grants.code import RefreshToken
from runtime.oauth.stores import Stores
from runtime.records.oauth import Client
from runtime.settings import OAuthSettings
from runtime.tokens.access_tokens import AccessToken, InvalidToken, Tokens


@dataclass(frozen=True, slots=True)
class RevocationEndpoint:
    """Revokes tokens.

    The authorizer then refuses the access token, or every access token of the refresh token's grant, once its cached
    decisions have expired.
    """

    settings: OAuthSettings
    authenticate: ClientAuthenticator
    tokens: Tokens
    stores: Stores

    def __call__(self, request: Request, parameters: Mapping[str, str]) -> Response:
        """Revoke a token, and return 200. A token that is not valid gets 200 too (RFC 7009 2.2).

        Raises the errors of client authentication, and ``InvalidGrant`` for a token of another client.
        """
        client = self.authenticate(request, parameters, public=self.settings.interactive)
        try:
            token = self.tokens.verify(parameters["token"])
        except InvalidToken:
            events = self._revoke_grant(RefreshToken.read(parameters["token"]), client)
        else:
            events = self._revoke_access_token(token, client)
        return Response(200, {"Cache-Control": "no-store"}, client_id=client.client_id, audit=events)

    def _revoke_access_token(self, token: AccessToken, client: Client) -> tuple[AuditEvent, ...]:
        _check_owner(token.client_id, client)
        # Until the ``exp``: with a shorter authorizerCacheSeconds, the token would end later than it does now.
        self.stores.revocations.revoke(token.token_id, token.signed_until)
        return (AuditEvent("token_revoked", {"token_id": token.token_id}),)

    def _revoke_grant(self, presented: RefreshToken, client: Client) -> tuple[AuditEvent, ...]:
        """Revoke the grant of a refresh token, and so every access token of that grant (RFC 7009 2.1).

        A token that was already rotated revokes it too: a client that lost the response has no other.
        """
        grant = self.stores.grants.get(presented.grant_id)
        if not matches(presented.family, grant.family_hash if grant else None) or grant is None:
            return ()
        _check_owner(grant.client_id, client)
        self.stores.grants.revoke(grant.grant_id)
        return (AuditEvent("token_revoked", {"grant_id": grant.grant_id}),)


def _check_owner(client_id: str, client: Client) -> None:
    """Raise ``InvalidGrant`` for a token of another client.

    RFC 7009 2.1: "the request is refused and the client is informed of the error".
    """
    if client_id != client.client_id:
        raise InvalidGrant("was issued to another client", pointer="/token")
