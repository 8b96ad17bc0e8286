"""The pushed authorization request endpoint, ``POST /par`` (RFC 9126 2)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from runtime.audit import AuditEvent
from runtime.http.event import Request, Response, json_response
from runtime.login.forms import LIFETIME_SECONDS as FORM_SECONDS
from runtime.login.request import checked
from runtime.login.request_reader import REFERENCE, registered_redirect_uri
from runtime.oauth.clients.authentication import ClientAuthenticator
from runtime.oauth.credentials import digest, new_credential
from runtime.oauth.rate_limit import RateLimit, network
from runtime.records.login import PushedStore
from runtime.settings import LoginSettings

LIFETIME_SECONDS = 90


@dataclass(frozen=True, slots=True)
class PushedAuthorizationEndpoint:
    """Takes authorization requests from clients themselves. ``clock`` reads seconds since the epoch."""

    settings: LoginSettings
    authenticate: ClientAuthenticator
    pushed: PushedStore
    limit: RateLimit
    clock: Callable[[], float]

    def __call__(self, http: Request, parameters: Mapping[str, str]) -> Response:
        """RFC 9126 2.2: 201 with the reference, which is kept as a hash.

        Raises the errors of client authentication and of ``checked``; RFC 9126 2.3: here they are for the client, also
        those about its redirect URI. Raises ``TooManyRequests`` when too many come from one network for public
        clients, which anybody can say to be, or from one client that has proven itself.
        """
        client = self.authenticate(http, parameters, public=True)
        redirect_uri = registered_redirect_uri(parameters, client, self.settings)
        request = checked(parameters, client, redirect_uri, self.settings)
        public = client.metadata["token_endpoint_auth_method"] == "none"
        self.limit.count(network(http.source_ip) if public else client.client_id)
        now = int(self.clock())
        reference = f"{REFERENCE}{new_credential()}"
        # It is remembered for as long as a page that was made of it can come back.
        self.pushed.add(
            digest(reference), asdict(request), now + LIFETIME_SECONDS, now + LIFETIME_SECONDS + FORM_SECONDS
        )
        body = {"request_uri": reference, "expires_in": LIFETIME_SECONDS}
        kept = AuditEvent("request_pushed", {"scope": request.scope, "client_name": request.client_name})
        return json_response(201, body)._replace(client_id=client.client_id, audit=(kept,))
