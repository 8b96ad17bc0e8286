"""What somebody else could try against a login, from outside. RFC 9700 4; MCP, Security Best Practices."""

import pytest
import requests

from tests.e2e.authorization.answers import refusal
from tests.e2e.conftest import TIMEOUT, Server
from tests.e2e.login.client import LoginClient
from tests.support.user_browser import REDIRECTS, Page, User

REFUSED = (400, "invalid_grant")
SESSION = "__Host-session"


def _cookie(user: User, name: str) -> str:
    [value] = [cookie.value for cookie in user.cookies if cookie.name == name]
    assert value
    return value


def test_a_code_of_one_client_is_of_no_use_to_another(
    client: LoginClient, confidential: LoginClient, alice: User
) -> None:
    """Code injection and mix-up, RFC 9700 4.4 and 4.5; and it does not take the code from the right one."""
    code = alice.authorize(client.url())["code"]
    assert refusal(confidential.redeem(code)) == REFUSED
    assert client.tokens(code)


def test_a_refresh_token_of_one_client_is_of_no_use_to_another(
    server: Server, client: LoginClient, alice: User
) -> None:
    """RFC 6749 10.4."""
    tokens = client.tokens(alice.authorize(client.url())["code"])
    assert refusal(LoginClient.new(server).refresh(tokens["refresh_token"])) == REFUSED
    assert client.refresh(tokens["refresh_token"]).status_code == 200


def test_a_code_without_its_verifier_is_worth_nothing_even_to_who_knows_the_challenge(
    client: LoginClient, alice: User
) -> None:
    """PKCE downgrade, RFC 9700 4.8: the challenge itself is no verifier, as it were with ``plain``."""
    code = alice.authorize(client.url())["code"]
    challenge = client.asking()["code_challenge"]
    assert refusal(client.redeem(code, code_verifier=challenge)) == REFUSED


def test_a_user_who_starts_a_login_cannot_have_another_finish_it(
    server: Server, client: LoginClient, alice: User
) -> None:
    """CSRF on the callback, RFC 9700 4.7: the answer of the provider counts in the browser that was sent there."""
    attacker = User(server.url)
    at_provider = attacker.decide(attacker.open(client.url()), "approve")
    # The victim logs in at the link that the attacker has got as far as.
    page = alice.log_in(alice.open(at_provider.url))
    assert (page.status, "was started in another browser" in page.text) == (400, True)
    # Nor does it help to have been somewhere on this server before.
    alice.open(client.url())
    assert alice.log_in(alice.open(at_provider.url)).status == 400


def test_a_page_of_one_browser_approves_nothing_in_another(server: Server, client: LoginClient, alice: User) -> None:
    """CSRF on the consent, RFC 9700 4.7: the attacker's own form in the victim's browser."""
    form_of_attacker = User(server.url).open(client.url())
    assert alice.decide(form_of_attacker, "approve").status == 400
    alice.open(client.url())
    assert alice.decide(form_of_attacker, "approve").status == 400


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
@pytest.mark.parametrize("path", ["/consent", "/account"])
def test_a_form_that_another_site_sends_does_nothing(
    client: LoginClient, alice: User, path: str, headers: dict[str, str]
) -> None:
    alice.authorize(client.url())
    page = alice.open(client.url(prompt="consent")) if path == "/consent" else alice.open(client.server.url + path)
    [form, *_] = page.forms
    name, value = form.buttons[-1]
    cookies = {cookie.name: cookie.value or "" for cookie in alice.cookies}
    sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), **headers}
    answer = requests.post(
        form.action, {**form.fields, name: value}, headers=sent, timeout=TIMEOUT, allow_redirects=False
    )
    assert answer.status_code == 403


def test_a_session_that_was_planted_before_the_login_is_worth_nothing_after_it(
    server: Server, client: LoginClient, alice: User
) -> None:
    """Session fixation: the id changes with every login, and an earlier one is over."""
    planted = "p" * 43
    alice.cookies.set(SESSION, planted, domain="localhost.local", path="/", secure=True)
    alice.authorize(client.url())
    first = _cookie(alice, SESSION)
    alice.authorize(client.url())
    assert len({planted, first, _cookie(alice, SESSION)}) == 3
    for value in (planted, first):
        seen = requests.get(f"{server.url}/account", headers={"Cookie": f"{SESSION}={value}"}, timeout=TIMEOUT)
        assert "alice@example.com" not in seen.text


def test_two_presses_of_the_button_are_two_logins_that_end_once_each(client: LoginClient, alice: User) -> None:
    """A state counts once."""
    page = alice.open(client.url())
    first, second = (alice.decide(page, "approve") for _ in range(2))
    assert alice.log_in(second).callback_parameters["code"] != alice.log_in(first).callback_parameters["code"]


def _pages(client: LoginClient, alice: User) -> list[Page]:
    consent, account = alice.open(client.url()), alice.open(f"{client.server.url}/account")
    refused = alice.open(client.url(client_id="unknown"))
    return [consent, account, refused, alice.open(f"{client.server.url}/callback?state=x&code=y")]


def test_no_page_can_be_framed_scripted_kept_or_read_by_another_site(client: LoginClient, alice: User) -> None:
    """Clickjacking, RFC 9700 4.16."""
    for page in _pages(client, alice):
        headers = page.answer.headers
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        assert (policy["default-src"], policy["frame-ancestors"]) == ("'none'", "'none'")
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert not [name for name in headers if name.lower().startswith("access-control-")]
        assert "<script" not in page.text


def test_what_a_client_calls_itself_is_text_on_the_page(server: Server, alice: User) -> None:
    """HTML injection by registered metadata."""
    name = '"><form action=https://evil.example><button name=decision value=approve>'
    page = alice.open(LoginClient.new(server, client_name=name).url())
    assert [form.action for form in page.forms] == [f"{server.url}/consent"]
    assert "&lt;form" in page.text


def test_cookies_are_of_this_host_alone_and_out_of_reach_of_scripts(client: LoginClient, alice: User) -> None:
    """RFC 6265bis 4.1.2 and 4.1.3.2."""
    [cookie] = alice.open(client.url()).answer.raw.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-browser=")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} == set(cookie.split("; ")[1:])


def test_a_redirect_carries_no_secret_of_the_login_to_the_client(client: LoginClient, alice: User) -> None:
    """RFC 9700 4.2: nothing of the provider's answer, and nothing that a referrer could give away."""
    page = alice.log_in(alice.decide(alice.open(client.url()), "approve"))
    assert page.status in REDIRECTS
    assert page.callback_parameters.keys() == {"code", "state", "iss"}
