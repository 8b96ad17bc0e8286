"""The revocation endpoint, ``POST /revoke`` (RFC 7009)."""

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.audit import AuditEvent
from runtime.event import Request, Response
from runtime.oauth.client_auth import ClientAuthenticator
from runtime.oauth.errors import InvalidGrant
from runtime.storage.records import RevocationStore
from runtime.tokens import InvalidToken, Tokens


@dataclass(frozen=True, slots=True)
class RevocationEndpoint:
    """Ends access tokens before their time: the authorizer refuses them once its cached answers have run out."""

    authenticate: ClientAuthenticator
    tokens: Tokens
    revocations: RevocationStore

    def __call__(self, request: Request, parameters: Mapping[str, str]) -> Response:
        """RFC 7009 2.2: 200 also for a token that is not valid, since what the client wants is so already.

        Raises the errors of client authentication, and ``InvalidGrant`` for a token of another client.
        """
        client = self.authenticate(request, parameters)
        done = Response(200, {"Cache-Control": "no-store"}, client_id=client.client_id)
        try:
            token = self.tokens.verify(parameters["token"])
        except InvalidToken:
            return done
        if token.client_id != client.client_id:
            # RFC 7009 2.1: "the request is refused and the client is informed of the error".
            raise InvalidGrant("was issued to another client", pointer="/token")
        self.revocations.revoke(token.token_id, token.expires_at)
        return done._replace(audit=(AuditEvent("token_revoked", {"token_id": token.token_id}),))
