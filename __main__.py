"""The stack on one screen: configuration, components, outputs."""

from pathlib import Path

import pulumi

from components.api import Api, ApiArgs
from components.audit_log import AuditLog, AuditLogArgs
from components.config import StackConfig
from components.edge.checks import CLOUDFRONT, DOMAIN, EXTERNAL
from components.edge.declare import declare_edge
from components.edge.edge import EdgeArgs
from components.edge.tls import endpoint_tls
from components.encryption import Encryption
from components.encryption_key import EncryptionKeyArgs
from components.firewall.acl import FirewallArgs, declare_firewall
from components.function import FunctionSettings
from components.functions import Foundation, declare_functions
from components.gateway_account import GatewayAccount, GatewayAccountArgs
from components.identity_provider import IdentityProviderClient, IdentityProviderClientArgs
from components.location import Location
from components.log_destination import LogDestination
from components.log_export import LogExport, LogExportArgs
from components.monitoring.monitoring import Monitoring, MonitoringArgs
from components.names import prefix_of
from components.packaging.archive import Packager
from components.packaging.target import Target
from components.release import CANARY
from components.rest_api import RestApi, RestApiArgs
from components.role import RoleSettings
from components.signing_key import SigningKey, SigningKeyArgs
from components.store import Store, StoreArgs
from components.tags import tags_of
from components.trail import Trail, TrailArgs, trail_name
from runtime.routes import ROUTES
from runtime.version import VERSION

PROJECT = Path(__file__).resolve().parent

config = StackConfig.load()
location = Location.current()
prefix = prefix_of(pulumi.get_project(), pulumi.get_stack())
tags = tags_of(pulumi.get_project(), pulumi.get_stack(), config.tags)
target = Target.require(config.python_version, config.architecture)
packager = Packager(PROJECT, target, cache=PROJECT / ".build", package_boto3=config.package_boto3)
roles = RoleSettings(path=config.role_path, permissions_boundary=config.permissions_boundary, tags=tags)
encryption = Encryption.declare(
    f"{prefix}-key",
    config.kms_key,
    EncryptionKeyArgs(
        location=location,
        prefix=prefix,
        trail_name=trail_name(prefix) if config.trail else None,
        deletion_protection=config.deletion_protection,
        tags=tags,
    ),
)
settings = FunctionSettings(
    packager=packager,
    memory_size=config.memory_size,
    timeout=config.timeout_seconds,
    log_level=config.log_level,
    log_retention_days=config.log_retention_days,
    encryption=encryption,
    tracing=config.tracing,
    canary=config.release == CANARY,
    roles=roles,
    tags=tags,
)

rest_api = RestApi(
    f"{prefix}-endpoint",
    RestApiArgs(
        location=location,
        tls=endpoint_tls(config),
        reachable=config.edge != DOMAIN,
        deletion_protection=config.deletion_protection,
        tags=tags,
    ),
)
firewall = declare_firewall(
    f"{prefix}-firewall",
    FirewallArgs(config=config, location=location, encryption=encryption, routes=ROUTES, tags=tags),
)
edge = declare_edge(
    f"{prefix}-edge",
    EdgeArgs(config=config, rest_api=rest_api, routes=ROUTES, web_acl_arn=firewall.arn, tags=tags),
)
store = Store(
    f"{prefix}-store",
    StoreArgs(
        existing=config.existing_table,
        encryption=encryption,
        point_in_time_recovery=config.point_in_time_recovery,
        deletion_protection=config.deletion_protection,
        tags=tags,
    ),
)
audit_log = AuditLog(
    f"{prefix}-audit",
    AuditLogArgs(
        encryption=encryption,
        retention_days=config.audit_retention_days,
        deletion_protection=config.deletion_protection,
        tags=tags,
    ),
)
signing_key = SigningKey(
    f"{prefix}-signing-key",
    SigningKeyArgs(
        existing=config.existing_signing_key,
        settings=settings,
        rotation_name=f"{prefix}-rotation",
        handler="runtime.handlers.rotation.handler",
        account_id=location.account_id,
        rotation_days=config.signing_key_rotation_days,
        audit_log=audit_log,
        deletion_protection=config.deletion_protection,
        reserved_concurrency=config.reserved_concurrency.get("rotation"),
    ),
)
identity_provider = None
if config.upstream:
    identity_provider = IdentityProviderClient(
        f"{prefix}-upstream",
        IdentityProviderClientArgs(
            existing=config.existing_upstream_secret,
            provider=config.upstream,
            encryption=encryption,
            deletion_protection=config.deletion_protection,
            tags=tags,
        ),
    )
