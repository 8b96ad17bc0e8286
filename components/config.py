"""The configuration of a server as a frozen value, made of plain arguments or of the configuration of a stack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pulumi

from components.app.file import find_needs_file
from components.config_values import PROJECT, Server, complete, read_rules, sources_of
from components.edge.checks import CLOUDFRONT
from components.identity_provider import IdentityProviderConfig
from components.key_names import snake_case
from components.packaging.sources import Sources
from components.stack_settings import read_settings


@dataclass(frozen=True, slots=True)
class StackConfig:
    """The configuration of one stack. ``schemas/stack-config.json`` describes each value, its unit and its default."""

    edge: str
    public_url: str | None
    domain_name: str | None
    certificate_arn: str | None
    hosted_zone_id: str | None
    truststore_uri: str | None
    wait_for_distribution: bool
    edge_key_generation: int
    firewall: str
    allowed_cidrs: tuple[str, ...]
    stage_name: str
    architecture: str
    python_version: str
    memory_size: int
    timeout_seconds: int
    worker_timeout_seconds: int
    log_retention_days: int
    audit_retention_days: int
    trail: bool
    log_destination_arn: str | None
    log_level: str
    point_in_time_recovery: bool
    deletion_protection: bool
    kms_key: str
    existing_table: str | None
    existing_signing_key: str | None
    existing_upstream_secret: str | None
    access_token_lifetime_seconds: int
    refresh_token_days: int
    refresh_token_idle_days: int
    refresh_token_grace_seconds: int
    authorizer_cache_seconds: int
    signing_key_rotation_days: int
    registration: str
    machine_clients: str
    machine_scopes: tuple[str, ...]
    max_redirect_uris: int
    private_use_schemes: tuple[str, ...]
    unused_client_days: int
    client_secret_days: int | None
    registrations_per_hour: int
    failed_authentications_per_minute: int
    authorizations_per_minute: int
    upstream: IdentityProviderConfig | None
    software_statement_issuers: Mapping[str, Any]
    client_id_metadata_documents: tuple[str, ...]
    throttle_rate_limit: float
    throttle_burst_limit: int
    scopes: Mapping[str, str]
    scope_implies: Mapping[str, Sequence[str]]
    base_scope: str
    challenge_scopes: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    server_name: str
    server_title: str | None
    website_url: str | None
    documentation_url: str | None
    policy_url: str | None
    terms_url: str | None
    logo: str | None
    app_module: str
    app_directory: str | None
    app_needs: str | None
    app_config: Mapping[str, Any]
    package_boto3: bool
    alarm_email: str | None
    alarm_topic_arn: str | None
    monitoring: str
    duration_alarm_milliseconds: int
    authorizer_denials_alarm: int
    tracing: bool
    manage_api_gateway_account: bool
    permissions_boundary: str | None
    role_path: str
    reserved_concurrency: Mapping[str, int]
    provisioned_concurrency: Mapping[str, int]
    release: str
    tags: Mapping[str, str]

    @property
    def api_cidrs(self) -> tuple[str, ...]:
        """The networks that a policy of the API admits. Before a distribution, its web ACL admits them."""
        return () if self.edge == CLOUDFRONT else self.allowed_cidrs

    @property
    def sources(self) -> Sources:
        """Where the modules of the functions are."""
        return sources_of(self.app_directory)

    @property
    def needs_file(self) -> Path | None:
        """The needs file of the app, if it has one."""
        return find_needs_file(self.app_needs, self.app_directory, PROJECT)

    @classmethod
    def load(cls) -> Self:
        """Read and validate the configuration of the current stack. Raise ``pulumi.RunError`` like ``of``."""
        settings = read_settings(read_rules())
        server = Server(
            name=pulumi.get_project(),
            kind="project",
            title="The configuration of this stack is not valid:",
            default_tags=settings.default_tags,
            problems=settings.problems,
        )
        return cls.of(settings.values, server)

    @classmethod
    def of(cls, given: Mapping[str, Any], server: Server) -> Self:
        """Validate the values of ``given``, whose keys are those of the schema.

        Raise ``pulumi.RunError``, whose message names every invalid key.
        """
        values = complete(given, server)
        fields = _fields(values)
        if fields["upstream"] is not None:
            fields["upstream"] = IdentityProviderConfig(**_fields(fields["upstream"]))
        return cls(**fields)


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    return {snake_case(key): tuple(value) if isinstance(value, list) else value for key, value in values.items()}
