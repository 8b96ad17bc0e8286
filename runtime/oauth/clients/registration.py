"""The client registration endpoint, ``POST /dcr`` (RFC 7591)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from runtime.audit import AuditEvent, EventName
from runtime.http.event import Request, Response, json_response
from runtime.http.network import network
from runtime.oauth.clients.lifetimes import first_expiry, secret_expiry
from runtime.oauth.clients.machines import drop_machine_grants, scope_to_register
from runtime.oauth.clients.metadata import grant_metadata, has_secret
from runtime.oauth.clients.registration_policy import check_registration
from runtime.oauth.clients.software_statement import SoftwareStatements
from runtime.oauth.credentials import digest, new_client_id, new_credential
from runtime.oauth.errors import InvalidInitialToken, UninvitedMachine
from runtime.oauth.rate_limit import RateLimit
from runtime.oauth.stores import Stores
from runtime.records.oauth import Client
from runtime.settings import OAuthSettings

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Registration:
    """A client and its new credentials, which are shown once and stored as hashes."""

    client: Client
    registration_access_token: str | None = None
    client_secret: str | None = None


class RegistrationRequest(NamedTuple):
    """The metadata that a registration asks for, and whether it came with an initial access token."""

    metadata: Mapping[str, Any]
    invited: bool


@dataclass(frozen=True, slots=True)
class RegistrationEndpoint:
    """Registers clients."""

    settings: OAuthSettings
    stores: Stores
    limit: RateLimit
    statements: SoftwareStatements
    clock: Clock

    def admit(self, request: Request) -> bool:
        """Check that the sender may register a client. Return whether it has an initial access token.

        Raises what ``check_registration`` raises.
        """
        return check_registration(request, self.settings, self.stores.initial_tokens, int(self.clock()))

    def register(self, request: Request, metadata: Mapping[str, Any]) -> Response:
        """Register a client, and return 201 with everything that was registered (RFC 7591 3.2.1).

        Raises ``InvalidInitialToken`` for a machine that needs one, what ``SoftwareStatements`` and ``grant_metadata``
        raise, and ``TooManyRequests``. An invalid request causes no write: it is not counted either.
        """
        source = network(request.source_ip)
        metadata = self.statements.apply(metadata, source)
        asked = RegistrationRequest(metadata, invited=request.admitted)
        try:
            registration = new_registration(asked, self.settings, int(self.clock()))
        except UninvitedMachine as error:
            raise InvalidInitialToken("a client that acts for itself needs an initial access token") from error
        self.limit.count(source)
        self.stores.clients.add(registration.client)
        body = client_information(registration, self.settings)
        events = (client_event("client_registered", registration.client),)
        return json_response(201, body)._replace(client_id=registration.client.client_id, audit=events)


def new_registration(asked: RegistrationRequest, settings: OAuthSettings, now: int) -> Registration:
    """Return a new client with its credentials. A client that authenticates without a secret gets none.

    Raises ``UninvitedMachine``, and what ``grant_metadata`` raises.
    """
    stated, invited = asked
    metadata = metadata_to_register(stated, settings, invited=invited)
    secret = new_credential() if has_secret(metadata) else None
    token = new_credential()
    client = Client(
        client_id=new_client_id(),
        secret_hash=digest(secret) if secret else None,
        registration_token_hash=digest(token),
        metadata=metadata,
        stated_auth_method="token_endpoint_auth_method" in stated,
        stated_scope="scope" in stated,
        issued_at=now,
        secret_expires_at=secret_expiry(settings, now) if secret else 0,
        expires_at=first_expiry(settings, now, invited=invited),
        invited=invited,
    )
    return Registration(client, token, secret)


def metadata_to_register(stated: Mapping[str, Any], settings: OAuthSettings, *, invited: bool) -> dict[str, Any]:
    """Return the metadata that a client gets for what it states, by the rules for all clients and for machines."""
    metadata = grant_metadata(drop_machine_grants(stated, settings, invited=invited), settings)
    return {**metadata, "scope": scope_to_register(metadata, settings)}


def client_event(name: EventName, client: Client) -> AuditEvent:
    """Return the audit event of a client that was registered or replaced. The response adds the client's id."""
    facts = {key: client.metadata[key] for key in ("client_name", "scope") if key in client.metadata}
    # A URI has no spaces.
    redirect_uris = " ".join(client.metadata.get("redirect_uris", []))
    return AuditEvent(name, facts).with_facts({"redirect_uris": redirect_uris or None})


def client_information(registration: Registration, settings: OAuthSettings) -> dict[str, Any]:
    """Return the client information response of RFC 7591 3.2.1 and RFC 7592 3, with the new credentials."""
    client = registration.client
    information: dict[str, Any] = {
        **client.metadata,
        "client_id": client.client_id,
        "client_id_issued_at": client.issued_at,
        "registration_client_uri": f"{settings.issuer}/clients/{client.client_id}",
    }
    if client.secret_hash:
        # RFC 7591 3.2.1: 0 means "never expires", so it must be present.
        information["client_secret_expires_at"] = client.secret_expires_at
    if registration.client_secret:
        information["client_secret"] = registration.client_secret
    if registration.registration_access_token:
        information["registration_access_token"] = registration.registration_access_token
    return information
