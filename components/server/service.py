"""What answers requests, and what watches over it: the stage, the alarms, the trail and the export of logs."""

from collections.abc import Mapping

import pulumi

from components.api import Api, ApiArgs
from components.edge.checks import CLOUDFRONT
from components.foundation import Foundation
from components.function import Function
from components.functions import Functions
from components.gateway_account import GatewayAccount, GatewayAccountArgs
from components.log_destination import LogDestination
from components.log_export import LogExport, LogExportArgs
from components.monitoring.monitoring import Monitoring, MonitoringArgs
from components.server.entrance import Entrance
from components.server.ground import Ground
from components.trail import Trail, TrailArgs, trail_name
from runtime.routes import ROUTES


def declare_api(ground: Ground, entrance: Entrance, base: Foundation, functions: Functions) -> Api:
    """Declare the routes and the stage, and let the edge through to it."""
    config = ground.config
    api = Api(
        f"{ground.prefix}-api",
        ApiArgs(
            rest_api=entrance.rest_api,
            public_url=entrance.edge.public_url,
            key_required=entrance.edge.needs_key,
            web_acl_arn=None if config.edge == CLOUDFRONT else entrance.firewall.arn,
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
            encryption=ground.encryption,
            tracing=config.tracing,
            needs=_needs_of_the_stage(ground, base, functions),
            tags=ground.tags,
        ),
        ground.child,
    )
    entrance.edge.open(api.stage_name)
    return api


def _needs_of_the_stage(ground: Ground, base: Foundation, functions: Functions) -> list[pulumi.Resource]:
    """Return what must be there before the stage receives requests.

    A signing key, a worker without retries, and a role for its log, if this stack manages it.
    """
    needs: list[pulumi.Resource] = [base.signing_key, functions.worker]
    if ground.config.manage_api_gateway_account:
        account = GatewayAccountArgs(location=ground.location, roles=ground.roles)
        needs.append(GatewayAccount(f"{ground.prefix}-gateway", account, ground.child))
    return needs


def answering(functions: Functions) -> dict[str, Function]:
    """Return the functions that answer requests, by the names that alarms and outputs give them."""
    return {
        "authorizer": functions.authorizer,
        "mcp": functions.mcp,
        "oauth": functions.oauth,
        "login": functions.login,
    }


def declare_monitoring(
    ground: Ground, entrance: Entrance, base: Foundation, functions: Functions, api: Api
) -> Monitoring:
    """Declare the alarms and the dashboard."""
    config, rotation = ground.config, base.signing_key.rotation
    return Monitoring(
        f"{ground.prefix}-monitoring",
        MonitoringArgs(
            location=ground.location,
            encryption=ground.encryption,
            functions=answering(functions),
            worker=functions.worker,
            tools=functions.tools.labels,
            rotation=rotation,
            auditing={
                "authorizer": functions.authorizer,
                "oauth": functions.oauth,
                "login": functions.login,
                "rotation": rotation,
            },
            api_name=entrance.rest_api.api.name,
            stage_name=api.stage_name,
            access_log_name=api.access_log_name,
            audit_log_name=base.audit_log.name,
            table_name=base.store.name,
            full=config.monitoring == "full",
            denials_are_errors=bool(config.api_cidrs),
            users_sign_in=base.identity_provider is not None,
            topic_arn=config.alarm_topic_arn,
            alarm_email=config.alarm_email,
            duration_alarm_milliseconds=config.duration_alarm_milliseconds,
            authorizer_denials_alarm=config.authorizer_denials_alarm,
            tags=ground.tags,
        ),
        ground.child,
    )


def declare_trail(ground: Ground, base: Foundation, named: Mapping[str, Function]) -> Trail | None:
    """Declare the trail, if the configuration asks for one. ``named`` are all functions."""
    if not ground.config.trail:
        return None
    return Trail(
        trail_name(ground.prefix),
        TrailArgs(
            location=ground.location,
            encryption=ground.encryption,
            store=base.store,
            functions=named,
            retention_days=ground.config.audit_retention_days,
            deletion_protection=ground.config.deletion_protection,
            tags=ground.tags,
        ),
        ground.child,
    )


def export_logs(ground: Ground, log_groups: Mapping[str, pulumi.Input[str]]) -> None:
    """Declare the export of ``log_groups``, names by what is in them, if the configuration names a destination."""
    if ground.config.log_destination_arn:
        LogExport(
            f"{ground.prefix}-export",
            LogExportArgs(
                location=ground.location,
                destination=LogDestination.parse(ground.config.log_destination_arn),
                log_groups=log_groups,
                roles=ground.roles,
            ),
            ground.child,
        )
