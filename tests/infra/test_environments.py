"""Tests of the environments: what each function is told, and that the runtime reads it."""

import json

import pytest

from components.gateway_responses import denial_challenge
from runtime import environment as reader
from tests.infra.functions import FUNCTIONS, environment, lambda_function
from tests.infra.recorder import DISTRIBUTION, Stack, arn, run_program

ABOUT = json.dumps(
    {
        "title": "Example's tools",
        "website_url": "https://example.com/mcp",
        "documentation_url": "https://docs.example.com/mcp",
        "policy_url": "https://example.com/privacy",
        "terms_url": "https://example.com/terms",
        "logo": "tests/infra/logo.svg",
    }
)


def test_the_functions_that_decide_who_may_do_what_know_the_audit_log(stack: Stack) -> None:
    told = {name for name in FUNCTIONS if environment(stack, name).get("AUDIT_LOG_GROUP") == "remote-mcp-dev-audit"}
    assert told == {"authorizer", "login", "oauth", "rotation"}


@pytest.fixture(scope="module")
def debugging() -> Stack:
    """A stack that logs everything."""
    return run_program({"logLevel": "DEBUG"})


# The stack ``prod`` of these tests logs at WARNING.
@pytest.mark.parametrize(("name", "level"), [("debugging", "DEBUG"), ("stack", "INFO"), ("custom_stack", "INFO")])
def test_the_authorizer_logs_the_denials_that_an_alarm_counts_at_any_level(
    name: str, level: str, request: pytest.FixtureRequest
) -> None:
    assert environment(request.getfixturevalue(name), "authorizer")["LOG_LEVEL"] == level


def test_the_filter_of_lambda_never_drops_what_the_code_wants_logged(custom_stack: Stack, debugging: Stack) -> None:
    assert lambda_function(custom_stack, "mcp").inputs["loggingConfig"]["applicationLogLevel"] == "INFO"
    assert lambda_function(debugging, "mcp").inputs["loggingConfig"]["applicationLogLevel"] == "DEBUG"


def test_the_functions_that_run_tools_are_told_nothing_of_the_key(custom_stack: Stack) -> None:
    both = {
        "LOG_LEVEL": "WARNING",
        "APP_MODULE": "tests.e2e.tasks_app",
        "TABLE_NAME": "remote-mcp-prod-store",
    }
    assert environment(custom_stack, "worker") == both
    assert environment(custom_stack, "mcp") == both | {
        "PUBLIC_URL": "https://mcp.example.com",
        "CLIENT_ADDRESS": "source",
        "SERVER_NAME": "remote-mcp",
        "ALLOWED_ORIGINS": '["https://app.example.com"]',
        "WORKER_NAME": "remote-mcp-prod-worker:live",
        "WORKER_SECONDS": "300",
        "ABOUT": ABOUT,
    }


