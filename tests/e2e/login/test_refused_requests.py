"""Refused authorization requests: by a page where nobody may be redirected, else by redirect. RFC 6749 4.1.2.1."""

import pytest

from tests.e2e.conftest import Server
from tests.e2e.login.client import STATE, WEBSITE, LoginClient
from tests.support.user_browser import REDIRECTS, User

# Each of these looks like the registered https://app.example.com/callback to somebody who compares loosely.
TRICKS = [
    "https://app.example.com/callback/",
    "https://app.example.com/callback/../evil",
    "https://app.example.com/callback/extra",
    "https://app.example.com/callback%2f",
    "https://app.example.com%2f@evil.example/callback",
    "https://app.example.com%2fcallback",
    "https://app.example.com/Callback",
    "https://APP.example.com/callback",
    "https://app.example.com:443/callback",
    "https://app.example.com@evil.example/callback",
    "https://user@app.example.com/callback",
    "https://app.example.com.evil.example/callback",
    "https://app.example.com./callback",
    "https://app.example.com/callback?next=https://evil.example",
    "https://app.example.com/callback#fragment",
    "https://app.example.com\\@evil.example/callback",
    "https://app.example.com/callback\t",
    " https://app.example.com/callback",
    "http://app.example.com/callback",
    "//app.example.com/callback",
    "/callback",
    "https://evil.example/?https://app.example.com/callback",
    "javascript:alert(1)//https://app.example.com/callback",
    "data:text/html,https://app.example.com/callback",
]
LOOPBACK_TRICKS = [
    "http://127.0.0.1.evil.example/callback",
    "http://127.0.0.1:80@evil.example/callback",
    "http://[::1]:49152/callback",
    "http://[::ffff:127.0.0.1]:49152/callback",
    "http://localhost:49152/callback",
    "http://2130706433:49152/callback",
    "http://127.0.0.1:49152/callback/x",
    "http://127.0.0.1:99999/callback",
    "https://127.0.0.1:49152/callback",
]
RETURNED = [
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": None}, "invalid_request"),
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge": "short"}, "invalid_request"),
    ({"scope": "unheard_of:"}, "invalid_scope"),
    ({"resource": "https://evil.example/mcp"}, "invalid_target"),
    ({"prompt": "none login"}, "invalid_request"),
    ({"request": "e30.e30."}, "request_not_supported"),
]


def _is_a_page(user: User, url: str) -> bool:
    page = user.open(url)
    return page.status == 400 and "Location" not in page.answer.headers and not page.forms


@pytest.mark.parametrize(
    "changes", [{"client_id": "unknown"}, {"client_id": None}, {"client_id": "https://evil.example/client.json"}]
)
def test_a_client_that_nobody_knows_gets_a_page_and_no_redirect(
    client: LoginClient, alice: User, changes: dict[str, str | None]
) -> None:
    """RFC 6749 4.1.2.1: it "MUST NOT automatically redirect the user agent to the invalid redirection URI"."""
    assert _is_a_page(alice, client.url(**changes))


@pytest.mark.parametrize("uri", TRICKS)
def test_a_redirect_uri_that_only_looks_like_the_registered_one_gets_a_page(
    client: LoginClient, alice: User, uri: str
) -> None:
    """RFC 9700 4.1.3: "exact string matching". Open redirect, RFC 9700 4.11."""
    assert _is_a_page(alice, client.url(redirect_uri=uri))


@pytest.mark.parametrize("uri", LOOPBACK_TRICKS)
def test_on_loopback_nothing_but_the_port_may_differ(server: Server, alice: User, uri: str) -> None:
    """RFC 8252 7.3."""
    client = LoginClient.new(server, redirect_uris=["http://127.0.0.1/callback"])
    assert _is_a_page(alice, client.url(redirect_uri=uri))


def test_on_ipv6_loopback_the_port_may_differ(server: Server, alice: User) -> None:
    client = LoginClient.new(server, redirect_uris=["http://[::1]/callback"])
    page = alice.open(client.url(redirect_uri="http://[::1]:49152/callback"))
    assert page.form_with("decision", "approve").buttons
    assert "[::1]:49152" in page.text


def test_two_redirect_uris_in_one_request_get_a_page(client: LoginClient, alice: User) -> None:
    """RFC 6749 3.1: which of them counts must not depend on who reads it."""
    assert _is_a_page(alice, client.url() + "&redirect_uri=https://evil.example/")
    assert _is_a_page(alice, client.url(redirect_uri=None) + f"&redirect_uri={WEBSITE}&redirect_uri={WEBSITE}")


@pytest.mark.parametrize(("changes", "error"), RETURNED)
def test_any_other_error_goes_back_to_the_client_and_says_who_sends_it(
    client: LoginClient, alice: User, changes: dict[str, str | None], error: str
) -> None:
    """RFC 6749 4.1.2.1, RFC 9207 2; PKCE downgrade, RFC 9700 4.8."""
    page = alice.open(client.url(**changes))
    assert page.url.startswith(f"{WEBSITE}?")
    answer = page.callback_parameters
    assert (answer["error"], answer["state"], answer["iss"]) == (error, STATE, client.server.url)
    assert "code" not in answer


def test_a_client_for_machines_gets_no_user(server: Server, alice: User) -> None:
    """RFC 6749 4.1.2.1: unauthorized_client, where it has a redirect URI at all."""
    machine = LoginClient(server, server.register() | {"redirect_uris": [WEBSITE]})
    page = alice.open(machine.url())
    assert page.status not in REDIRECTS
