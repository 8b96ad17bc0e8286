"""The environment of a function as a frozen value: the only reader of ``os.environ``."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Settings:
    """What every function is told: the one URL from which all others derive, and how much to log."""

    public_url: str
    log_level: str

    @property
    def issuer(self) -> str:
        """The issuer identifier (RFC 8414 2): the public URL exactly, without a trailing slash."""
        return self.public_url

    @property
    def resource(self) -> str:
        """The resource identifier of the MCP endpoint (RFC 8707 2)."""
        return f"{self.public_url}/mcp"


@dataclass(frozen=True, slots=True)
class McpSettings(Settings):
    """The mcp function.

    ``allowed_origins`` are the values of ``Origin`` it serves beside its own, ``*`` being every one. ``worker_name``
    is the function that runs tasks, and ``worker_seconds`` how long it may.
    """

    server_name: str
    allowed_origins: tuple[str, ...]
    table_name: str
    worker_name: str
    worker_seconds: int


@dataclass(frozen=True, slots=True)
class AuthorizerSettings(Settings):
    """The authorizer function. ``scope_implies`` maps a scope to all scopes that it implies.

    ``identity_provider`` is the issuer of the identity provider, ``None`` where nobody logs in.
    """

    table_name: str
    signing_key_arn: str
    scope_implies: Mapping[str, Sequence[str]]
    identity_provider: str | None


@dataclass(frozen=True, slots=True)
class ClientSettings(AuthorizerSettings):
    """What a function is told that finds and authenticates clients.

    ``scopes`` maps a scope to its description. ``private_use_schemes`` are the schemes without a dot that a redirect
    URI may have. ``client_id_metadata_documents`` are the hosts at which the documents of clients may be. The limit is
    for one client.
    """

    scopes: Mapping[str, str]
    max_redirect_uris: int
    private_use_schemes: tuple[str, ...]
    client_id_metadata_documents: tuple[str, ...]
    failed_authentications_per_minute: int


@dataclass(frozen=True, slots=True)
class OAuthSettings(ClientSettings):
    """The oauth function.

    ``access_token_lifetime`` is in seconds. ``registration`` is who may register a client: ``open``, ``token`` or
    ``closed``; ``machine_clients`` is the same for clients that act for themselves, which get ``machine_scopes`` at
    most. A client expires ``unused_client_days`` after its last use, its secret ``client_secret_days`` after it
    was made, or never. The limit is for one source address. ``interactive`` is whether users can log in; a refresh
    token expires that is not used for ``refresh_token_idle_days``; one that was used gives its successor again for
    ``refresh_token_grace_seconds``. ``software_statement_issuers`` are those who are trusted to sign metadata, each
    with their keys (a JSON Web Key Set) or the https URL of them.
    """

    access_token_lifetime: int
    registration: str
    machine_clients: str
    machine_scopes: tuple[str, ...]
    unused_client_days: int
    client_secret_days: int | None
    registrations_per_hour: int
    interactive: bool
    refresh_token_idle_days: int
    refresh_token_grace_seconds: int
    software_statement_issuers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LoginSettings(ClientSettings):
    """The login function.

    ``server_name`` is what users read. A user's grant ends ``refresh_token_days`` after it was given, or with the
    only access token of a client that gets no refresh token; ``access_token_lifetime`` is in seconds. The limit is for
    one source address.
    """

    server_name: str
    access_token_lifetime: int
    refresh_token_days: int
    authorizations_per_minute: int


@dataclass(frozen=True, slots=True)
class IdentityProviderSettings:
    """The identity provider that users log in at, and who of them may.

    ``redirect_uri`` is where it sends the browser back to. ``secret_arn`` is the secret that holds the client secret.
    Empty ``allowed_email_domains`` or ``allowed_groups`` let everybody in. ``trusted_audiences`` are those that an ID
    token may be for beside this client. ``token_auth_method`` is how the client secret is sent, ``None`` for the way
    that the provider announces.
    """

    redirect_uri: str
    secret_arn: str
    issuer: str
    client_id: str
    scopes: tuple[str, ...]
    subject_claim: str
    groups_claim: str
    allowed_email_domains: tuple[str, ...]
    allowed_groups: tuple[str, ...]
    trusted_audiences: tuple[str, ...]
    token_auth_method: str | None


def log_level() -> str:
    """The least level that is logged, as the ``logging`` module names it."""
    return os.environ.get("LOG_LEVEL", "INFO")


def audit_log_group() -> str:
    """The log group of the audit log; raises ``KeyError`` when it is missing."""
    return os.environ["AUDIT_LOG_GROUP"]


def app_module() -> str:
    """The dotted name of the module whose app is served; raises ``KeyError`` when it is missing."""
    return os.environ["APP_MODULE"]


def mcp_settings() -> McpSettings:
    """Read the mcp function's environment; raises ``KeyError`` for a variable that is missing."""
    return McpSettings(
        public_url=os.environ["PUBLIC_URL"],
        log_level=log_level(),
        server_name=os.environ["SERVER_NAME"],
        allowed_origins=tuple(json.loads(os.environ["ALLOWED_ORIGINS"])),
        table_name=os.environ["TABLE_NAME"],
        worker_name=os.environ["WORKER_NAME"],
        worker_seconds=int(os.environ["WORKER_SECONDS"]),
    )


