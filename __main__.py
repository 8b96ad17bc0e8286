"""The stack on one screen: configuration, components, outputs."""

import json
from pathlib import Path

import pulumi

from components.api import Api, ApiArgs
from components.audit_log import AuditLog, AuditLogArgs
from components.config import StackConfig
from components.endpoint import Endpoint, EndpointArgs
from components.function import Function, FunctionArgs, FunctionSettings
from components.gateway_account import GatewayAccount, GatewayAccountArgs
from components.location import Location
from components.monitoring import Monitoring, MonitoringArgs
from components.package import Packager
from components.signing_key import SigningKey, SigningKeyArgs
from components.store import Store, StoreArgs
from components.target import Target
from components.upstream import Upstream, UpstreamArgs
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
from runtime.routes import ROUTES

PROJECT = Path(__file__).resolve().parent
# runtime.mcp.tasks gives up on a task whose worker has not started by then.
QUEUE_SECONDS = 120

config = StackConfig.load()
location = Location.current()
prefix = f"{pulumi.get_project()}-{pulumi.get_stack()}"
tags = {"project": pulumi.get_project(), "stack": pulumi.get_stack(), **config.tags}
target = Target.current(config.architecture)
packager = Packager(PROJECT, target, cache=PROJECT / ".build", package_boto3=config.package_boto3)
settings = FunctionSettings(
    packager=packager,
    memory_size=config.memory_size,
    timeout=config.timeout_seconds,
    log_level=config.log_level,
    log_retention_days=config.log_retention_days,
    tags=tags,
)
pulumi.log.info(f"The functions run on {target.runtime}, the Python that runs this program.")

endpoint = Endpoint(
    f"{prefix}-endpoint",
    EndpointArgs(stage_name=config.stage_name, location=location, public_url=config.public_url, tags=tags),
)
store = Store(
    f"{prefix}-store",
    StoreArgs(
        point_in_time_recovery=config.point_in_time_recovery,
        deletion_protection=config.deletion_protection,
        tags=tags,
    ),
)
audit_log = AuditLog(f"{prefix}-audit", AuditLogArgs(retention_days=config.audit_retention_days, tags=tags))
signing_key = SigningKey(
    f"{prefix}-signing-key",
    SigningKeyArgs(
        settings=settings,
        handler="runtime.handlers.rotation.handler",
        account_id=location.account_id,
        rotation_days=config.signing_key_rotation_days,
        audit_log=audit_log,
        deletion_protection=config.deletion_protection,
    ),
)
upstream = None
if config.upstream:
    upstream = Upstream(
        f"{prefix}-upstream",
        UpstreamArgs(provider=config.upstream, deletion_protection=config.deletion_protection, tags=tags),
    )
