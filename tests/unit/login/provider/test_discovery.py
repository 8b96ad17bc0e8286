"""The provider's metadata, and the issuer of its responses: OpenID Connect Discovery 1.0, RFC 9207."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.login.provider.identity import ProviderRefused, ProviderUnavailable, User
from runtime.login.provider.openid import OpenIDConnectProvider
from tests.support.provider_server import NONCE, Provider

LogIn = Callable[..., User]


def check_refused(identify: LogIn, provider: Provider, id_token: Any, reason: str) -> None:
    provider.token["id_token"] = id_token
    with pytest.raises(ProviderRefused, match=reason):
        identify()


@pytest.mark.parametrize(
    ("announced", "iss", "accepted"),
    [
        (True, "the issuer", True),
        (True, None, False),
        (True, "https://idp.example.com", False),
        (False, None, True),
        (False, "the issuer", True),
        (False, "https://idp.example.com", False),
    ],
)
def test_the_issuer_beside_the_code_is_compared(
    identify: LogIn, provider: Provider, announced: bool, iss: str | None, accepted: bool
) -> None:
    """RFC 9207 2.4."""
    provider.metadata["authorization_response_iss_parameter_supported"] = announced
    if accepted:
        assert identify(provider.issuer if iss else None).subject == "248289761001"
    else:
        with pytest.raises(ProviderRefused, match="another identity provider"):
            identify(iss)
        assert not provider.requests("/token")


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        "",
        "/token",
        "http://idp.example.com/token",
        "ftp://localhost/",
        "https://",
        "https://a:b/",
        "https://a b/",
    ],
)
def test_an_endpoint_that_is_not_https_or_on_loopback_like_the_issuer_is_not_used(
    openid: OpenIDConnectProvider, provider: Provider, name: str, url: Any
) -> None:
    provider.metadata[name] = url
    with pytest.raises(ProviderUnavailable):
        openid.authorization_url("s", NONCE, "c")


def test_an_issuer_that_is_almost_the_configured_one_is_not_used(
    openid: OpenIDConnectProvider, provider: Provider
) -> None:
    """OpenID Connect Discovery 1.0, 4.3: it "MUST exactly match"."""
    provider.metadata["issuer"] = f"{provider.issuer}/"
    with pytest.raises(ProviderUnavailable):
        openid.authorization_url("s", NONCE, "c")


def test_an_issuer_with_a_trailing_slash_is_discovered_without_it(
    openid_with: Callable[..., OpenIDConnectProvider], provider: Provider
) -> None:
    """OpenID Connect Discovery 1.0, 4.1: "any terminating / MUST be removed before appending"."""
    provider.metadata["issuer"] = f"{provider.issuer}/"
    url = openid_with(issuer=f"{provider.issuer}/").authorization_url("s", NONCE, "c")
    assert url.startswith(f"{provider.issuer}/authorize?")
