"""The pushed authorization request endpoint, ``POST /par`` (RFC 9126 2)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from runtime.audit import AuditEvent
from runtime.http.event import Request, Response, json_response
from runtime.http.network import network
from runtime.login.forms import LIFETIME_SECONDS as FORM_SECONDS
from runtime.login.request import validate_request
from runtime.login.request_reader import REFERENCE, find_redirect_uri
from runtime.oauth.clients.authentication import ClientAuthenticator
from runtime.oauth.credentials import digest, new_credential
from runtime.oauth.rate_limit import RateLimit
from runtime.records.login import PushedStore
from runtime.settings import LoginSettings

LIFETIME_SECONDS = 90


@dataclass(frozen=True, slots=True)
class PushedAuthorizationEndpoint:
    """Stores an authorization request that a client pushes. ``clock`` reads seconds since the epoch."""

    settings: LoginSettings
    authenticate: ClientAuthenticator
    pushed: PushedStore
    limit: RateLimit
    clock: Callable[[], float]

    def __call__(self, request: Request, parameters: Mapping[str, str]) -> Response:
        """Store the hash of a new request URI, and answer 201 with the request URI (RFC 9126 2.2).

        Raises the errors of client authentication and of ``validate_request``. RFC 9126 2.3: all of them go to the
        client, including those about its redirect URI. Raises ``TooManyRequests``: the rate limit of a public client
        is per network, since anyone can send its id, and that of an authenticated client is its own.
        """
        client = self.authenticate(request, parameters, public=True)
        redirect_uri = find_redirect_uri(parameters, client, self.settings)
        authorization = validate_request(parameters, client, redirect_uri, self.settings)
        public = client.metadata["token_endpoint_auth_method"] == "none"
        self.limit.count(network(request.source_ip) if public else client.client_id)
        now = int(self.clock())
        reference = f"{REFERENCE}{new_credential()}"
        usable_until = now + LIFETIME_SECONDS
        # The consent form consumes the request, and may be sent that much later.
        self.pushed.add(digest(reference), asdict(authorization), usable_until, usable_until + FORM_SECONDS)
        body = {"request_uri": reference, "expires_in": LIFETIME_SECONDS}
        event = AuditEvent("request_pushed", {"scope": authorization.scope, "client_name": authorization.client_name})
        return json_response(201, body)._replace(client_id=client.client_id, audit=(event,))
