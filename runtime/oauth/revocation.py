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
from runtime.tokens.access_tokens import InvalidToken, Tokens


@dataclass(frozen=True, slots=True)
class RevocationEndpoint:
    """Ends tokens before their time.

    The authorizer refuses an access token that was revoked, and all that were issued under a grant whose refresh token
    was, once its cached answers have run out.
    """

    settings: OAuthSettings
    authenticate: ClientAuthenticator
    tokens: Tokens
    stores: Stores

    def __call__(self, request: Request, parameters: Mapping[str, str]) -> Response:
        """RFC 7009 2.2: 200 also for a token that is not valid, since what the client wants is so already.

        Raises the errors of client authentication, and ``InvalidGrant`` for a token of another client.
        """
        client = self.authenticate(request, parameters, public=self.settings.interactive)
        try:
            token = self.tokens.verify(parameters["token"])
        except InvalidToken:
            ended = self._end_grant(RefreshToken.read(parameters["token"]), client)
        else:
            _check_owner(token.client_id, client)
            self.stores.revocations.revoke(token.token_id, token.expires_at)
            ended = (AuditEvent("token_revoked", {"token_id": token.token_id}),)
        return Response(200, {"Cache-Control": "no-store"}, client_id=client.client_id, audit=ended)

    def _end_grant(self, presented: RefreshToken, client: Client) -> tuple[AuditEvent, ...]:
        """RFC 7009 2.1: with a refresh token all access tokens of the same grant end.

        One that was rotated since ends it as well: a client that lost the answer has no other.
        """
        grant = self.stores.grants.get(presented.grant_id)
        if not matches(presented.family, grant.family_hash if grant else None) or grant is None:
            return ()
        _check_owner(grant.client_id, client)
        self.stores.grants.revoke(grant.grant_id)
        return (AuditEvent("token_revoked", {"grant_id": grant.grant_id}),)


def _check_owner(client_id: str, client: Client) -> None:
    """RFC 7009 2.1: "the request is refused and the client is informed of the error"; raises ``InvalidGrant``."""
    if client_id != client.client_id:
        raise InvalidGrant("was issued to another client", pointer="/token")