def authorizer_settings() -> AuthorizerSettings:
    """Read the authorizer function's environment; raises ``KeyError`` for a variable that is missing."""
    return AuthorizerSettings(
        public_url=os.environ["PUBLIC_URL"],
        log_level=log_level(),
        table_name=os.environ["TABLE_NAME"],
        signing_key_arn=os.environ["SIGNING_KEY_ARN"],
        scope_implies=json.loads(os.environ["SCOPE_IMPLIES"]),
        identity_provider=json.loads(os.environ["IDENTITY_PROVIDER"]),
    )


def oauth_settings() -> OAuthSettings:
    """Read the oauth function's environment; raises ``KeyError`` for a variable that is missing."""
    return OAuthSettings(
        public_url=os.environ["PUBLIC_URL"],
        log_level=log_level(),
        table_name=os.environ["TABLE_NAME"],
        signing_key_arn=os.environ["SIGNING_KEY_ARN"],
        scope_implies=json.loads(os.environ["SCOPE_IMPLIES"]),
        identity_provider=json.loads(os.environ["IDENTITY_PROVIDER"]),
        access_token_lifetime=int(os.environ["ACCESS_TOKEN_LIFETIME"]),
        scopes=json.loads(os.environ["SCOPES"]),
        registration=os.environ["REGISTRATION"],
        machine_clients=os.environ["MACHINE_CLIENTS"],
        machine_scopes=tuple(json.loads(os.environ["MACHINE_SCOPES"])),
        max_redirect_uris=int(os.environ["MAX_REDIRECT_URIS"]),
        private_use_schemes=tuple(json.loads(os.environ["PRIVATE_USE_SCHEMES"])),
        unused_client_days=int(os.environ["UNUSED_CLIENT_DAYS"]),
        client_secret_days=json.loads(os.environ["CLIENT_SECRET_DAYS"]),
        registrations_per_hour=int(os.environ["REGISTRATIONS_PER_HOUR"]),
        failed_authentications_per_minute=int(os.environ["FAILED_AUTHENTICATIONS_PER_MINUTE"]),
        interactive=json.loads(os.environ["INTERACTIVE"]),
        refresh_token_idle_days=int(os.environ["REFRESH_TOKEN_IDLE_DAYS"]),
        refresh_token_grace_seconds=int(os.environ["REFRESH_TOKEN_GRACE_SECONDS"]),
        software_statement_issuers=json.loads(os.environ["SOFTWARE_STATEMENT_ISSUERS"]),
        client_id_metadata_documents=tuple(json.loads(os.environ["CLIENT_ID_METADATA_DOCUMENTS"])),
    )


def login_settings() -> LoginSettings:
    """Read the login function's environment; raises ``KeyError`` for a variable that is missing."""
    return LoginSettings(
        public_url=os.environ["PUBLIC_URL"],
        log_level=log_level(),
        table_name=os.environ["TABLE_NAME"],
        signing_key_arn=os.environ["SIGNING_KEY_ARN"],
        scope_implies=json.loads(os.environ["SCOPE_IMPLIES"]),
        identity_provider=json.loads(os.environ["IDENTITY_PROVIDER"]),
        server_name=os.environ["SERVER_NAME"],
        scopes=json.loads(os.environ["SCOPES"]),
        max_redirect_uris=int(os.environ["MAX_REDIRECT_URIS"]),
        private_use_schemes=tuple(json.loads(os.environ["PRIVATE_USE_SCHEMES"])),
        client_id_metadata_documents=tuple(json.loads(os.environ["CLIENT_ID_METADATA_DOCUMENTS"])),
        access_token_lifetime=int(os.environ["ACCESS_TOKEN_LIFETIME"]),
        refresh_token_days=int(os.environ["REFRESH_TOKEN_DAYS"]),
        failed_authentications_per_minute=int(os.environ["FAILED_AUTHENTICATIONS_PER_MINUTE"]),
        authorizations_per_minute=int(os.environ["AUTHORIZATIONS_PER_MINUTE"]),
    )


def identity_provider_settings() -> IdentityProviderSettings:
    """Read what a function is told of the identity provider; raises ``KeyError`` for a variable that is missing."""
    provider: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in json.loads(os.environ["UPSTREAM"]).items()
    }
    return IdentityProviderSettings(
        redirect_uri=f"{os.environ['PUBLIC_URL']}/callback",
        secret_arn=os.environ["UPSTREAM_SECRET_ARN"],
        **provider,
    )


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """The worker function."""

    log_level: str
    table_name: str


def worker_settings() -> WorkerSettings:
    """Read the worker function's environment; raises ``KeyError`` for a variable that is missing."""
    return WorkerSettings(log_level=log_level(), table_name=os.environ["TABLE_NAME"])
