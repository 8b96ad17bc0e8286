"""The token endpoint, ``POST /token`` (RFC 6749 3.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.http.event import Request, Response, json_response
from runtime.oauth.audited import token_issued
from runtime.oauth.clients.authentication import ClientAuthenticator
from runtime.oauth.errors import UnauthorizedClient, UnsupportedGrantType
from runtime.oauth.grants.grant_type import GrantType


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """Issues tokens for the grant types that this server has, by their names."""

    authenticate: ClientAuthenticator
    grant_types: Mapping[str, GrantType]

    def __call__(self, request: Request, parameters: Mapping[str, str]) -> Response:
        """RFC 6749 5.1. Raises the errors of RFC 6749 5.2, and ``InvalidTarget`` (RFC 8707 2).

        What this server lacks is no secret, so it is told before anybody is authenticated. A public client is held to
        the grant types of its registration, which has no ``client_credentials`` for it (RFC 6749 4.4).
        """
        name = parameters["grant_type"]
        grant_type = self.grant_types.get(name)
        if grant_type is None:
            raise UnsupportedGrantType(f"must be {' or '.join(self.grant_types)}", pointer="/grant_type")
        client = self.authenticate(request, parameters, public=True)
        if name not in client.metadata["grant_types"]:
            raise UnauthorizedClient("the client is not registered for this grant type", pointer="/grant_type")
        body = grant_type(client, parameters)
        issued = token_issued(body["access_token"], name)
        return json_response(200, body, {"Pragma": "no-cache"})._replace(client_id=client.client_id, audit=(issued,))