def test_the_runtime_finds_every_setting_in_the_environment(
    custom_stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(custom_stack, "mcp").items():
        monkeypatch.setenv(name, value)
    mcp = reader.mcp_settings()
    assert (mcp.about.title, mcp.about.logo) == ("Example's tools", "tests/infra/logo.svg")
    assert mcp.is_behind_proxy is False
    assert (mcp.allowed_origins, mcp.worker_name) == (("https://app.example.com",), "remote-mcp-prod-worker:live")
    assert mcp.worker_seconds == lambda_function(custom_stack, "worker").inputs["timeout"]
    assert reader.app_module() == "tests.e2e.tasks_app"
    assert reader.worker_settings().table_name == mcp.table_name == "remote-mcp-prod-store"


def test_the_functions_for_tokens_know_how_long_decisions_on_them_are_cached(
    custom_stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    ttl = custom_stack.one("apigateway/authorizer:Authorizer").inputs["authorizerResultTtlInSeconds"]
    readers = {"authorizer": reader.authorizer_settings, "oauth": reader.oauth_settings, "login": reader.login_settings}
    for function, read in readers.items():
        for name, value in environment(custom_stack, function).items():
            monkeypatch.setenv(name, value)
        assert read().authorizer_cache_seconds == ttl == 300
    monkeypatch.setenv("CLIENT_ADDRESS", "forwarded")
    assert reader.oauth_settings().is_behind_proxy
    assert reader.oauth_settings().about.terms_url == "https://example.com/terms"


def test_a_page_of_another_origin_is_served_only_where_the_configuration_says_so(stack: Stack) -> None:
    assert environment(stack, "mcp")["ALLOWED_ORIGINS"] == "[]"


def test_the_other_functions_are_told_what_they_need(custom_stack: Stack) -> None:
    verifies = {
        "PUBLIC_URL": "https://mcp.example.com",
        "CLIENT_ADDRESS": "source",
        "TABLE_NAME": "remote-mcp-prod-store",
        "SIGNING_KEY_ARN": arn("Secret", "remote-mcp-prod-signing-key"),
        "SCOPE_IMPLIES": '{"mcp:write": ["mcp:read"]}',
        "IDENTITY_PROVIDER": '"https://idp.example.com"',
        "AUTHORIZER_CACHE_SECONDS": "300",
    }
    assert environment(custom_stack, "authorizer") == verifies | {
        "LOG_LEVEL": "INFO",
        "AUDIT_LOG_GROUP": "remote-mcp-prod-audit",
        "CHALLENGE": denial_challenge("https://mcp.example.com", ["mcp:read"]),
        "EDGE_KEY_HASHES": "[]",
        "DENIAL": "policy",
    }
    assert environment(custom_stack, "oauth") == verifies | {
        "LOG_LEVEL": "WARNING",
        "AUDIT_LOG_GROUP": "remote-mcp-prod-audit",
        "ACCESS_TOKEN_LIFETIME": "3600",
        "SCOPES": '{"mcp:write": "Write", "mcp:read": "Read"}',
        "REGISTRATION": "token",
        "MACHINE_CLIENTS": "closed",
        "MACHINE_SCOPES": '["mcp:read"]',
        "MAX_REDIRECT_URIS": "5",
        "PRIVATE_USE_SCHEMES": '["cursor"]',
        "UNUSED_CLIENT_DAYS": "30",
        "CLIENT_SECRET_DAYS": "365",
        "REGISTRATIONS_PER_HOUR": "600",
        "FAILED_AUTHENTICATIONS_PER_MINUTE": "10",
        "INTERACTIVE": "true",
        "REFRESH_TOKEN_IDLE_DAYS": "14",
        "REFRESH_TOKEN_GRACE_SECONDS": "60",
        "SOFTWARE_STATEMENT_ISSUERS": '{"https://vouches.example": "https://vouches.example/keys"}',
        "CLIENT_ID_METADATA_DOCUMENTS": '["client.example.com"]',
        "ABOUT": ABOUT,
    }
    assert environment(custom_stack, "login") == verifies | {
        "LOG_LEVEL": "WARNING",
        "AUDIT_LOG_GROUP": "remote-mcp-prod-audit",
        "SERVER_NAME": environment(custom_stack, "mcp")["SERVER_NAME"],
        "SCOPES": '{"mcp:write": "Write", "mcp:read": "Read"}',
        "MAX_REDIRECT_URIS": "5",
        "PRIVATE_USE_SCHEMES": '["cursor"]',
        "CLIENT_ID_METADATA_DOCUMENTS": '["client.example.com"]',
        "ACCESS_TOKEN_LIFETIME": "3600",
        "REFRESH_TOKEN_DAYS": "90",
        "FAILED_AUTHENTICATIONS_PER_MINUTE": "10",
        "AUTHORIZATIONS_PER_MINUTE": "30",
        "UPSTREAM": environment(custom_stack, "login")["UPSTREAM"],
        "UPSTREAM_SECRET_ARN": arn("Secret", "remote-mcp-prod-upstream-secret"),
        "ABOUT": ABOUT,
    }
    assert environment(custom_stack, "rotation") == {
        "AUDIT_LOG_GROUP": "remote-mcp-prod-audit",
        "LOG_LEVEL": "WARNING",
    }


def test_behind_cloudfront_alone_the_functions_find_the_clients_address_in_a_header(stack: Stack) -> None:
    for name in ("authorizer", "login", "mcp", "oauth"):
        assert environment(stack, name)["CLIENT_ADDRESS"] == "forwarded"


def test_the_public_url_is_that_of_the_distribution(stack: Stack) -> None:
    url = f"https://{DISTRIBUTION}"
    for name in ("authorizer", "mcp", "oauth"):
        assert environment(stack, name)["PUBLIC_URL"] == url
    assert stack.outputs["url"] == url
