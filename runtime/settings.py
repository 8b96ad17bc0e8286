"""The settings of each function. ``runtime.environment`` reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of every function: the URL from which all others derive, and the log level.

    ``is_behind_proxy`` is whether a proxy whose ``X-Forwarded-For`` can be trusted sends all requests.
    """

    public_url: str
    log_level: str
    is_behind_proxy: bool = field(default=False, kw_only=True)

    @property
    def issuer(self) -> str:
        """The issuer identifier (RFC 8414 2): the public URL exactly, without a trailing slash."""
        return self.public_url

    @property
    def resource(self) -> str:
        """The resource identifier of the MCP endpoint (RFC 8707 2)."""
        return f"{self.public_url}/mcp"


@dataclass(frozen=True, slots=True)
class About:
    """How the server presents itself to people, each member if the stack sets it.

    ``logo`` is the path of a picture from the root of the project.
    """

    title: str | None = None
    website_url: str | None = None
    documentation_url: str | None = None
    policy_url: str | None = None
    terms_url: str | None = None
    logo: str | None = None


@dataclass(frozen=True, slots=True)
class McpSettings(Settings):
    """The settings of the mcp function.

    ``allowed_origins`` are the values of ``Origin`` that it accepts beside its own; ``*`` is all of them.
    ``worker_name`` is the function that runs tasks, ``worker_seconds`` the time limit of a task. ``tool_functions`` are
    the functions of their own that some tools run in, by their names there, and ``tool_seconds`` is how long to wait
    for the answer of one.
    """

    server_name: str
    allowed_origins: tuple[str, ...]
    table_name: str
    worker_name: str
    worker_seconds: int
    tool_functions: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    tool_seconds: int = field(default=0, kw_only=True)
    about: About = field(default=About(), kw_only=True)


@dataclass(frozen=True, slots=True)
class TokenSettings(Settings):
    """The settings of a function that issues or verifies access tokens.

    ``scope_implies`` maps a scope to all scopes that it implies. ``identity_provider`` is the issuer of the identity
    provider, ``None`` if users cannot log in. ``authorizer_cache_seconds`` is how long API Gateway caches the
    authorizer's decision on a token.
    """

    table_name: str
    signing_key_arn: str
    scope_implies: Mapping[str, Sequence[str]]
    identity_provider: str | None
    authorizer_cache_seconds: int


@dataclass(frozen=True, slots=True)
class AuthorizerSettings(TokenSettings):
    """The settings of the authorizer function.

    ``challenge`` is the ``WWW-Authenticate`` value for a denied token. ``edge_key_hashes`` are the SHA-256 hashes, in
    hexadecimal digits, of the API keys that the edge may send. ``raises_denials`` is whether a denial is an exception
    instead of a policy.
    """

    challenge: str
    edge_key_hashes: tuple[str, ...]
    raises_denials: bool = False


@dataclass(frozen=True, slots=True)
class ClientSettings(TokenSettings):
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
    about: About = field(default=About(), kw_only=True)


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


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """The settings of the worker function. Those of tools with a function of their own are as in ``McpSettings``."""

    log_level: str
    table_name: str
    tool_functions: Mapping[str, str] = field(default_factory=dict)
    tool_seconds: int = 0
