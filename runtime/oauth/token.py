"""The token endpoint, ``POST /token`` (RFC 6749 3.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.http.event import Request, Response, json_response
from runtime.oauth.audit_trail import token_issued_event
from runtime.oauth.clients.authentication import ClientAuthenticator
from runtime.oauth.errors import UnauthorizedClient, UnsupportedGrantType
from runtime.oauth.grants.grant_type import GrantHandler


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """Issues tokens. ``handlers`` are those of the available grant types, by name."""

    authenticate: ClientAuthenticator
    handlers: Mapping[str, GrantHandler]

    def __call__(self, request: Request, parameters: Mapping[str, str]) -> Response:
        """Issue tokens by the requested grant type, and return the response of RFC 6749 5.1.

        An unsupported grant type is refused before the client is authenticated: the metadata lists them anyway. A
        public client may use the grant types of its registration, which never include ``client_credentials`` (RFC 6749
        4.4). Raises the errors of RFC 6749 5.2, and ``InvalidTarget`` (RFC 8707 2).
        """
        name = parameters["grant_type"]
        handle = self.handlers.get(name)
        if handle is None:
            raise UnsupportedGrantType(f"must be {' or '.join(self.handlers)}", pointer="/grant_type")
        client = self.authenticate(request, parameters, public=True)
        if name not in client.metadata["grant_types"]:
            raise UnauthorizedClient("the client is not registered for this grant type", pointer="/grant_type")
        body = handle(client, parameters)
        event = token_issued_event(body["access_token"], name)
        return json_response(200, body, {"Pragma": "no-cache"})._replace(client_id=client.client_id, audit=(event,))
