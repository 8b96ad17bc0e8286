"""What requests come through, and what the functions stand on: the API, the edge, the firewall, data and secrets."""

from dataclasses import dataclass

from components.audit_log import AuditLog, AuditLogArgs
from components.edge.checks import DOMAIN
from components.edge.declare import declare_edge
from components.edge.edge import Edge, EdgeArgs
from components.edge.tls import endpoint_tls
from components.firewall.acl import FirewallArgs, WebAcl, declare_firewall
from components.foundation import Foundation
from components.identity_provider import IdentityProviderClient, IdentityProviderClientArgs
from components.needs.values import AppNeeds
from components.rest_api import RestApi, RestApiArgs
from components.server.ground import Ground
from components.signing_key import SigningKey, SigningKeyArgs
from components.store import Store, StoreArgs
from runtime.routes import ROUTES


@dataclass(frozen=True, slots=True)
class Entrance:
    """The REST API without its routes, and what is in front of it."""

    rest_api: RestApi
    firewall: WebAcl
    edge: Edge


def declare_entrance(ground: Ground) -> Entrance:
    """Declare what requests come through before they reach the stage."""
    config = ground.config
    rest_api = RestApi(
        f"{ground.prefix}-endpoint",
        RestApiArgs(
            location=ground.location,
            tls=endpoint_tls(config),
            reachable=config.edge != DOMAIN,
            deletion_protection=config.deletion_protection,
            tags=ground.tags,
        ),
        ground.child,
    )
    firewall = declare_firewall(
        f"{ground.prefix}-firewall",
        FirewallArgs(
            config=config, location=ground.location, encryption=ground.encryption, routes=ROUTES, tags=ground.tags
        ),
        ground.child,
    )
    edge = declare_edge(
        f"{ground.prefix}-edge",
        EdgeArgs(config=config, rest_api=rest_api, routes=ROUTES, web_acl_arn=firewall.arn, tags=ground.tags),
        ground.child,
    )
    return Entrance(rest_api, firewall, edge)


def declare_foundation(ground: Ground, edge: Edge, needs: AppNeeds) -> Foundation:
    """Declare the table, the audit log and the secrets, which the functions use. ``needs`` is what the app needs."""
    config = ground.config
    store = Store(
        f"{ground.prefix}-store",
        StoreArgs(
            existing=config.existing_table,
            encryption=ground.encryption,
            point_in_time_recovery=config.point_in_time_recovery,
            deletion_protection=config.deletion_protection,
            tags=ground.tags,
        ),
        ground.child,
    )
    audit_log = AuditLog(
        f"{ground.prefix}-audit",
        AuditLogArgs(
            encryption=ground.encryption,
            retention_days=config.audit_retention_days,
            deletion_protection=config.deletion_protection,
            tags=ground.tags,
        ),
        ground.child,
    )
    return Foundation(
        prefix=ground.prefix,
        config=config,
        settings=ground.settings,
        edge=edge,
        store=store,
        signing_key=_declare_signing_key(ground, audit_log),
        audit_log=audit_log,
        identity_provider=_declare_identity_provider(ground),
        needs=needs,
        child=ground.child,
    )


def _declare_signing_key(ground: Ground, audit_log: AuditLog) -> SigningKey:
    config = ground.config
    return SigningKey(
        f"{ground.prefix}-signing-key",
        SigningKeyArgs(
            existing=config.existing_signing_key,
            settings=ground.settings,
            rotation_name=f"{ground.prefix}-rotation",
            handler="runtime.handlers.rotation.handler",
            account_id=ground.location.account_id,
            rotation_days=config.signing_key_rotation_days,
            audit_log=audit_log,
            deletion_protection=config.deletion_protection,
            reserved_concurrency=config.reserved_concurrency.get("rotation"),
        ),
        ground.child,
    )


def _declare_identity_provider(ground: Ground) -> IdentityProviderClient | None:
    config = ground.config
    if config.upstream is None:
        return None
    return IdentityProviderClient(
        f"{ground.prefix}-upstream",
        IdentityProviderClientArgs(
            existing=config.existing_upstream_secret,
            provider=config.upstream,
            encryption=ground.encryption,
            deletion_protection=config.deletion_protection,
            tags=ground.tags,
        ),
        ground.child,
    )