known_by_url = {"PUBLIC_URL": endpoint.public_url}
verifies_tokens: dict[str, pulumi.Input[str]] = {
    **known_by_url,
    "TABLE_NAME": store.name,
    "SIGNING_KEY_ARN": signing_key.arn,
    "SCOPE_IMPLIES": json.dumps(config.scope_implies),
    # Whose users there are: what was granted to those of another one does not count.
    "IDENTITY_PROVIDER": json.dumps(config.upstream.issuer if config.upstream else None),
}
authorizer = Function(
    f"{prefix}-authorizer",
    FunctionArgs(
        settings=settings,
        description="Lets requests with a valid access token through to the MCP endpoint",
        handler="runtime.handlers.authorizer.handler",
        # An alarm counts the denials in its log, which it writes at INFO.
        environment=verifies_tokens
        | audit_log.environment
        | {"LOG_LEVEL": "DEBUG" if config.log_level == "DEBUG" else "INFO"},
        allow=[
            store.allow(["GetItem"], CLIENTS, REVOKED, GRANTS),
            signing_key.allow_reading,
            audit_log.allow_writing,
        ],
    ),
)
knows_app: dict[str, pulumi.Input[str]] = {"APP_MODULE": config.app_module, "TABLE_NAME": store.name}
worker = Function(
    f"{prefix}-worker",
    FunctionArgs(
        settings=settings,
        description="Runs the tools of tasks",
        handler="runtime.handlers.worker.handler",
        environment=knows_app,
        allow=[store.allow(["GetItem", "PutItem"], TASKS)],
        modules=[config.app_module],
        timeout=config.worker_timeout_seconds,
        queue_seconds=QUEUE_SECONDS,
    ),
)
mcp = Function(
    f"{prefix}-mcp",
    FunctionArgs(
        settings=settings,
        description="The MCP endpoint",
        handler="runtime.handlers.mcp.handler",
        environment=known_by_url
        | knows_app
        | {
            "SERVER_NAME": config.server_name,
            "ALLOWED_ORIGINS": json.dumps(config.allowed_origins),
            "WORKER_NAME": worker.name,
            "WORKER_SECONDS": str(config.worker_timeout_seconds),
        },
        allow=[store.allow(["GetItem", "PutItem"], EXCHANGES, LEVELS, TASKS), worker.allow_invoking],
        data=["schemas/mcp"],
        modules=[config.app_module],
    ),
)
oauth = Function(
    f"{prefix}-oauth",
    FunctionArgs(
        settings=settings,
        description="The OAuth authorization server and its metadata",
        handler="runtime.handlers.oauth.handler",
        environment=verifies_tokens
        | audit_log.environment
        | {
            "ACCESS_TOKEN_LIFETIME": str(config.access_token_lifetime_seconds),
            "SCOPES": json.dumps(dict(config.scopes)),
            "REGISTRATION": config.registration,
            "MACHINE_CLIENTS": config.machine_clients,
            "MACHINE_SCOPES": json.dumps(config.machine_scopes),
            "MAX_REDIRECT_URIS": str(config.max_redirect_uris),
            "PRIVATE_USE_SCHEMES": json.dumps(config.private_use_schemes),
            "UNUSED_CLIENT_DAYS": str(config.unused_client_days),
            "CLIENT_SECRET_DAYS": json.dumps(config.client_secret_days),
            "REGISTRATIONS_PER_HOUR": str(config.registrations_per_hour),
            "FAILED_AUTHENTICATIONS_PER_MINUTE": str(config.failed_authentications_per_minute),
            "INTERACTIVE": json.dumps(upstream is not None),
            "REFRESH_TOKEN_IDLE_DAYS": str(config.refresh_token_idle_days),
            "REFRESH_TOKEN_GRACE_SECONDS": str(config.refresh_token_grace_seconds),
            "CLIENT_ID_METADATA_DOCUMENTS": json.dumps(config.client_id_metadata_documents),
            "SOFTWARE_STATEMENT_ISSUERS": json.dumps(dict(config.software_statement_issuers)),
        },
        allow=[
            store.allow(["GetItem", "PutItem", "UpdateItem", "DeleteItem"], CLIENTS),
            store.allow(["GetItem"], INITIAL_TOKENS),
            store.allow(["UpdateItem"], COUNTERS),
            store.allow(["PutItem"], ONE_TIME),
            store.allow(["GetItem", "PutItem"], REVOKED, CLIENT_KEYS, CLIENT_DOCUMENTS),
            store.allow(["GetItem", "UpdateItem", "DeleteItem"], GRANTS),
            signing_key.allow_reading,
            audit_log.allow_writing,
        ],
        data=["schemas/oauth"],
    ),
)
# Without an identity provider it says that nobody logs in, and is allowed nothing.
logs_in = [
    store.allow(["GetItem"], CLIENTS),
    store.allow(["PutItem"], ONE_TIME),
    store.allow(["UpdateItem"], COUNTERS),
    store.allow(["GetItem", "PutItem", "DeleteItem"], GRANTS),
    store.allow(["PutItem", "DeleteItem"], LOGINS),
    store.allow(["GetItem", "PutItem", "UpdateItem"], PUSHED),
    store.allow(["GetItem", "PutItem", "DeleteItem"], SESSIONS),
    store.allow(["GetItem", "PutItem"], CLIENT_KEYS, CLIENT_DOCUMENTS),
    store.allow(["GetItem", "UpdateItem"], USERS),
    signing_key.allow_reading,
    audit_log.allow_writing,
]
login = Function(
    f"{prefix}-login",
    FunctionArgs(
        settings=settings,
        description="The login of people, and the pages they see",
        handler="runtime.handlers.login.handler",
        environment=verifies_tokens
        | audit_log.environment
        | dict(upstream.environment if upstream else {})
        | {
            "SERVER_NAME": config.server_name,
            "SCOPES": json.dumps(dict(config.scopes)),
            "MAX_REDIRECT_URIS": str(config.max_redirect_uris),
            "PRIVATE_USE_SCHEMES": json.dumps(config.private_use_schemes),
            "CLIENT_ID_METADATA_DOCUMENTS": json.dumps(config.client_id_metadata_documents),
            "ACCESS_TOKEN_LIFETIME": str(config.access_token_lifetime_seconds),
            "REFRESH_TOKEN_DAYS": str(config.refresh_token_days),
            "FAILED_AUTHENTICATIONS_PER_MINUTE": str(config.failed_authentications_per_minute),
            "AUTHORIZATIONS_PER_MINUTE": str(config.authorizations_per_minute),
        },
        allow=[*logs_in, upstream.allow_reading] if upstream else [],
        data=["schemas/oauth", "runtime/login/pages"],
    ),
)
# Before the stage takes a request there is a key to sign with, a worker that runs nothing twice, and a role to write
# its log with.
stage_needs: list[pulumi.Resource] = [signing_key, worker]
if config.manage_api_gateway_account:
    stage_needs.append(GatewayAccount(f"{prefix}-gateway", GatewayAccountArgs(location=location, tags=tags)))
