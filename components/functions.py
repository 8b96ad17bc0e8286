"""The functions of a stack: the environment and the permissions of each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from components.app_functions import declare_mcp, declare_worker
from components.environments import Environment, client_environment, logo
from components.foundation import Foundation
from components.function import Function, FunctionArgs
from components.gateway_responses import denial_challenge
from components.iam import Statement
from components.tool_functions import ToolFunctions, ToolFunctionsArgs, declare_tool_functions
from runtime.prefixes import (
    CLIENT_DOCUMENTS,
    CLIENT_KEYS,
    CLIENTS,
    COUNTERS,
    CUTOFF,
    GRANTS,
    INITIAL_TOKENS,
    LOGINS,
    ONE_TIME,
    PUSHED,
    REVOKED,
    SESSIONS,
    USERS,
)


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions of a stack, one per concern. ``tools`` are those of tools that have one of their own."""

    authorizer: Function
    worker: Function
    mcp: Function
    oauth: Function
    login: Function
    tools: ToolFunctions


def declare_functions(base: Foundation) -> Functions:
    """Declare all functions, each with a role of its own."""
    tools = declare_tool_functions(
        ToolFunctionsArgs(prefix=base.prefix, config=base.config, settings=base.settings, needs=base.needs), base.child
    )
    worker = declare_worker(base, tools)
    return Functions(
        authorizer=declare_authorizer(base),
        worker=worker,
        mcp=declare_mcp(base, worker, tools),
        oauth=declare_oauth(base),
        login=declare_login(base),
        tools=tools,
    )


def declare_authorizer(base: Foundation) -> Function:
    """Declare the function that verifies access tokens. It writes only to the audit log."""
    # An alarm counts the denials in its log, which have the level INFO.
    level = {"LOG_LEVEL": "DEBUG" if base.config.log_level == "DEBUG" else "INFO"}
    scopes = base.config.challenge_scopes
    own = {
        "CHALLENGE": base.edge.public_url.apply(lambda url: denial_challenge(url, scopes)),
        "EDGE_KEY_HASHES": base.edge.key_hashes,
        # Where a policy of the API refuses networks, that refusal has the type of a Deny.
        "DENIAL": "exception" if base.config.api_cidrs else "policy",
    }
    return Function(
        f"{base.prefix}-authorizer",
        FunctionArgs(
            settings=base.settings,
            description="Lets requests with a valid access token through to the MCP endpoint",
            handler="runtime.handlers.authorizer.handler",
            reserved_concurrency=base.config.reserved_concurrency.get("authorizer"),
            provisioned_concurrency=base.config.provisioned_concurrency.get("authorizer"),
            environment={**token_environment(base), **base.audit_log.environment, **level, **own},
            allow=[
                base.store.allow(["BatchGetItem"], CLIENTS, REVOKED, GRANTS, CUTOFF),
                *base.store.allow_decrypting,
                *base.signing_key.allow_reading,
                *base.audit_log.allow_writing,
            ],
        ),
        base.child,
    )


def declare_oauth(base: Foundation) -> Function:
    """Declare the function that serves the authorization server."""
    config = base.config
    own = {
        **client_environment(config),
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
            reserved_concurrency=base.config.reserved_concurrency.get("oauth"),
            provisioned_concurrency=base.config.provisioned_concurrency.get("oauth"),
            environment={**token_environment(base), **base.audit_log.environment, **own},
            allow=[
                base.store.allow(["GetItem", "PutItem", "UpdateItem", "DeleteItem"], CLIENTS),
                base.store.allow(["GetItem"], INITIAL_TOKENS),
                base.store.allow(["UpdateItem"], COUNTERS),
                base.store.allow(["PutItem"], ONE_TIME),
                base.store.allow(["GetItem", "PutItem"], REVOKED, CLIENT_KEYS, CLIENT_DOCUMENTS),
                base.store.allow(["UpdateItem", "DeleteItem"], GRANTS),
                base.store.allow(["BatchGetItem"], GRANTS, CUTOFF),
                *base.store.allow_decrypting,
                *base.signing_key.allow_reading,
                *base.audit_log.allow_writing,
            ],
            data=["schemas/oauth"],
        ),
        base.child,
    )


def declare_login(base: Foundation) -> Function:
    """Declare the function for sign-in. Without an identity provider, it answers that sign-in is not available."""
    config, provider = base.config, base.identity_provider
    own = {
        **client_environment(config),
        "SERVER_NAME": config.server_name,
        "REFRESH_TOKEN_DAYS": str(config.refresh_token_days),
        "AUTHORIZATIONS_PER_MINUTE": str(config.authorizations_per_minute),
    }
    environment = {**token_environment(base), **base.audit_log.environment, **own}
    return Function(
        f"{base.prefix}-login",
        FunctionArgs(
            settings=base.settings,
            description="The login of users, and the pages they see",
            handler="runtime.handlers.login.handler",
            reserved_concurrency=base.config.reserved_concurrency.get("login"),
            provisioned_concurrency=base.config.provisioned_concurrency.get("login"),
            environment={**environment, **provider.environment} if provider else environment,
            allow=[*login_permissions(base), *provider.allow_reading] if provider else [],
            data=["schemas/oauth", "runtime/login/pages/templates", *logo(base.config)],
        ),
        base.child,
    )


def login_permissions(base: Foundation) -> Sequence[Statement]:
    """Return the permissions for signing in users, without the one for the identity provider's client secret."""
    return [
        base.store.allow(["GetItem"], CLIENTS),
        base.store.allow(["PutItem"], ONE_TIME),
        base.store.allow(["UpdateItem"], COUNTERS),
        base.store.allow(["DeleteItem"], GRANTS),
        base.store.allow(["PutItem", "DeleteItem"], LOGINS),
        base.store.allow(["GetItem", "PutItem", "UpdateItem"], PUSHED),
        base.store.allow(["PutItem", "DeleteItem"], SESSIONS),
        base.store.allow(["BatchGetItem"], GRANTS, SESSIONS, CUTOFF),
        base.store.allow(["GetItem", "PutItem"], CLIENT_KEYS, CLIENT_DOCUMENTS),
        base.store.allow(["GetItem", "UpdateItem"], USERS),
        # A new grant, and its entry in the record of its user.
        base.store.allow_together(["PutItem", "UpdateItem"], GRANTS, USERS),
        *base.store.allow_decrypting,
        *base.signing_key.allow_reading,
        *base.audit_log.allow_writing,
    ]


def token_environment(base: Foundation) -> Environment:
    """Return the environment of a function that issues or verifies access tokens."""
    provider = base.config.upstream
    return {
        **base.edge.environment,
        "TABLE_NAME": base.store.name,
        "SIGNING_KEY_ARN": base.signing_key.arn,
        "SCOPE_IMPLIES": json.dumps(base.config.scope_implies),
        # A grant counts only for a user of this identity provider.
        "IDENTITY_PROVIDER": json.dumps(provider.issuer if provider else None),
        "AUTHORIZER_CACHE_SECONDS": str(base.config.authorizer_cache_seconds),
    }
