"""A login at a provider that a test controls."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest

from runtime.login.provider.http import ProviderHttp
from runtime.login.provider.identity import Person
from runtime.login.provider.openid import OpenIDProvider
from runtime.settings import UpstreamSettings
from runtime.storage.identity_provider_secret import SecretsManagerUpstreamSecret
from tests.support.provider_server import CLIENT_ID, CLIENT_SECRET, NONCE, Provider, serving
from tests.unit.conftest import Clock


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving() as provider:
        yield provider


@pytest.fixture
def upstream_settings(provider: Provider) -> UpstreamSettings:
    return UpstreamSettings(
        redirect_uri="https://mcp.example.com/callback",
        secret_arn="upstream",
        issuer=provider.issuer,
        client_id=CLIENT_ID,
        scopes=("openid", "email", "profile"),
        subject_claim="sub",
        groups_claim="groups",
        allowed_email_domains=(),
        allowed_groups=(),
        trusted_audiences=(),
        token_auth_method=None,
    )


@pytest.fixture
def secret(aws: None) -> SecretsManagerUpstreamSecret:
    boto3.client("secretsmanager").create_secret(Name="upstream", SecretString=CLIENT_SECRET)
    return SecretsManagerUpstreamSecret("upstream")


@pytest.fixture
def upstream_with(
    upstream_settings: UpstreamSettings, secret: SecretsManagerUpstreamSecret, clock: Clock
) -> Callable[..., OpenIDProvider]:
    """Makes the login for other settings."""

    def make(seconds: float = 5.0, **changes: Any) -> OpenIDProvider:
        return OpenIDProvider(replace(upstream_settings, **changes), secret, clock, ProviderHttp(seconds))

    return make


@pytest.fixture
def upstream(upstream_with: Callable[..., OpenIDProvider]) -> OpenIDProvider:
    return upstream_with()


@pytest.fixture
def log_in(upstream: OpenIDProvider) -> Callable[..., Person]:
    """Comes back from the provider with a code."""
    return lambda iss=None: upstream.identify("the-code", "the-verifier", NONCE, iss)
