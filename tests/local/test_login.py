"""Tests of a login at the identity provider of the local stack, over HTTP."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from local.processes import is_running, stop
from local.provider.client import credentials, ensure_provider
from local.servers import PROVIDER
from local.state import State
from runtime.login.provider.http import ProviderHttp
from runtime.login.provider.identity import ProviderRefused, User
from runtime.login.provider.openid import OpenIDConnectProvider
from runtime.settings import IdentityProviderSettings
from tests.support.names import PROJECT

CONFIG = {f"{PROJECT}:publicUrl": "http://localhost:1"}


class Secret:
    """A store for the client secret."""

    def __init__(self, value: str) -> None:
        self.value = value

    def read(self) -> str:
        return self.value


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    """Return a stack with only an identity provider."""
    state = State(tmp_path_factory.mktemp("stack"), 0, 0, "eu-central-1")
    ensure_provider(state, CONFIG)
    yield state
    stop(state.processes[PROVIDER])


@pytest.fixture
def provider(state: State) -> OpenIDConnectProvider:
    assert state.client
    return provider_for(state, state.client.client_secret)


def provider_for(state: State, secret: str) -> OpenIDConnectProvider:
    assert state.client
    settings = IdentityProviderSettings(
        redirect_uri=state.client.redirect_uri,
        secret_arn="",
        issuer=state.client.issuer,
        client_id=state.client.client_id,
        scopes=("openid", "email", "profile"),
        subject_claim="sub",
        groups_claim="groups",
        allowed_email_domains=("example.com",),
        allowed_groups=("staff",),
        trusted_audiences=(),
        token_auth_method=None,
    )
    return OpenIDConnectProvider(settings, Secret(secret), time.time, ProviderHttp())


def answer(provider: OpenIDConnectProvider, **form: str) -> requests.Response:
    """Open the provider's page like a browser, and send its form."""
    url = provider.authorization_url("the-state", "the-nonce", "the-challenge")
    page = requests.get(url, timeout=5)
    assert 'name="sub"' in page.text
    assert 'name="password"' in page.text
    return requests.post(url, form, timeout=5, allow_redirects=False)


def redirect_parameters(provider: OpenIDConnectProvider, **form: str) -> dict[str, list[str]]:
    """Return the parameters that the provider adds to the redirect URI."""
    location = urlsplit(answer(provider, **form).headers["Location"])
    assert f"{location.scheme}://{location.netloc}{location.path}" == "http://localhost:1/callback"
    return parse_qs(location.query)


def test_alice_logs_in_with_her_password(provider: OpenIDConnectProvider) -> None:
    back = redirect_parameters(provider, sub="alice", password="password")
    assert back["state"] == ["the-state"]
    user = provider.identify(back["code"][0], "the-verifier", "the-nonce", None)
    assert user == User("alice", "Alice", "alice@example.com")


def test_a_code_is_good_once_and_for_its_own_nonce(provider: OpenIDConnectProvider) -> None:
    code = redirect_parameters(provider, sub="alice", password="password")["code"][0]
    with pytest.raises(ProviderRefused, match="not issued for this login"):
        provider.identify(code, "the-verifier", "another-nonce", None)
    with pytest.raises(ProviderRefused, match="did not confirm"):
        provider.identify(code, "the-verifier", "the-nonce", None)


def test_the_provider_knows_the_stack_by_its_secret(state: State, provider: OpenIDConnectProvider) -> None:
    code = redirect_parameters(provider, sub="alice", password="password")["code"][0]
    with pytest.raises(ProviderRefused, match="did not confirm"):
        provider_for(state, "guessed").identify(code, "the-verifier", "the-nonce", None)


@pytest.mark.parametrize(
    "form", [{"sub": "alice"}, {"sub": "alice", "password": "guess"}, {"sub": "bob", "password": "password"}, {}]
)
def test_nobody_else_logs_in(provider: OpenIDConnectProvider, form: dict[str, str]) -> None:
    refused = answer(provider, **form)
    assert refused.status_code == 401
    assert "Wrong user name or password" in refused.text


def test_whoever_goes_back_takes_the_state_along(provider: OpenIDConnectProvider) -> None:
    back = redirect_parameters(provider, action="deny")
    assert (back["error"], back["state"]) == (["access_denied"], ["the-state"])


def test_the_stack_is_told_of_its_provider_and_keeps_it(state: State) -> None:
    process, client = state.processes[PROVIDER], state.client
    assert client
    config = ensure_provider(state, CONFIG)
    assert json.loads(config[f"{PROJECT}:upstream"]) == {"issuer": client.issuer, "clientId": client.client_id}
    assert (state.processes[PROVIDER], state.client) == (process, client)
    assert State.load(state.directory) == state


def test_a_stack_that_moves_is_registered_anew(state: State) -> None:
    before = state.client
    ensure_provider(state, {f"{PROJECT}:publicUrl": "http://localhost:2"})
    assert before
    assert state.client
    assert state.client.redirect_uri == "http://localhost:2/callback"
    assert (state.client.issuer, state.client.client_id != before.client_id) == (before.issuer, True)
    ensure_provider(state, CONFIG)


def test_a_provider_that_ended_is_started_again(state: State) -> None:
    before = state.processes[PROVIDER]
    stop(before)
    ensure_provider(state, CONFIG)
    assert state.processes[PROVIDER] != before
    assert is_running(state.processes[PROVIDER])


@pytest.mark.parametrize("upstream", [{"upstream": "null"}, {"upstream.issuer": "https://idp.example.com"}])
def test_a_stack_with_an_identity_provider_in_its_configuration_has_none_of_its_own(
    upstream: dict[str, str], tmp_path: Path
) -> None:
    state = State(tmp_path, 0, 0, "eu-central-1")
    ensure_provider(state, CONFIG)
    process = state.processes[PROVIDER]
    config = CONFIG | {f"{PROJECT}:{key}": value for key, value in upstream.items()}
    assert ensure_provider(state, config) == config
    assert not is_running(process)
    assert (state.client, credentials(state)) == (None, None)
