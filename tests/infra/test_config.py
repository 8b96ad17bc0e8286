"""Tests of the configuration: every key is documented and parsed by its type, and an invalid value is named."""

import dataclasses
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from components.config import StackConfig
from components.config_values import SCHEMA_FILE
from tests.infra.configuration import load, refusal

SCHEMA: dict[str, Any] = json.loads(SCHEMA_FILE.read_bytes())


def test_every_key_states_title_description_type_and_a_default_that_it_allows() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for key, rule in SCHEMA["properties"].items():
        assert rule["title"], key
        assert rule["description"].endswith("."), key
        assert rule["type"], key
        Draft202012Validator(rule).validate(rule["default"])


def test_every_key_is_a_field_and_every_field_a_key() -> None:
    fields = {field.name.replace("_", "").lower() for field in dataclasses.fields(StackConfig)}
    assert fields == {key.lower() for key in SCHEMA["properties"]}


def test_the_defaults_are_those_of_the_schema() -> None:
    config = load()
    assert dataclasses.asdict(config) == {
        "edge": "cloudfront",
        "public_url": None,
        "domain_name": None,
        "certificate_arn": None,
        "hosted_zone_id": None,
        "truststore_uri": None,
        "wait_for_distribution": False,
        "edge_key_generation": 1,
        "firewall": "none",
        "allowed_cidrs": (),
        "stage_name": "dev",
        "architecture": "arm64",
        "python_version": "3.14",
        "memory_size": 512,
        "timeout_seconds": 29,
        "worker_timeout_seconds": 900,
        "log_retention_days": 7,
        "audit_retention_days": 365,
        "log_level": "INFO",
        "point_in_time_recovery": True,
        "deletion_protection": False,
        "kms_key": "none",
        "trail": False,
        "log_destination_arn": None,
        "existing_table": None,
        "existing_signing_key": None,
        "existing_upstream_secret": None,
        "access_token_lifetime_seconds": 3600,
        "refresh_token_days": 90,
        "refresh_token_idle_days": 14,
        "refresh_token_grace_seconds": 60,
        "authorizer_cache_seconds": 60,
        "signing_key_rotation_days": 30,
        "registration": "open",
        "machine_clients": "open",
        "machine_scopes": ("mcp",),
        "max_redirect_uris": 20,
        "private_use_schemes": tuple(SCHEMA["properties"]["privateUseSchemes"]["default"]),
        "unused_client_days": 90,
        "client_secret_days": None,
        "registrations_per_hour": 10000,
        "failed_authentications_per_minute": 20,
        "authorizations_per_minute": 60,
        "upstream": None,
        "software_statement_issuers": {},
        "client_id_metadata_documents": ("*",),
        "throttle_rate_limit": 500,
        "throttle_burst_limit": 1000,
        "scopes": {"mcp": "Use the tools and resources of this server"},
        "scope_implies": {},
        "base_scope": "mcp",
        "challenge_scopes": ("mcp",),
        "allowed_origins": (),
        "server_name": "remote-mcp",
        "server_title": None,
        "website_url": None,
        "documentation_url": None,
        "policy_url": None,
        "terms_url": None,
        "logo": None,
        "app_module": "runtime.app",
        "app_directory": None,
        # That of these tests.
        "app_needs": "none",
        "app_config": {},
        "package_boto3": False,
        "alarm_email": None,
        "alarm_topic_arn": None,
        "monitoring": "basic",
        "duration_alarm_milliseconds": 10000,
        "authorizer_denials_alarm": 100,
        "tracing": False,
        "manage_api_gateway_account": False,
        "permissions_boundary": None,
        "role_path": "/",
        "reserved_concurrency": {},
        "provisioned_concurrency": {},
        "release": "all-at-once",
        "tags": {},
    }


def test_a_configuration_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load().memory_size = 1  # type: ignore[misc]


def test_text_becomes_a_value_of_the_type_that_the_schema_names() -> None:
    config = load(
        {
            "memorySize": "1024",
            "throttleRateLimit": "0.5e2",
            "deletionProtection": "true",
            "allowedOrigins": '["https://a.example", "http://localhost:6274"]',
            "tags": '{"team": "platform"}',
            "serverName": "2024",
            "edge": "external",
            "publicUrl": " https://mcp.example.com\n",
        }
    )
    assert config.memory_size == 1024
    assert config.throttle_rate_limit == 50
    assert config.deletion_protection is True
    assert config.allowed_origins == ("https://a.example", "http://localhost:6274")
    assert config.tags == {"team": "platform"}
    assert config.server_name == "2024"
    assert config.public_url == "https://mcp.example.com"


