"""A login at a provider that works, and at one that does not respond."""

import base64
import contextlib
import logging
from collections.abc import Callable
from urllib.parse import parse_qs, unquote_plus, urlsplit

import pytest

from runtime.http.user_agent import USER_AGENT
from runtime.login.provider.http import MAX_BYTES
from runtime.login.provider.identity import ProviderRefused, ProviderUnavailable, User
from runtime.login.provider.openid import SECRET_SECONDS, OpenIDConnectProvider
from tests.memory.secret import MemoryClientSecret
from tests.support.provider_server import CLIENT_ID, CLIENT_SECRET, NONCE, Provider
from tests.unit.conftest import Clock

LogIn = Callable[..., User]
DISCOVERY = "/.well-known/openid-configuration"
PATHS = [DISCOVERY, "/jwks", "/token", "/userinfo"]


@pytest.fixture
def userinfo(provider: Provider) -> None:
    """Make a login need every path of the provider."""
    provider.metadata["userinfo_endpoint"] = f"{provider.issuer}/userinfo"
    provider.userinfo = {"sub": "248289761001", "email": "alice@example.com"}
    provider.token["id_token"] = provider.id_token(email=None)


def test_a_browser_is_sent_to_the_openid_with_everything_that_binds_its_answer(
    openid: OpenIDConnectProvider, provider: Provider
) -> None:
    """OpenID Connect Core 1.0, 3.1.2.1; RFC 7636 4.3."""
    url = urlsplit(openid.authorization_url("the-state", NONCE, "the-challenge"))
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{provider.issuer}/authorize"
    assert parse_qs(url.query) == {
        "response_type": ["code"],
        "client_id": [CLIENT_ID],
        "redirect_uri": ["https://mcp.example.com/callback"],
        "scope": ["openid email profile"],
        "state": ["the-state"],
        "nonce": [NONCE],
        "code_challenge": ["the-challenge"],
        "code_challenge_method": ["S256"],
    }


def test_a_query_of_the_authorization_endpoint_stays_and_a_prompt_is_handed_on(
    openid: OpenIDConnectProvider, provider: Provider
) -> None:
    """RFC 6749 3.1: a query "MUST be retained when adding additional query parameters"."""
    provider.metadata["authorization_endpoint"] += "?p=policy"
    query = parse_qs(urlsplit(openid.authorization_url("s", NONCE, "c", "login")).query)
    assert (query["p"], query["prompt"], query["state"]) == (["policy"], ["login"], ["s"])


def test_a_code_is_exchanged_for_a_user(identify: LogIn, provider: Provider) -> None:
    assert identify() == User("248289761001", "Alice", "alice@example.com")
    [(_, form, headers)] = [seen for seen in provider.seen if seen[0] == "/token"]
    assert form == {
        "grant_type": ["authorization_code"],
        "code": ["the-code"],
        "redirect_uri": ["https://mcp.example.com/callback"],
        "code_verifier": ["the-verifier"],
    }
    pair = base64.b64decode(headers["authorization"].removeprefix("Basic ")).decode()
    assert [unquote_plus(part) for part in pair.split(":")] == [CLIENT_ID, CLIENT_SECRET]


def test_a_provider_that_takes_the_secret_only_in_the_body_gets_it_there(identify: LogIn, provider: Provider) -> None:
    provider.metadata["token_endpoint_auth_methods_supported"] = ["private_key_jwt", "client_secret_post"]
    identify()
    [(_, form, headers)] = [seen for seen in provider.seen if seen[0] == "/token"]
    assert (form["client_id"], form["client_secret"]) == ([CLIENT_ID], [CLIENT_SECRET])
    assert "authorization" not in headers


def test_a_provider_that_announces_basic_and_takes_the_body_only_gets_it_there_when_told_so(
    openid_with: Callable[..., OpenIDConnectProvider], provider: Provider
) -> None:
    """OneLogin does so: its discovery document is that of all its applications, and each has one method."""
    provider.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_basic", "client_secret_post"]
    provider.takes_secret_in = "body"
    with pytest.raises(ProviderRefused, match="did not confirm the login"):
        openid_with().identify("the-code", "the-verifier", NONCE, None)
    told = openid_with(token_auth_method="client_secret_post")
    assert told.identify("the-code", "the-verifier", NONCE, None).subject == "248289761001"
    (_, form, headers) = [seen for seen in provider.seen if seen[0] == "/token"][-1]
    assert (form["client_secret"], "authorization" in headers) == ([CLIENT_SECRET], False)


@pytest.mark.parametrize("announced", [["client_secret_post"], ["private_key_jwt"], []])
def test_what_the_stack_says_of_the_method_counts_whatever_is_announced(
    openid_with: Callable[..., OpenIDConnectProvider], provider: Provider, announced: list[str]
) -> None:
    provider.metadata["token_endpoint_auth_methods_supported"] = announced
    provider.takes_secret_in = "header"
    told = openid_with(token_auth_method="client_secret_basic")
    assert told.identify("the-code", "the-verifier", NONCE, None).subject == "248289761001"


def test_every_request_to_the_provider_says_what_sends_it(identify: LogIn, provider: Provider, userinfo: None) -> None:
    """RFC 9110 10.1.5; the managed rules of AWS WAF block a request without it."""
    provider.behind_firewall = True
    assert identify().email == "alice@example.com"
    assert {headers["user-agent"] for _, _, headers in provider.seen} == {USER_AGENT}
    assert {path for path, _, _ in provider.seen} == set(PATHS)


