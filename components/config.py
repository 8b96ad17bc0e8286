"""The configuration of a server as a frozen value, made of plain arguments or of the configuration of a stack."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pulumi

from components.config_checks import (
    find_oversized_environments,
    unknown_keys,
    wrong_adoption,
    wrong_app,
    wrong_machine_clients,
    wrong_scopes,
    wrong_values,
)
from components.edge.checks import CLOUDFRONT, wrong_edge
from components.encryption import wrong_key
from components.firewall.checks import wrong_firewall
from components.identity_provider import IdentityProviderConfig
from components.location import Place
from components.log_destination import wrong_log_destination
from components.logo import wrong_logo
from components.monitoring.topic import wrong_alarm_topic
from components.names import wrong_names
from components.packaging.sources import Sources
from components.release import wrong_release
from components.stack_settings import read_settings
from components.tags import wrong_tags
from runtime.scopes import expand_hierarchy

PROJECT = Path(__file__).resolve().parent.parent
SCHEMA_FILE = PROJECT / "schemas" / "stack-config.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The server that a configuration is for: its name, with which all names in AWS start, and where it is.

    ``title`` is the first line of the message about an invalid configuration, and ``kind`` what the name is that of.
    ``default_tags`` are those that the AWS provider adds, and ``problems`` what is known to be wrong already.
    """

    name: str
    kind: str = "name"
    title: str
    place: Place = field(default_factory=Place)
    default_tags: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[str] = ()


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

        Raise ``pulumi.RunError``, which the CLI shows without a stack trace. The message names every invalid key, its
        value and the allowed values.
        """
        schema = _read_schema()
        rules: dict[str, dict[str, Any]] = schema["properties"]
        given = {key: _count(value) for key, value in given.items()}
        values = {key: rule["default"] for key, rule in rules.items()} | given
        stack = pulumi.get_stack()
        problems = [
            *wrong_names(server.name, stack, server.kind),
            *server.problems,
            *unknown_keys(given, rules),
            *wrong_values(values, schema),
        ]
        if not problems:
            _derive(values, rules, server.place)
            # Derived values obey the same rules: the name of a stack is not always valid for a stage.
            problems = [*wrong_values(values, schema), *_wrong_together(values, server.place)]
            problems += wrong_tags(pulumi.get_project(), stack, values["tags"], server.default_tags)
        if not problems:
            values["scopeImplies"] = expand_hierarchy(values["scopeImplies"])
            problems = list(find_oversized_environments(values))
        if problems:
            # A value of another type is also none of those that are listed.
            raise pulumi.RunError("\n  ".join([server.title, *dict.fromkeys(problems)]))
        fields = _fields(values)
        if fields["upstream"] is not None:
            fields["upstream"] = IdentityProviderConfig(**_fields(fields["upstream"]))
        return cls(**fields)


def sources_of(app_directory: str | None) -> Sources:
    """Return where the modules are. ``app_directory`` is a path from the working directory of the program."""
    return Sources(PROJECT, None if app_directory is None else Path(app_directory).resolve())


def read_rules() -> dict[str, dict[str, Any]]:
    """Return what the schema says about each key."""
    return dict(_read_schema()["properties"])


def _read_schema() -> dict[str, Any]:
    return dict(json.loads(SCHEMA_FILE.read_bytes()))


def _wrong_together(values: Mapping[str, Any], place: Place) -> list[str]:
    """Report what is wrong with values that each obey the schema."""
    sources = sources_of(values["appDirectory"])
    return [
        *wrong_scopes(values),
        *wrong_app(values, sources),
        *wrong_machine_clients(values),
        *wrong_edge(values, place),
        *wrong_logo(values, sources),
        *wrong_release(values),
        *wrong_alarm_topic(values, place),
        *wrong_adoption(values),
        *wrong_key(values, place),
        *wrong_firewall(values, place),
        *wrong_log_destination(values, place),
    ]


def _count(value: Any) -> Any:
    """Return a value in which whole numbers are integers, as JSON Schema counts 512.0 as one and Python does not."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case Mapping():
            return {key: _count(member) for key, member in value.items()}
        case list() | tuple():
            return [_count(member) for member in value]
    return value


def _derive(values: dict[str, Any], rules: Mapping[str, dict[str, Any]], place: Place) -> None:
    """Set the defaults that depend on the stack or on another key, and put the base scope first."""
    if values["upstream"] is not None:
        members = rules["upstream"]["properties"].items()
        values["upstream"] = {key: rule["default"] for key, rule in members if "default" in rule} | values["upstream"]
    if values["edge"] is None:
        # CloudFront is another service in China, and missing in the other partitions.
        values["edge"] = CLOUDFRONT if place.partition() == "aws" else "none"
    scopes = values["scopes"]
    values["stageName"] = values["stageName"] or pulumi.get_stack()
    values["baseScope"] = base = values["baseScope"] or next(iter(scopes))
    if values["machineClients"] is None:
        # Where users sign in, the identity provider decides who may use the tools. Machine clients bypass it.
        values["machineClients"] = "open" if values["upstream"] is None else "token"
    if values["machineScopes"] is None:
        values["machineScopes"] = [base]
    if values["clientIdMetadataDocuments"] is None:
        values["clientIdMetadataDocuments"] = ["*"] if values["registration"] == "open" else []
    values["scopes"] = {name: scopes[name] for name in sorted(scopes, key=lambda name: name != base)}
    if values["challengeScopes"] is None:
        values["challengeScopes"] = list(values["scopes"])


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_snake_case(key): tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _snake_case(key: str) -> str:
    return re.sub("([A-Z])", r"_\1", key).lower()
