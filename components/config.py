"""The configuration of a stack as a frozen value. Only this module reads ``pulumi.Config``."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Self

import pulumi
from pulumi.runtime import config as pulumi_config

from components.config_checks import (
    find_foreign_keys,
    find_oversized_environments,
    unknown_keys,
    wrong_adoption,
    wrong_app_module,
    wrong_machine_clients,
    wrong_scopes,
    wrong_values,
)
from components.config_members import members_set_twice, nest_members, rule_of
from components.edge.checks import CLOUDFRONT, wrong_edge
from components.encryption import wrong_key
from components.firewall.checks import wrong_firewall
from components.identity_provider import IdentityProviderConfig
from components.location import partition
from components.log_destination import wrong_log_destination
from components.logo import wrong_logo
from components.monitoring.topic import wrong_alarm_topic
from components.names import wrong_names
from components.release import wrong_release
from components.tags import wrong_tags
from runtime.scopes import expand_hierarchy

PROJECT = Path(__file__).resolve().parent.parent
SCHEMA_FILE = PROJECT / "schemas" / "stack-config.json"


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

    @classmethod
    def load(cls) -> Self:
        """Read and validate the configuration of the current stack.

        Raise ``pulumi.RunError``, which the CLI shows without a stack trace. The message names every invalid key, its
        value and the allowed values.
        """
        schema = json.loads(SCHEMA_FILE.read_bytes())
        rules: dict[str, dict[str, Any]] = schema["properties"]
        stated = {key: _parse(text, rule_of(key, rules)) for key, text in _read_settings()}
        given = nest_members(stated, rules)
        values = {key: rule["default"] for key, rule in rules.items()} | given
        problems = [
            *wrong_names(pulumi.get_project(), pulumi.get_stack()),
            *find_foreign_keys(_full_keys()),
            *unknown_keys(given, rules),
            *members_set_twice(stated, rules),
            *wrong_values(values, schema),
        ]
        if not problems:
            _derive(values, rules)
            # Derived values obey the same rules: the name of a stack is not always valid for a stage.
            problems = [*wrong_values(values, schema), *wrong_scopes(values), *wrong_app_module(values, PROJECT)]
            problems += [*wrong_machine_clients(values), *wrong_edge(values), *wrong_logo(values, PROJECT)]
            problems += [*wrong_release(values), *wrong_alarm_topic(values), *wrong_adoption(values)]
            problems += [*wrong_key(values), *wrong_firewall(values), *wrong_log_destination(values)]
            problems += wrong_tags(pulumi.get_project(), pulumi.get_stack(), values["tags"], _read_default_tags())
        if not problems:
            values["scopeImplies"] = expand_hierarchy(values["scopeImplies"])
            problems = list(find_oversized_environments(values))
        if problems:
            raise pulumi.RunError("\n  ".join(["The configuration of this stack is not valid:", *problems]))
        fields = _fields(values)
        if fields["upstream"] is not None:
            fields["upstream"] = IdentityProviderConfig(**_fields(fields["upstream"]))
        return cls(**fields)


def _read_settings() -> Iterator[tuple[str, str]]:
    """Return all keys that the stack sets in this project's namespace, including unknown keys, and their texts."""
    namespace = f"{pulumi.get_project()}:"
    config = pulumi.Config()
    for full_key in _full_keys():
        if full_key.startswith(namespace):
            key = full_key.removeprefix(namespace)
            yield key, config.get(key) or ""


def _full_keys() -> list[str]:
    """Return all keys that the stack sets, with their namespaces."""
    return sorted({**pulumi_config.get_config_env(), **pulumi_config.CONFIG.get()})


def _read_default_tags() -> dict[str, str]:
    """Return the tags that the AWS provider adds to every resource. It refuses other shapes than this one itself."""
    match _parse(pulumi.Config("aws").get("defaultTags") or "", {"type": "object"}):
        case {"tags": dict(tags)}:
            return {key: value for key, value in tags.items() if isinstance(value, str)}
    return {}


def _parse(text: str, rule: Mapping[str, Any]) -> Any:
    """Return the value of ``text`` under ``rule``, or the text itself if it is not valid JSON."""
    if "string" in rule.get("type", "string"):
        return text.strip()
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except ValueError:
        return text
    # JSON Schema counts 512.0 as an integer; Python does not.
    return int(value) if "integer" in rule["type"] and isinstance(value, float) and value.is_integer() else value


def _refuse_constant(constant: str) -> NoReturn:
    """Refuse NaN and Infinity, which are not JSON and pass any minimum and maximum."""
    raise ValueError(constant)


def _derive(values: dict[str, Any], rules: Mapping[str, dict[str, Any]]) -> None:
    """Set the defaults that depend on the stack or on another key, and put the base scope first."""
    if values["upstream"] is not None:
        members = rules["upstream"]["properties"].items()
        values["upstream"] = {key: rule["default"] for key, rule in members if "default" in rule} | values["upstream"]
    if values["edge"] is None:
        # CloudFront is another service in China, and missing in the other partitions.
        values["edge"] = CLOUDFRONT if partition() == "aws" else "none"
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