def test_a_replaced_client_secret_is_taken_over_within_a_minute(
    identify: LogIn, provider: Provider, clock: Clock, secret: MemoryClientSecret
) -> None:
    provider.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    identify()
    secret.write("new")
    clock.now += SECRET_SECONDS
    identify()
    assert [form["client_secret"] for path, form, _ in provider.seen if path == "/token"] == [[CLIENT_SECRET], ["new"]]


def test_claims_that_the_id_token_lacks_come_from_the_userinfo_endpoint(
    identify: LogIn, provider: Provider, userinfo: None
) -> None:
    """OpenID Connect Core 1.0, 5.3."""
    assert identify().email == "alice@example.com"
    [(_, _, headers)] = [seen for seen in provider.seen if seen[0] == "/userinfo"]
    assert headers["authorization"] == "Bearer an-access-token"


def test_a_userinfo_answer_about_somebody_else_is_refused(identify: LogIn, provider: Provider, userinfo: None) -> None:
    """OpenID Connect Core 1.0, 5.3.2: without an exact match "the UserInfo Response values MUST NOT be used"."""
    provider.userinfo = {"sub": "mallory", "email": "alice@example.com"}
    with pytest.raises(ProviderRefused, match="two different users"):
        identify()


def test_metadata_and_keys_are_fetched_once_an_hour(identify: LogIn, provider: Provider, clock: Clock) -> None:
    for _ in range(3):
        identify()
    assert (provider.requests(DISCOVERY), provider.requests("/jwks")) == (1, 1)
    clock.now += 3600
    provider.token["id_token"] = provider.id_token(iat=int(clock.now), exp=int(clock.now) + 60)
    identify()
    assert (provider.requests(DISCOVERY), provider.requests("/jwks")) == (2, 2)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_provider_that_fails_is_unavailable(
    identify: LogIn, provider: Provider, userinfo: None, path: str, status: int
) -> None:
    provider.instead[path] = status, '{"error": "<script>"}'
    with pytest.raises(ProviderUnavailable) as failed:
        identify()
    assert failed.value.status == 503
    assert "script" not in failed.value.description


@pytest.mark.parametrize("path", [DISCOVERY, "/jwks", "/token"])
@pytest.mark.parametrize("body", ["<html>Maintenance</html>", "", "[]", "null", "[" * 100_000, '{"a":' * 100_000])
def test_a_page_in_the_place_of_a_document_is_unavailable(
    identify: LogIn, provider: Provider, path: str, body: str
) -> None:
    provider.instead[path] = 200, body
    with pytest.raises(ProviderUnavailable):
        identify()


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_that_is_too_long_is_unavailable(
    identify: LogIn, provider: Provider, userinfo: None, path: str
) -> None:
    provider.instead[path] = 200, '{"padding": "' + "x" * MAX_BYTES + '"}'
    with pytest.raises(ProviderUnavailable):
        identify()


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_that_drips_is_given_up(
    openid_with: Callable[..., OpenIDConnectProvider], provider: Provider, userinfo: None, path: str
) -> None:
    provider.slow[path] = 0.02
    with pytest.raises(ProviderUnavailable):
        openid_with(seconds=0.2).identify("code", "verifier", NONCE, None)


@pytest.mark.parametrize("path", [DISCOVERY, "/jwks"])
def test_a_redirect_is_not_followed(identify: LogIn, provider: Provider, path: str) -> None:
    provider.instead[path] = 302, ""
    with pytest.raises(ProviderUnavailable):
        identify()
    assert not provider.requests("/elsewhere")


def test_a_provider_that_does_not_listen_is_unavailable(openid_with: Callable[..., OpenIDConnectProvider]) -> None:
    with pytest.raises(ProviderUnavailable):
        openid_with(issuer="http://127.0.0.1:1").authorization_url("s", NONCE, "c")


def test_without_a_client_secret_the_provider_is_unavailable(identify: LogIn, secret: MemoryClientSecret) -> None:
    secret.value = None
    with pytest.raises(ProviderUnavailable):
        identify()


@pytest.mark.parametrize("body", ['{"error": "invalid_grant", "error_description": "<b>secret-detail</b>"}', "no"])
@pytest.mark.parametrize("status", [400, 401, 403])
def test_an_error_of_the_token_endpoint_is_a_refusal_in_words_of_this_server(
    identify: LogIn, provider: Provider, status: int, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.instead["/token"] = status, body
    with pytest.raises(ProviderRefused, match="did not confirm the login") as refused:
        identify()
    assert "secret-detail" not in refused.value.description
    assert "secret-detail" not in str([vars(record) for record in caplog.records])


@pytest.mark.parametrize("path", ["nowhere", *PATHS])
def test_no_code_token_or_secret_reaches_the_log(
    identify: LogIn, provider: Provider, userinfo: None, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.set_level(logging.DEBUG, "runtime")
    provider.instead[path] = 400, '{"error": "invalid_grant"}'
    with pytest.raises((ProviderRefused, ProviderUnavailable)) if path in PATHS else contextlib.nullcontext():
        identify()
    logged = str([vars(record) for record in caplog.records if record.name.startswith("runtime")])
    assert (path in PATHS) == ("reason" in logged)
    tokens = [str(provider.token[name]) for name in ("id_token", "access_token")]
    for hidden in ("the-code", "the-verifier", NONCE, CLIENT_SECRET, *tokens):
        assert hidden not in logged
