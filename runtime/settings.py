"""The settings of each function, read from its environment: the only reader of ``os.environ``."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of every function: the URL from which all others derive, and the log level."""

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
    """The settings of the mcp function.

    ``allowed_origins`` are the values of ``Origin`` that it accepts beside its own; ``*`` is all of them.
    ``worker_name`` is the function that runs tasks, ``worker_seconds`` the time limit of a task.
    """

    server_name: str
    allowed_origins: tuple[str, ...]
    table_name: str
    worker_name: str
    worker_seconds: int


@dataclass(frozen=True, slots=True)
class AuthorizerSettings(Settings):
    """The settings of the authorizer function. ``scope_implies`` maps a scope to all scopes that it implies.

    ``identity_provider`` is the issuer of the identity provider, ``None`` if users cannot log in.
    """

    table_name: str
    signing_key_arn: str
    scope_implies: Mapping[str, Sequence[str]]
    identity_provider: str | None


@dataclass(frozen=True, slots=True)
class ClientSettings(AuthorizerSettings):
    """The settings of a function that finds and authenticates clients.

    ``scopes`` maps a scope to its description. ``private_use_schemes`` are the schemes without a dot that a redirect
    URI may have. ``client_id_metadata_documents`` are the hosts that client metadata documents may be on. The rate
    limit is per client.
    """

    scopes: Mapping[str, str]
    max_redirect_uris: int
    private_use_schemes: tuple[str, ...]
    client_id_metadata_documents: tuple[str, ...]
    failed_authentications_per_minute: int


@dataclass(frozen=True, slots=True)
class OAuthSettings(ClientSettings):
    """The settings of the oauth function.

    ``access_token_lifetime`` is in seconds. ``registration`` is who may register a client: ``open``, ``token`` or
    ``closed``; ``machine_clients`` is the same for clients that act for themselves, which get ``machine_scopes`` at
    most. A client expires ``unused_client_days`` after its last use, and its secret ``client_secret_days`` after it
    was created, or never. The rate limit is per source address. ``interactive`` is whether users can log in. A refresh
    token expires if it is not used for ``refresh_token_idle_days``. For ``refresh_token_grace_seconds`` a used refresh
    token returns the same successor again. ``software_statement_issuers`` are the issuers that are trusted to sign
    metadata, each with its JSON Web Key Set or the https URL of the set.
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
    """The settings of the login function.

    ``server_name`` is the name that users see. A grant expires ``refresh_token_days`` after the user approved it, or
    with its only access token if the client gets no refresh token. ``access_token_lifetime`` is in seconds. The rate
    limit is per source address.
    """

    server_name: str
    access_token_lifetime: int
    refresh_token_days: int
    authorizations_per_minute: int


@dataclass(frozen=True, slots=True)
class IdentityProviderSettings:
    """The settings of the identity provider, and which users may log in.

    ``redirect_uri`` is where it sends the browser back to. ``secret_arn`` is the secret that holds the client secret.
    Empty ``allowed_email_domains`` or ``allowed_groups`` allow every user. ``trusted_audiences`` are the audiences that
    an ID token may have beside this client. ``token_auth_method`` is how to send the client secret, ``None`` for the
    method that the provider announces.
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
    """Return the lowest level to log, as the ``logging`` module names it."""
    return os.environ.get("LOG_LEVEL", "INFO")


def audit_log_group() -> str:
    """Return the log group of the audit log; raises ``KeyError`` if it is missing."""
    return os.environ["AUDIT_LOG_GROUP"]


def app_module() -> str:
    """Return the dotted name of the module that defines the app; raises ``KeyError`` if it is missing."""
    return os.environ["APP_MODULE"]


def mcp_settings() -> McpSettings:
    """Read the mcp function's environment; raises ``KeyError`` for a missing variable."""
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
    """Read the authorizer function's environment; raises ``KeyError`` for a missing variable."""
    return AuthorizerSettings(
        public_url=os.environ["PUBLIC_URL"],
        log_level=log_level(),
        table_name=os.environ["TABLE_NAME"],
        signing_key_arn=os.environ["SIGNING_KEY_ARN"],
        scope_implies=json.loads(os.environ["SCOPE_IMPLIES"]),
        identity_provider=json.loads(os.environ["IDENTITY_PROVIDER"]),
    )


def oauth_settings() -> OAuthSettings:
    """Read the oauth function's environment; raises ``KeyError`` for a missing variable."""
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
    """Read the login function's environment; raises ``KeyError`` for a missing variable."""
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
    """Read the settings of the identity provider; raises ``KeyError`` for a missing variable."""
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
    """The settings of the worker function."""

    log_level: str
    table_name: str


def worker_settings() -> WorkerSettings:
    """Read the worker function's environment; raises ``KeyError`` for a missing variable."""
    return WorkerSettings(log_level=log_level(), table_name=os.environ["TABLE_NAME"])
