"""The client configuration endpoint, ``/clients/{clientId}`` (RFC 7592)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from runtime.audit import AuditEvent
from runtime.http.event import Request, Response, json_response
from runtime.http.header_values import bearer_token
from runtime.http.network import network
from runtime.oauth.clients.lifetimes import expiry_after_update, secret_expiry
from runtime.oauth.clients.metadata import has_secret
from runtime.oauth.clients.registration import (
    Clock,
    Registration,
    client_event,
    client_information,
    metadata_to_register,
)
from runtime.oauth.clients.software_statement import SoftwareStatements
from runtime.oauth.credentials import digest, matches, new_credential
from runtime.oauth.errors import InvalidClientMetadata, InvalidRegistrationToken
from runtime.oauth.rate_limit import RateLimit
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
        """Return the client in the path, or raise ``InvalidRegistrationToken`` unless its token was sent.

        A deleted client gets the same error as a wrong token (RFC 7592 2.1).
        """
        token = bearer_token(request.headers.get("authorization", ""))
        client = self.clients.get(request.path_parameters["clientId"])
        genuine = matches(token or "", client.registration_token_hash if client else None)
        if client is None or not genuine:
            raise InvalidRegistrationToken
        return client

    def read(self, request: Request, _nothing: None) -> Response:
        """Return the client (RFC 7592 2.1) without its secret, of which only a hash is stored."""
        return self._information_response(Registration(request.admitted))

    def replace(self, request: Request, asked: Mapping[str, Any]) -> Response:
        """Replace the client and rotate its token (RFC 7592 2.2). Members left out return to their defaults.

        RFC 7592 5 allows rotation at a read or an update. Rotation at a read would lose the token to every retry.
        Updates are rare, and one that follows a leak makes the leaked token useless. The old token becomes invalid at
        once, even if the response is lost: if it stayed valid until the new one is used, an attacker could keep using
        it. A client that lost the response keeps its credentials and can still get tokens. To manage itself again, it
        registers anew, and the old registration expires unused. If several updates use one token, one succeeds.

        An update costs as much as a registration and counts as one. Raises ``InvalidRegistrationToken``, what
        ``SoftwareStatements`` and ``metadata_to_register`` raise, and ``TooManyRequests``.
        """
        client: Client = request.admitted
        _check_identity(client, asked)
        accepted = client.metadata.get("software_statement")
        source = network(request.source_ip)
        asked = self.statements.apply(asked, source, accepted)
        registration = _new_registration(client, asked, self.settings, int(self.clock()))
        self.limit.count(source)
        try:
            self.clients.replace(registration.client, client.registration_token_hash)
        except NotThere as error:
            raise InvalidRegistrationToken from error
        events = (client_event("client_replaced", registration.client), AuditEvent("registration_token_rotated"))
        return self._information_response(registration)._replace(audit=events)

    def delete(self, request: Request, _nothing: None) -> Response:
        """Delete the client, and return 204 (RFC 7592 2.3). Raises ``InvalidRegistrationToken``."""
        client: Client = request.admitted
        try:
            self.clients.delete(client.client_id)
        except NotThere as error:
            raise InvalidRegistrationToken from error
        events = (AuditEvent("client_deleted"),)
        return Response(204, {"Cache-Control": "no-store"}, client_id=client.client_id, audit=events)

    def _information_response(self, registration: Registration) -> Response:
        body = client_information(registration, self.settings)
        return json_response(200, body)._replace(client_id=registration.client.client_id)


def _check_identity(client: Client, asked: Mapping[str, Any]) -> None:
    """Raise ``InvalidClientMetadata`` unless the id, and the secret if it is sent, are the client's own.

    RFC 7592 2.2: a client cannot choose its secret.
    """
    if asked["client_id"] != client.client_id:
        raise InvalidClientMetadata("must be the id of this client", pointer="/client_id")
    if "client_secret" in asked and not matches(asked["client_secret"], client.secret_hash):
        raise InvalidClientMetadata("must be the secret of this client", pointer="/client_secret")


def _new_registration(client: Client, asked: Mapping[str, Any], settings: OAuthSettings, now: int) -> Registration:
    """Return the client as updated, with a new registration access token.

    It gets a new secret if it has none yet or its secret has expired. Otherwise it keeps its secret.
    """
    metadata = metadata_to_register(asked, settings, invited=client.invited)
    token = new_credential()
    updated = replace(
        client,
        metadata=metadata,
        registration_token_hash=digest(token),
        stated_auth_method="token_endpoint_auth_method" in asked,
        stated_scope="scope" in asked,
        expires_at=expiry_after_update(client, settings, now),
    )
    if not has_secret(metadata):
        return Registration(replace(updated, secret_hash=None, secret_expires_at=0), token)
    if client.secret_hash and not 0 < client.secret_expires_at <= now:
        return Registration(updated, token)
    secret = new_credential()
    expires_at = secret_expiry(settings, now)
    return Registration(replace(updated, secret_hash=digest(secret), secret_expires_at=expires_at), token, secret)
