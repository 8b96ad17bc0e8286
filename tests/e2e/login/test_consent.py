"""When the user is asked, when not again, and what a client is told that must not ask. OpenID Connect Core 3.1.2."""

import pytest

from tests.e2e.conftest import Server
from tests.e2e.login.client import LoginClient
from tests.support.user_browser import User


def test_what_was_approved_is_not_asked_again(client: LoginClient, alice: User) -> None:
    alice.authorize(client.url())
    page = alice.open(client.url())
    assert not page.asks_for_consent
    answer = alice.log_in(page).callback_parameters
    assert client.works(client.tokens(answer["code"])["access_token"])


def test_what_was_approved_is_asked_again_where_the_client_insists(client: LoginClient, alice: User) -> None:
    alice.authorize(client.url())
    assert alice.open(client.url(prompt="consent")).asks_for_consent


def test_what_was_approved_in_one_browser_is_asked_in_another(server: Server, client: LoginClient, alice: User) -> None:
    alice.authorize(client.url())
    assert User(server.url).open(client.url()).asks_for_consent


def test_one_approved_client_opens_the_way_for_no_other(server: Server, client: LoginClient, alice: User) -> None:
    """MCP, Confused Deputy Problem: consent is per client, and nothing of the provider stands in for it."""
    alice.authorize(client.url())
    assert alice.open(LoginClient.new(server).url()).asks_for_consent


def test_an_application_on_the_device_is_asked_about_each_time(server: Server, alice: User) -> None:
    """RFC 8252 8.6."""
    client = LoginClient.new(server, redirect_uris=["http://127.0.0.1/callback"])
    url = client.url(redirect_uri="http://127.0.0.1:49152/callback")
    alice.authorize(url)
    page = alice.open(url)
    assert page.asks_for_consent
    assert "127.0.0.1:49152" in page.text
    assert "Be careful" in page.text


def test_a_client_that_may_not_ask_is_told_what_is_missing(client: LoginClient, alice: User) -> None:
    """OpenID Connect Core 1.0, 3.1.2.1 and 3.1.2.6: prompt=none."""
    nobody = alice.open(client.url(prompt="none")).callback_parameters
    assert (nobody["error"], nobody["iss"]) == ("login_required", client.server.url)


@pytest.mark.parametrize("decision", ["approve", "deny"])
def test_a_press_of_the_button_without_cookies_decides_nothing(client: LoginClient, alice: User, decision: str) -> None:
    page = alice.open(client.url())
    alice.cookies.clear()
    assert alice.decide(page, decision).status == 400


def test_fetching_the_url_once_without_cookies_uses_nothing_up(client: LoginClient, alice: User) -> None:
    """One widely used client does so before the browser."""
    url = client.url()
    assert User(client.server.url).open(url).status == 200
    assert "code" in alice.authorize(url)


def test_the_user_is_told_what_is_asked_for_and_where_it_leads(client: LoginClient, alice: User) -> None:
    """MCP, Confused Deputy Problem: the client's name, the scopes, and the redirect URI."""
    text = alice.open(client.url()).text
    for shown in ("An editor", "app.example.com", "Use the tools and resources of this server"):
        assert shown in text