functions = declare_functions(
    Foundation(
        prefix=prefix,
        config=config,
        settings=settings,
        edge=edge,
        store=store,
        signing_key=signing_key,
        audit_log=audit_log,
        identity_provider=identity_provider,
    )
)
# Before the stage receives requests, there must be a signing key, a worker without retries, and a role for its log.
stage_needs: list[pulumi.Resource] = [signing_key, functions.worker]
if config.manage_api_gateway_account:
    stage_needs.append(GatewayAccount(f"{prefix}-gateway", GatewayAccountArgs(location=location, roles=roles)))
api = Api(
    f"{prefix}-api",
    ApiArgs(
        rest_api=rest_api,
        public_url=edge.public_url,
        key_required=edge.needs_key,
        web_acl_arn=None if config.edge == CLOUDFRONT else firewall.arn,
        allowed_cidrs=config.api_cidrs,
        stage_name=config.stage_name,
        routes=ROUTES,
        functions={"mcp": functions.mcp, "oauth": functions.oauth, "login": functions.login},
        authorizer=functions.authorizer,
        authorizer_cache_seconds=config.authorizer_cache_seconds,
        challenge_scopes=config.challenge_scopes,
        throttle_rate_limit=config.throttle_rate_limit,
        throttle_burst_limit=config.throttle_burst_limit,
        log_retention_days=config.log_retention_days,
        encryption=encryption,
        tracing=config.tracing,
        needs=stage_needs,
        tags=tags,
    ),
)
edge.open(api.stage_name)
answering = {
    "authorizer": functions.authorizer,
    "mcp": functions.mcp,
    "oauth": functions.oauth,
    "login": functions.login,
}
monitoring = Monitoring(
    f"{prefix}-monitoring",
    MonitoringArgs(
        location=location,
        encryption=encryption,
        functions=answering,
        worker=functions.worker,
        rotation=signing_key.rotation,
        auditing={
            "authorizer": functions.authorizer,
            "oauth": functions.oauth,
            "login": functions.login,
            "rotation": signing_key.rotation,
        },
        api_name=rest_api.api.name,
        stage_name=api.stage_name,
        access_log_name=api.access_log_name,
        audit_log_name=audit_log.name,
        table_name=store.name,
        full=config.monitoring == "full",
        denials_are_errors=bool(config.api_cidrs),
        users_sign_in=identity_provider is not None,
        topic_arn=config.alarm_topic_arn,
        alarm_email=config.alarm_email,
        duration_alarm_milliseconds=config.duration_alarm_milliseconds,
        authorizer_denials_alarm=config.authorizer_denials_alarm,
        tags=tags,
    ),
)
named = {**answering, "rotation": signing_key.rotation, "worker": functions.worker}
trail = None
if config.trail:
    trail = Trail(
        trail_name(prefix),
        TrailArgs(
            location=location,
            encryption=encryption,
            store=store,
            functions=named,
            retention_days=config.audit_retention_days,
            deletion_protection=config.deletion_protection,
            tags=tags,
        ),
    )
if config.log_destination_arn:
    LogExport(
        f"{prefix}-export",
        LogExportArgs(
            location=location,
            destination=LogDestination.parse(config.log_destination_arn),
            log_groups={
                **{key: function.log_group_name for key, function in named.items()},
                "access": api.access_log_name,
                "audit": audit_log.name,
                **({"firewall": firewall.log_group} if firewall.log_group else {}),
            },
            roles=roles,
        ),
    )

pulumi.export("version", VERSION)
pulumi.export("url", edge.public_url)
pulumi.export("mcp_url", pulumi.Output.concat(edge.public_url, "/mcp"))
pulumi.export("issuer", edge.public_url)
pulumi.export("registration_url", pulumi.Output.concat(edge.public_url, "/dcr"))
pulumi.export("table_name", store.name)
pulumi.export("audit_log", audit_log.name)
pulumi.export("signing_key_arn", signing_key.arn)
pulumi.export("authorizer_cache_seconds", config.authorizer_cache_seconds)
if identity_provider:
    pulumi.export("identity_provider", identity_provider.issuer)
    pulumi.export("upstream_secret_name", identity_provider.secret_name)
pulumi.export("region", location.region)
if trail:
    pulumi.export("trail_bucket", trail.bucket_name)
pulumi.export("function_names", {key: function.name for key, function in named.items()})
pulumi.export("release_alarms", dict(monitoring.release_alarms))
pulumi.export("dashboard_url", monitoring.dashboard_url)
pulumi.export("api_id", rest_api.api.id)
pulumi.export("stage_name", api.stage_name)
if config.edge == EXTERNAL:
    pulumi.export("invoke_url", api.invoke_url)
if edge.target:
    pulumi.export("edge_target", edge.target)
