"""Tests of the identity provider: its configuration, its secret and the functions' environments."""

import dataclasses
import json

import pytest

from components.config_values import SCHEMA_FILE
from components.identity_provider import IdentityProviderConfig
from runtime import environment as reader
from tests.infra.configuration import load, refusal
from tests.infra.functions import environment
from tests.infra.recorder import Stack

PROVIDER = {"issuer": "https://idp.example.com", "clientId": "remote-mcp"}


def provider_error(**members: object) -> str:
    """Return the error for a provider that differs from the valid one by ``members``. ``None`` omits a member."""
    provider = {key: value for key, value in (PROVIDER | members).items() if value is not None}
    return refusal({"upstream": json.dumps(provider)})


def test_without_a_provider_there_is_no_secret_for_it_and_nobody_logs_in(stack: Stack) -> None:
    assert not [resource for resource in stack.declared if resource.type == "remote-mcp:aws:Upstream"]
    assert environment(stack, "oauth")["INTERACTIVE"] == "false"
    assert environment(stack, "login")["IDENTITY_PROVIDER"] == "null"
    assert "upstream_secret_name" not in stack.outputs


def test_what_a_provider_leaves_out_has_its_default() -> None:
    provider = load({"upstream": json.dumps(PROVIDER)}).upstream
    assert provider is not None
    assert dataclasses.asdict(provider) == {
        "issuer": "https://idp.example.com",
        "client_id": "remote-mcp",
        "scopes": ("openid", "email", "profile"),
        "subject_claim": "sub",
        "groups_claim": "groups",
        "allowed_email_domains": (),
        "allowed_groups": (),
        "trusted_audiences": (),
        "token_auth_method": None,
    }


def test_every_member_is_a_field_and_documented() -> None:
    members = json.loads(SCHEMA_FILE.read_bytes())["properties"]["upstream"]["properties"]
    fields = {field.name.replace("_", "") for field in dataclasses.fields(IdentityProviderConfig)}
    assert fields == {member.lower() for member in members}
    for member, rule in members.items():
        assert rule["title"], member
        assert rule["description"].endswith("."), member


@pytest.mark.parametrize(
    "issuer",
    [
        "https://accounts.google.com",
        "https://tenant.eu.auth0.com/",
        "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0",
        "https://keycloak.example.com:8443/realms/main",
        "http://localhost:8081",
        "http://127.0.0.1:8081/realm",
    ],
)
def test_issuers_that_are_allowed(issuer: str) -> None:
    provider = load({"upstream": json.dumps(PROVIDER | {"issuer": issuer})}).upstream
    assert provider is not None
    assert provider.issuer == issuer


@pytest.mark.parametrize(
    ("member", "value", "allowed"),
    [
        ("issuer", "http://idp.example.com", "an https URL"),
        ("issuer", "https://idp.example.com?a=b", "an https URL"),
        ("issuer", "https://user@idp.example.com", "an https URL"),
        ("issuer", "http://localhost.example.com", "an https URL"),
        ("clientId", "", "the id of the client"),
        ("scopes", ["email"], "openid among them"),
        ("scopes", ["openid", "a b"], "a JSON array"),
        ("subjectClaim", 7, "the claim that identifies a user"),
        ("subjectClaim", "email", "not email or preferred_username: both can change or pass to another user"),
        (
            "subjectClaim",
            "preferred_username",
            "not email or preferred_username: both can change or pass to another user",
        ),
        ("allowedEmailDomains", ["@example.com"], "a json array in lower case"),
        ("allowedEmailDomains", ["Example.com"], "a json array in lower case"),
        ("allowedEmailDomains", "example.com", "a JSON array"),
        ("allowedGroups", [""], "a JSON array"),
        ("trustedAudiences", "project", "a JSON array"),
        ("trustedAudiences", [""], "a JSON array"),
        ("tokenAuthMethod", "private_key_jwt", "one of client_secret_basic, client_secret_post"),
        ("tokenAuthMethod", "post", "one of client_secret_basic, client_secret_post"),
    ],
)
def test_a_bad_member_is_refused_by_name_value_and_what_is_allowed(member: str, value: object, allowed: str) -> None:
    said = provider_error(**{member: value}).partition(f"upstream.{member} is {json.dumps(value)}; allowed: ")[2]
    assert allowed.lower() in said.lower()


@pytest.mark.parametrize("member", ["issuer", "clientId"])
def test_a_provider_without_a_member_that_it_needs_is_refused(member: str) -> None:
    assert f"upstream.{member} is required, but not set" in provider_error(**{member: None})


def test_a_client_secret_in_the_configuration_is_refused_and_not_shown() -> None:
    said = provider_error(clientSecret="hush")
    assert "upstream.clientSecret is set, but there is no such member; allowed members: issuer, clientId," in said
    assert "hush" not in said


def test_the_secret_is_declared_without_a_value(custom_stack: Stack) -> None:
    secret = custom_stack.one("secretsmanager/secret:Secret", "upstream-secret").inputs
    assert secret["recoveryWindowInDays"] == 30
    assert not list(custom_stack.all("secretsmanager/secretVersion:SecretVersion"))
    assert custom_stack.outputs["upstream_secret_name"] == "remote-mcp-prod-upstream-secret"


def test_the_oauth_function_knows_whose_users_log_in_and_nothing_else_of_the_provider(custom_stack: Stack) -> None:
    told = environment(custom_stack, "oauth")
    assert (told["INTERACTIVE"], told["IDENTITY_PROVIDER"]) == ("true", '"https://idp.example.com"')
    assert not {"UPSTREAM", "UPSTREAM_SECRET_ARN"} & told.keys()


def test_the_runtime_reads_a_provider_as_the_program_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {"allowedGroups": ["staff"], "trustedAudiences": ["project"], "tokenAuthMethod": "client_secret_post"}
    provider = load({"upstream": json.dumps(PROVIDER | more)}).upstream
    assert provider is not None
    monkeypatch.setenv("PUBLIC_URL", "https://mcp.example.com")
    monkeypatch.setenv("UPSTREAM", json.dumps(dataclasses.asdict(provider)))
    monkeypatch.setenv("UPSTREAM_SECRET_ARN", "arn")
    told = {"redirect_uri": "https://mcp.example.com/callback", "secret_arn": "arn"}
    assert dataclasses.asdict(reader.identity_provider_settings()) == dataclasses.asdict(provider) | told