def test_a_whole_number_written_as_a_fraction_is_an_integer() -> None:
    size = load({"memorySize": "1024.0"}).memory_size
    assert (size, type(size)) == (1024, int)


@pytest.mark.parametrize(("text", "days"), [("null", None), ("365", 365), ("365.0", 365)])
def test_a_secret_lasts_for_a_whole_number_of_days_or_for_ever(text: str, days: int | None) -> None:
    value = load({"clientSecretDays": text}).client_secret_days
    assert (value, type(value)) == (days, type(days))


@pytest.mark.parametrize(
    ("registration", "documents", "hosts"),
    [
        ("open", None, ("*",)),
        ("token", None, ()),
        ("closed", None, ()),
        ("closed", '["a.example", "*.b.example:8443"]', ("a.example", "*.b.example:8443")),
        ("open", "[]", ()),
        ("open", "null", ("*",)),
    ],
)
def test_who_has_closed_registration_has_not_opened_it_to_documents(
    registration: str, documents: str | None, hosts: tuple[str, ...]
) -> None:
    stated = {"clientIdMetadataDocuments": documents} if documents else {}
    assert load({"registration": registration, **stated}).client_id_metadata_documents == hosts


@pytest.mark.parametrize(
    ("stated", "upstream", "machines"),
    [
        (None, False, "open"),
        (None, True, "token"),
        ("open", True, "open"),
        ("token", False, "token"),
        ("closed", True, "closed"),
    ],
)
def test_where_users_log_in_machines_need_an_invitation_unless_it_says_otherwise(
    stated: str | None, upstream: bool, machines: str
) -> None:
    config = {"upstream": '{"issuer": "https://idp.example.com", "clientId": "x"}'} if upstream else {}
    assert load(config | ({"machineClients": stated} if stated else {})).machine_clients == machines


def test_a_stack_at_which_nobody_could_get_a_token_is_refused() -> None:
    assert 'machineClients is "closed"; allowed: open or token; without upstream' in refusal(
        {"machineClients": "closed"}
    )


def test_machines_get_the_base_scope_unless_it_says_otherwise() -> None:
    scopes = {"scopes": '{"admin": "Administer", "mcp": "Use"}', "baseScope": "mcp"}
    assert load(scopes).machine_scopes == ("mcp",)
    assert load({**scopes, "machineScopes": '["admin"]'}).machine_scopes == ("admin",)


def test_the_keys_of_an_issuer_are_given_by_value_or_by_url() -> None:
    issuers = {"https://a.example": {"keys": [{"kty": "EC", "crv": "P-256"}]}, "b": "https://b.example:8443/keys"}
    assert load({"softwareStatementIssuers": json.dumps(issuers)}).software_statement_issuers == issuers


def test_the_base_scope_comes_first_whatever_the_order_the_scopes_arrive_in() -> None:
    scopes = '{"admin": "Administer", "mcp": "Use"}'
    assert list(load({"scopes": scopes, "baseScope": "mcp"}).scopes) == ["mcp", "admin"]
    assert load({"scopes": scopes}).base_scope == "admin"


def test_what_scopes_imply_is_followed_to_its_end() -> None:
    scopes = json.dumps(dict.fromkeys(["admin", "write", "read", "audit"], "x"))
    implies = {"write": ["read"], "admin": ["write", "audit"]}
    loaded = load({"scopes": scopes, "scopeImplies": json.dumps(implies)}).scope_implies
    assert loaded == {"write": ["read"], "admin": ["audit", "read", "write"]}
    implies["read"] = ["admin"]
    message = refusal({"scopes": scopes, "scopeImplies": json.dumps(implies)})
    assert "no cycles; scopes that imply themselves: write, admin, read" in message


def test_the_challenge_names_every_scope_the_base_scope_first_unless_it_says_otherwise() -> None:
    scopes = {"scopes": '{"admin": "Administer", "mcp": "Use"}', "baseScope": "mcp"}
    assert load(scopes).challenge_scopes == ("mcp", "admin")
    assert load({**scopes, "challengeScopes": '["admin"]'}).challenge_scopes == ("admin",)


def test_a_server_says_what_directories_ask_for() -> None:
    url = "https://docs.example.com:8443/mcp/start?lang=en#top"
    config = load({"serverTitle": "Tools of Example", "documentationUrl": url, "logo": "tests/infra/logo.svg"})
    assert (config.server_title, config.documentation_url, config.website_url) == ("Tools of Example", url, None)
    assert config.logo == "tests/infra/logo.svg"