api = Api(
    f"{prefix}-api",
    ApiArgs(
        endpoint=endpoint,
        stage_name=config.stage_name,
        routes=ROUTES,
        functions={"mcp": mcp, "oauth": oauth, "login": login},
        authorizer=authorizer,
        authorizer_cache_seconds=config.authorizer_cache_seconds,
        base_scope=config.base_scope,
        throttle_rate_limit=config.throttle_rate_limit,
        throttle_burst_limit=config.throttle_burst_limit,
        log_retention_days=config.log_retention_days,
        needs=stage_needs,
        tags=tags,
    ),
)
monitoring = Monitoring(
    f"{prefix}-monitoring",
    MonitoringArgs(
        location=location,
        functions={
            "authorizer": authorizer,
            "mcp": mcp,
            "oauth": oauth,
            "login": login,
            "rotation": signing_key.rotation,
        },
        authorizer=authorizer,
        worker=worker,
        auditing={"authorizer": authorizer, "oauth": oauth, "login": login, "rotation": signing_key.rotation},
        api_name=endpoint.rest_api.name,
        stage_name=api.stage_name,
        access_log_name=api.access_log_name,
        table_name=store.name,
        alarm_email=config.alarm_email,
        duration_alarm_milliseconds=config.duration_alarm_milliseconds,
        authorizer_denials_alarm=config.authorizer_denials_alarm,
        tags=tags,
    ),
)

pulumi.export("url", endpoint.public_url)
pulumi.export("mcp_url", pulumi.Output.concat(endpoint.public_url, "/mcp"))
pulumi.export("issuer", endpoint.public_url)
pulumi.export("registration_url", pulumi.Output.concat(endpoint.public_url, "/dcr"))
pulumi.export("table_name", store.name)
pulumi.export("audit_log", audit_log.name)
if upstream:
    pulumi.export("upstream_secret_name", upstream.secret_name)
pulumi.export("dashboard_url", monitoring.dashboard_url)
pulumi.export("api_id", endpoint.rest_api.id)
pulumi.export("stage_name", api.stage_name)
pulumi.export("invoke_url", api.invoke_url)
