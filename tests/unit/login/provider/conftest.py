"""A login at a provider that a test controls."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from runtime.login.provider.http import ProviderHttp
from runtime.login.provider.identity import User
from runtime.login.provider.openid import OpenIDConnectProvider
from runtime.settings import IdentityProviderSettings
from tests.memory.secret import MemoryClientSecret
from tests.support.provider_server import CLIENT_ID, CLIENT_SECRET, NONCE, Provider, serving
from tests.unit.conftest import Clock


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving() as provider:
        yield provider


@pytest.fixture
def provider_settings(provider: Provider) -> IdentityProviderSettings:
    return IdentityProviderSettings(
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
def secret() -> MemoryClientSecret:
    return MemoryClientSecret(CLIENT_SECRET)


@pytest.fixture
def openid_with(
    provider_settings: IdentityProviderSettings, secret: MemoryClientSecret, clock: Clock
) -> Callable[..., OpenIDConnectProvider]:
    """Create a provider client with other settings."""

    def make(seconds: float = 5.0, **changes: Any) -> OpenIDConnectProvider:
        return OpenIDConnectProvider(replace(provider_settings, **changes), secret, clock, ProviderHttp(seconds))

    return make


@pytest.fixture
def openid(openid_with: Callable[..., OpenIDConnectProvider]) -> OpenIDConnectProvider:
    return openid_with()


@pytest.fixture
def identify(openid: OpenIDConnectProvider) -> Callable[..., User]:
    """Return from the provider with a code."""
    return lambda iss=None: openid.identify("the-code", "the-verifier", NONCE, iss)
