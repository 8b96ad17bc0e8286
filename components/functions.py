"""The functions of a stack: what each is told, and the only things it is allowed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.audit_log import AuditLog
from components.config import StackConfig
from components.function import Function, FunctionArgs, FunctionSettings
from components.iam import Statement
from components.identity_provider import IdentityProviderClient
from components.rest_api import RestApi
from components.signing_key import SigningKey
from components.store import Store
from runtime.deployment import QUEUE_SECONDS
from runtime.prefixes import (
    CLIENT_DOCUMENTS,
    CLIENT_KEYS,
    CLIENTS,
    COUNTERS,
    EXCHANGES,
    GRANTS,
    INITIAL_TOKENS,
    LEVELS,
    LOGINS,
    ONE_TIME,
    PUSHED,
    REVOKED,
    SESSIONS,
    TASKS,
    USERS,
)

Environment = Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """What the functions stand on. ``prefix`` begins their names."""

    prefix: str
    config: StackConfig
    settings: FunctionSettings
    rest_api: RestApi
    store: Store
    signing_key: SigningKey
    audit_log: AuditLog
    identity_provider: IdentityProviderClient | None


@dataclass(frozen=True, slots=True)
class Functions:
    """One function for each concern."""

    authorizer: Function
    worker: Function
    mcp: Function
    oauth: Function
    login: Function


def declare_functions(base: Foundation) -> Functions:
    """Declare the functions. None can do what another is for."""
    worker = declare_worker(base)
    return Functions(
        authorizer=declare_authorizer(base),
        worker=worker,
        mcp=declare_mcp(base, worker),
        oauth=declare_oauth(base),
        login=declare_login(base),
    )


def declare_authorizer(base: Foundation) -> Function:
    """Declare the function that verifies access tokens. It writes nothing but the audit log."""
    # An alarm counts the denials in its log, which it writes at INFO.
    level = {"LOG_LEVEL": "DEBUG" if base.config.log_level == "DEBUG" else "INFO"}
    return Function(
        f"{base.prefix}-authorizer",
        FunctionArgs(
            settings=base.settings,
            description="Lets requests with a valid access token through to the MCP endpoint",
            handler="runtime.handlers.authorizer.handler",
            environment={**verifies_tokens(base), **base.audit_log.environment, **level},
            allow=[
                base.store.allow(["GetItem"], CLIENTS, REVOKED, GRANTS),
                base.signing_key.allow_reading,
                base.audit_log.allow_writing,
            ],
        ),
    )


def declare_worker(base: Foundation) -> Function:
    """Declare the function that runs tasks, which the mcp function invokes asynchronously."""
    return Function(
        f"{base.prefix}-worker",
        FunctionArgs(
            settings=base.settings,
            description="Runs the tools of tasks",
            handler="runtime.handlers.worker.handler",
            environment=knows_app(base),
            allow=[base.store.allow(["GetItem", "PutItem"], TASKS)],
            modules=[base.config.app_module],
            timeout=base.config.worker_timeout_seconds,
            queue_seconds=QUEUE_SECONDS,
        ),
    )


def declare_mcp(base: Foundation, worker: Function) -> Function:
    """Declare the function behind the MCP endpoint. It can read no client, no grant and no key."""
    own: Environment = {
        "SERVER_NAME": base.config.server_name,
        "ALLOWED_ORIGINS": json.dumps(base.config.allowed_origins),
        "WORKER_NAME": worker.name,
        "WORKER_SECONDS": str(base.config.worker_timeout_seconds),
    }
    return Function(
        f"{base.prefix}-mcp",
        FunctionArgs(
            settings=base.settings,
            description="The MCP endpoint",
            handler="runtime.handlers.mcp.handler",
            environment={"PUBLIC_URL": base.rest_api.public_url, **knows_app(base), **own},
            allow=[base.store.allow(["GetItem", "PutItem"], EXCHANGES, LEVELS, TASKS), worker.allow_invoking],
            data=["schemas/mcp"],
            modules=[base.config.app_module],
        ),
    )


def declare_oauth(base: Foundation) -> Function:
    """Declare the function that is the authorization server."""
    config = base.config
    own = {
        **knows_clients(config),
        "REGISTRATION": config.registration,
        "MACHINE_CLIENTS": config.machine_clients,
        "MACHINE_SCOPES": json.dumps(config.machine_scopes),
        "UNUSED_CLIENT_DAYS": str(config.unused_client_days),
        "CLIENT_SECRET_DAYS": json.dumps(config.client_secret_days),
        "REGISTRATIONS_PER_HOUR": str(config.registrations_per_hour),
        "INTERACTIVE": json.dumps(base.identity_provider is not None),
        "REFRESH_TOKEN_IDLE_DAYS": str(config.refresh_token_idle_days),
        "REFRESH_TOKEN_GRACE_SECONDS": str(config.refresh_token_grace_seconds),
        "SOFTWARE_STATEMENT_ISSUERS": json.dumps(dict(config.software_statement_issuers)),
    }
    return Function(
        f"{base.prefix}-oauth",
        FunctionArgs(
            settings=base.settings,
            description="The OAuth authorization server and its metadata",
            handler="runtime.handlers.oauth.handler",
            environment={**verifies_tokens(base), **base.audit_log.environment, **own},
            allow=[
                base.store.allow(["GetItem", "PutItem", "UpdateItem", "DeleteItem"], CLIENTS),
                base.store.allow(["GetItem"], INITIAL_TOKENS),
                base.store.allow(["UpdateItem"], COUNTERS),
                base.store.allow(["PutItem"], ONE_TIME),
                base.store.allow(["GetItem", "PutItem"], REVOKED, CLIENT_KEYS, CLIENT_DOCUMENTS),
                base.store.allow(["GetItem", "UpdateItem", "DeleteItem"], GRANTS),
                base.signing_key.allow_reading,
                base.audit_log.allow_writing,
            ],
            data=["schemas/oauth"],
        ),
    )


def declare_login(base: Foundation) -> Function:
    """Declare the function that logs users in. Without an identity provider it answers that nobody logs in here."""
    config, provider = base.config, base.identity_provider
    own = {
        **knows_clients(config),
        "SERVER_NAME": config.server_name,
        "REFRESH_TOKEN_DAYS": str(config.refresh_token_days),
        "AUTHORIZATIONS_PER_MINUTE": str(config.authorizations_per_minute),
    }
    told = {**verifies_tokens(base), **base.audit_log.environment, **own}
    return Function(
        f"{base.prefix}-login",
        FunctionArgs(
            settings=base.settings,
            description="The login of users, and the pages they see",
            handler="runtime.handlers.login.handler",
            environment={**told, **provider.environment} if provider else told,
            allow=[*logs_in(base), provider.allow_reading] if provider else [],
            data=["schemas/oauth", "runtime/login/pages/templates"],
        ),
    )


def logs_in(base: Foundation) -> Sequence[Statement]:
    """What logging users in takes, but for the client secret at the identity provider."""
    return [
        base.store.allow(["GetItem"], CLIENTS),
        base.store.allow(["PutItem"], ONE_TIME),
        base.store.allow(["UpdateItem"], COUNTERS),
        base.store.allow(["GetItem", "PutItem", "DeleteItem"], GRANTS),
        base.store.allow(["PutItem", "DeleteItem"], LOGINS),
        base.store.allow(["GetItem", "PutItem", "UpdateItem"], PUSHED),
        base.store.allow(["GetItem", "PutItem", "DeleteItem"], SESSIONS),
        base.store.allow(["GetItem", "PutItem"], CLIENT_KEYS, CLIENT_DOCUMENTS),
        base.store.allow(["GetItem", "UpdateItem"], USERS),
        base.signing_key.allow_reading,
        base.audit_log.allow_writing,
    ]


def verifies_tokens(base: Foundation) -> Environment:
    """What a function is told that verifies access tokens, or issues them."""
    provider = base.config.upstream
    return {
        "PUBLIC_URL": base.rest_api.public_url,
        "TABLE_NAME": base.store.name,
        "SIGNING_KEY_ARN": base.signing_key.arn,
        "SCOPE_IMPLIES": json.dumps(base.config.scope_implies),
        # Whose users there are: a grant of another provider's user does not count.
        "IDENTITY_PROVIDER": json.dumps(provider.issuer if provider else None),
    }


def knows_app(base: Foundation) -> Environment:
    """What a function is told that runs the owner's tools."""
    return {"APP_MODULE": base.config.app_module, "TABLE_NAME": base.store.name}


def knows_clients(config: StackConfig) -> Environment:
    """What a function is told that authenticates clients and issues for them."""
    return {
        "SCOPES": json.dumps(dict(config.scopes)),
        "MAX_REDIRECT_URIS": str(config.max_redirect_uris),
        "PRIVATE_USE_SCHEMES": json.dumps(config.private_use_schemes),
        "CLIENT_ID_METADATA_DOCUMENTS": json.dumps(config.client_id_metadata_documents),
        "ACCESS_TOKEN_LIFETIME": str(config.access_token_lifetime_seconds),
        "FAILED_AUTHENTICATIONS_PER_MINUTE": str(config.failed_authentications_per_minute),
    }
