"""The account page, where users revoke access."""

import time
from typing import Any

from tests.e2e.authorization.answers import refusal
from tests.e2e.conftest import AUTHORIZER_CACHE_SECONDS, Server
from tests.e2e.login.client import LoginClient
from tests.support.user_browser import Page, User


def _log_in(client: LoginClient, alice: User) -> dict[str, Any]:
    answer = alice.authorize(client.url(prompt="consent"))
    return client.tokens(answer["code"])


def _take_back(alice: User, client: LoginClient) -> Page:
    page = alice.open(f"{client.server.url}/account")
    [form] = [form for form in page.forms if form.fields.get("client_id") == client.client_id]
    return alice.submit(page, form, {"action": "revoke"})


def test_who_is_not_signed_in_can_sign_in_and_sees_what_has_access(client: LoginClient, alice: User) -> None:
    _log_in(client, User(client.server.url))
    page = alice.open(f"{client.server.url}/account")
    assert client.client_id not in page.text
    page = alice.log_in(alice.press(page, "action", "sign_in"))
    assert page.url == f"{client.server.url}/account"
    assert client.client_id in page.text
    assert "alice@example.com" in page.text


def test_taking_one_client_back_ends_what_it_has_and_nothing_else(
    client: LoginClient, confidential: LoginClient, alice: User
) -> None:
    tokens, others = _log_in(client, alice), _log_in(confidential, alice)
    assert client.works(tokens["access_token"])
    page = _take_back(alice, client)
    assert (page.status, client.client_id in page.text, confidential.client_id in page.text) == (200, False, True)
    assert refusal(client.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    time.sleep(AUTHORIZER_CACHE_SECONDS + 0.5)
    assert not client.works(tokens["access_token"])
    assert confidential.works(others["access_token"])
    # The approval is gone too.
    assert alice.open(client.url()).form_with("decision", "approve").buttons


def test_taking_everything_back_ends_all_of_it(client: LoginClient, confidential: LoginClient, alice: User) -> None:
    gotten = [(each, _log_in(each, alice)) for each in (client, confidential)]
    page = alice.press(alice.open(f"{client.server.url}/account"), "action", "revoke_all")
    assert "Revoke" not in page.text
    time.sleep(AUTHORIZER_CACHE_SECONDS + 0.5)
    for each, tokens in gotten:
        assert not each.works(tokens["access_token"])
        assert refusal(each.refresh(tokens["refresh_token"])) == (400, "invalid_grant")


def test_signing_out_ends_the_session(client: LoginClient, alice: User) -> None:
    tokens = _log_in(client, alice)
    kept = alice.cookies.copy()
    account = f"{client.server.url}/account"
    assert "Sign in to see" in alice.press(alice.open(account), "action", "sign_out").text
    alice.cookies.update(kept)
    assert "Sign in to see" in alice.open(account).text
    # The applications go on.
    assert client.works(tokens["access_token"])


def test_the_form_of_one_session_does_nothing_in_another(server: Server, client: LoginClient, alice: User) -> None:
    """CSRF, RFC 9700 4.7: an attacker's own form, sent by the victim's browser."""
    attacker = User(server.url)
    _log_in(client, attacker)
    tokens = _log_in(client, alice)
    page = attacker.open(f"{server.url}/account")
    assert alice.press(page, "action", "revoke_all").status == 400
    assert client.refresh(tokens["refresh_token"]).status_code == 200
