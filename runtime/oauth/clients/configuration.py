"""The client configuration endpoint, ``/clients/{clientId}`` (RFC 7592)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from runtime.audit import AuditEvent
from runtime.http.event import Request, Response, json_response
from runtime.http.header_values import bearer_token
from runtime.oauth.clients.lifetimes import expiry_after_update, secret_expiry
from runtime.oauth.clients.metadata import has_secret
from runtime.oauth.clients.registration import (
    Clock,
    Registration,
    client_event,
    client_information,
    registered_metadata,
)
from runtime.oauth.clients.software_statement import SoftwareStatements
from runtime.oauth.credentials import digest, matches, new_credential
from runtime.oauth.errors import InvalidClientMetadata, InvalidRegistrationToken
from runtime.oauth.rate_limit import RateLimit, network
from runtime.records.errors import NotThere
from runtime.records.oauth import Client, ClientStore
from runtime.settings import OAuthSettings


@dataclass(frozen=True, slots=True)
class ClientConfigurationEndpoint:
    """Reads, replaces and deletes the client that a registration access token belongs to."""

    settings: OAuthSettings
    clients: ClientStore
    limit: RateLimit
    statements: SoftwareStatements
    clock: Clock

    def admit(self, request: Request) -> Client:
        """The client of the path, once its token is shown; one that is gone looks like a wrong token (RFC 7592 2.1).

        Raises ``InvalidRegistrationToken``.
        """
        token = bearer_token(request.headers.get("authorization", ""))
        client = self.clients.get(request.path_parameters["clientId"])
        genuine = matches(token or "", client.registration_token_hash if client else None)
        if client is None or not genuine:
            raise InvalidRegistrationToken
        return client

    def read(self, request: Request, _nothing: None) -> Response:
        """RFC 7592 2.1, without the secret, of which only a hash is kept."""
        return self._information(Registration(request.admitted))

    def replace(self, request: Request, asked: Mapping[str, Any]) -> Response:
        """RFC 7592 2.2: members left out go back to their defaults; the registration access token is rotated.

        RFC 7592 5 lets the server rotate it at a read or an update. A read that did would lose the token to every
        retry; an update is rare, and one that follows a leak ends what leaked. The old token ends at once, also when
        the answer is lost on its way: were it good until the new one is used, whoever has stolen it could go on with
        it. A client that lost the answer keeps its credentials and gets tokens as before; to manage itself again, it
        registers anew, and what it leaves behind expires unused. Of any number of updates with one token, one wins.

        An update counts as a registration: it costs as much. Raises ``InvalidRegistrationToken``, what
        ``SoftwareStatements`` and ``registered_metadata`` raise, and ``TooManyRequests``.
        """
        client: Client = request.admitted
        _check_identity(client, asked)
        accepted = client.metadata.get("software_statement")
        source = network(request.source_ip)
        asked = self.statements.apply(asked, source, accepted)
        registration = _replaced(client, asked, self.settings, int(self.clock()))
        self.limit.count(source)
        try:
            self.clients.replace(registration.client, client.registration_token_hash)
        except NotThere as error:
            raise InvalidRegistrationToken from error
        replaced = client_event("client_replaced", registration.client)
        return self._information(registration)._replace(audit=(replaced, AuditEvent("registration_token_rotated")))

    def delete(self, request: Request, _nothing: None) -> Response:
        """RFC 7592 2.3: 204. Raises ``InvalidRegistrationToken``."""
        client: Client = request.admitted
        try:
            self.clients.delete(client.client_id)
        except NotThere as error:
            raise InvalidRegistrationToken from error
        deleted = (AuditEvent("client_deleted"),)
        return Response(204, {"Cache-Control": "no-store"}, client_id=client.client_id, audit=deleted)

    def _information(self, registration: Registration) -> Response:
        body = client_information(registration, self.settings)
        return json_response(200, body)._replace(client_id=registration.client.client_id)


def _check_identity(client: Client, asked: Mapping[str, Any]) -> None:
    """RFC 7592 2.2: the id must be the client's own, and a secret, if sent, the one it has: it cannot choose one."""
    if asked["client_id"] != client.client_id:
        raise InvalidClientMetadata("must be the id of this client", pointer="/client_id")
    if "client_secret" in asked and not matches(asked["client_secret"], client.secret_hash):
        raise InvalidClientMetadata("must be the secret of this client", pointer="/client_secret")


def _replaced(client: Client, asked: Mapping[str, Any], settings: OAuthSettings, now: int) -> Registration:
    """The client as it is from now on, with a new registration access token.

    A secret is made where there is none yet, or the one there was has expired; any other stays as it is.
    """
    metadata = registered_metadata(asked, settings, invited=client.invited)
    token = new_credential()
    replaced = replace(
        client,
        metadata=metadata,
        registration_token_hash=digest(token),
        stated_auth_method="token_endpoint_auth_method" in asked,
        stated_scope="scope" in asked,
        expires_at=expiry_after_update(client, settings, now),
    )
    if not has_secret(metadata):
        return Registration(replace(replaced, secret_hash=None, secret_expires_at=0), token)
    if client.secret_hash and not 0 < client.secret_expires_at <= now:
        return Registration(replaced, token)
    secret = new_credential()
    expires_at = secret_expiry(settings, now)
    return Registration(replace(replaced, secret_hash=digest(secret), secret_expires_at=expires_at), token, secret)
