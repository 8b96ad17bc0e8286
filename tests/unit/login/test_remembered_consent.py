"""Whether an earlier consent is enough: RFC 8252 8.6, OpenID Connect Core 1.0, 3.1.2.1."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from runtime.login.provider.identity import ProviderRefused, ProviderUnavailable, User
from tests.support.login import (
    ALICE,
    LOOPBACK,
    PROVIDER,
    PUBLIC,
    Browser,
    Provider,
    approve,
    asking,
    come_back,
    forward_url,
    log_in,
    parameters,
    redirect_parameters,
)
from tests.unit.conftest import Clock, Send

Items = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def wide(users_send: Send) -> dict[str, Any]:
    """Register a client that may have both scopes."""
    return dict(users_send("POST", "/dcr", json={**PUBLIC, "scope": "mcp mcp:admin"})["json"])


def passes(browser: Browser, client: dict[str, Any], **changes: str | None) -> bool:
    """Whether a request goes straight on to the provider."""
    answer = browser.get("/authorize", asking(client, **changes))
    return bool(answer["statusCode"] == 302 and answer["headers"]["Location"].startswith(PROVIDER))


def test_what_a_user_has_approved_is_not_asked_again_but_the_provider_is(
    browser: Browser, client: dict[str, Any]
) -> None:
    log_in(browser, client)
    answer = browser.get("/authorize", asking(client))
    assert "code" in redirect_parameters(come_back(browser, answer["headers"]["Location"]))


def test_more_than_was_approved_is_asked_and_adds_to_it(browser: Browser, wide: dict[str, Any]) -> None:
    log_in(browser, wide, scope="mcp")
    assert not passes(browser, wide, scope="mcp mcp:admin")
    log_in(browser, wide, scope="mcp:admin")
    assert passes(browser, wide, scope="mcp mcp:admin")


def test_a_client_that_gets_lasting_access_now_is_asked_about_again(
    browser: Browser, client: dict[str, Any], users_send: Send
) -> None:
    """RFC 7592 2.2: a client may register for refresh tokens after a user has approved it without them."""
    log_in(browser, client)
    changed = {**PUBLIC, "client_id": client["client_id"], "grant_types": ["authorization_code", "refresh_token"]}
    token = {"Authorization": f"Bearer {client['registration_access_token']}"}
    path = {"clientId": client["client_id"]}
    answer = users_send("PUT", "/clients/{clientId}", json=changed, headers=token, path_parameters=path)
    assert answer["statusCode"] == 200
    assert not passes(browser, client)
    log_in(browser, client)
    assert passes(browser, client)


def test_a_client_can_insist_on_being_approved(browser: Browser, client: dict[str, Any]) -> None:
    """OpenID Connect Core 1.0, 3.1.2.1: prompt=consent."""
    log_in(browser, client)
    assert not passes(browser, client, prompt="consent")


def test_who_could_be_anybody_on_the_device_is_asked_about_each_time(
    browser: Browser, desktop: dict[str, Any], users_send: Send
) -> None:
    """RFC 8252 8.6: "unless the identity of the client can be proven, the request SHOULD be processed as if no previous
    request had been approved"; a client that authenticates is proven when it redeems the code.
    """
    log_in(browser, desktop)
    assert not passes(browser, desktop)
    asked = {**PUBLIC, "redirect_uris": [LOOPBACK], "token_endpoint_auth_method": "client_secret_basic"}
    confidential = users_send("POST", "/dcr", json=asked)["json"]
    log_in(browser, confidential)
    assert passes(browser, confidential)


@pytest.mark.parametrize("host", ["localhost:3000", "localhost.", "x.localhost", "127.0.0.2", "[::ffff:127.0.0.1]"])
def test_https_on_the_users_own_device_proves_nobody(browser: Browser, users_send: Send, host: str) -> None:
    """RFC 8252 8.6: a certificate for a name of the local device does not authenticate the program there."""
    asked = {**PUBLIC, "redirect_uris": [f"https://{host}/cb"]}
    local = users_send("POST", "/dcr", json=asked)["json"]
    page = browser.get("/authorize", asking(local, redirect_uri=f"https://{host}/cb"))
    assert "Any program on your device can claim to be this application" in html.unescape(page["body"]).replace(
        "\n", " "
    )
    log_in(browser, local, redirect_uri=f"https://{host}/cb")
    assert not passes(browser, local, redirect_uri=f"https://{host}/cb")


def test_without_a_session_everybody_is_asked(browser: Browser, client: dict[str, Any], clock: Clock) -> None:
    log_in(browser, client)
    clock.now += 8 * 3600
    assert not passes(browser, client)


def test_somebody_else_who_logs_in_instead_is_asked_first(
    browser: Browser, client: dict[str, Any], idp: Provider, items: Items
) -> None:
    """The consent of the user in session is not that of the user who logs in now."""
    log_in(browser, client)
    url = browser.get("/authorize", asking(client))["headers"]["Location"]
    idp.user = User("bob", None, "bob@example.com")
    page = come_back(browser, url)
    assert (page["statusCode"], "bob@example.com" in page["body"]) == (200, True)
    assert len(items("grant")) == 1
    assert "code" in redirect_parameters(come_back(browser, forward_url(approve(browser, page))))


def test_an_approval_on_a_page_that_names_one_user_is_nobody_elses(
    browser: Browser, client: dict[str, Any], desktop: dict[str, Any], idp: Provider, items: Items
) -> None:
    """The page names the signed-in user. Another user who logs in instead is asked, even after an earlier consent."""
    idp.user = User("bob", None, "bob@example.com")
    log_in(Browser(browser.send), desktop)
    idp.user = ALICE
    log_in(browser, client)
    page = browser.get("/authorize", asking(desktop))
    assert "alice@example.com" in page["body"]
    idp.user = User("bob", None, "bob@example.com")
    again = come_back(browser, forward_url(approve(browser, page)))
    assert (again["statusCode"], "bob@example.com" in again["body"], len(items("grant"))) == (200, True, 2)
    assert "code" in redirect_parameters(come_back(browser, forward_url(approve(browser, again))))


@pytest.mark.parametrize("said", ["login_required", "interaction_required", "account_selection_required"])
def test_a_silent_login_says_what_it_lacks_and_shows_nothing(browser: Browser, wide: dict[str, Any], said: str) -> None:
    """OpenID Connect Core 1.0, 3.1.2.1 and 3.1.2.6: prompt=none."""
    assert redirect_parameters(browser.get("/authorize", asking(wide, prompt="none")))["error"] == "login_required"
    log_in(browser, wide, scope="mcp")
    wider = redirect_parameters(browser.get("/authorize", asking(wide, prompt="none", scope="mcp mcp:admin")))
    assert wider["error"] == "consent_required"
    url = browser.get("/authorize", asking(wide, prompt="none", scope="mcp"))["headers"]["Location"]
    assert parameters(url)["prompt"] == "none"
    told = redirect_parameters(browser.get("/callback", {"state": parameters(url)["state"], "error": said}))
    assert (told["error"], told["state"]) == ("login_required", "xyz")


def test_a_silent_login_that_fails_otherwise_tells_the_client(
    browser: Browser, client: dict[str, Any], idp: Provider
) -> None:
    log_in(browser, client)
    for problem, user, error in (
        (ProviderRefused("The answer does not verify."), None, "access_denied"),
        (None, User("bob", None, None), "consent_required"),
    ):
        url = browser.get("/authorize", asking(client, prompt="none"))["headers"]["Location"]
        idp.problem, idp.user = problem, user or idp.user
        assert redirect_parameters(come_back(browser, url))["error"] == error


@pytest.mark.parametrize("too_many", [False, True])
def test_a_provider_that_cannot_be_asked_leaves_a_way_back_to_the_client(
    browser: Browser, client: dict[str, Any], idp: Provider, *, too_many: bool
) -> None:
    """RFC 6749 4.1.2.1: temporarily_unavailable, by a link, or by a redirect for prompt=none."""
    log_in(browser, client)
    if too_many:
        for _ in range(4):
            assert passes(browser, client)
    else:
        idp.down = ProviderUnavailable("The identity provider does not answer.")
    page = browser.get("/authorize", asking(client))
    assert page["statusCode"] == (429 if too_many else 503)
    [url] = re.findall(r'<a href="(https://app\.example/[^"]*)"', page["body"])
    told = redirect_parameters(browser.get("/authorize", asking(client, prompt="none")))
    assert told == parameters(html.unescape(url))
    assert (told["error"], told["state"]) == ("temporarily_unavailable", "xyz")


def test_a_silent_login_that_is_approved_gives_a_code(browser: Browser, client: dict[str, Any]) -> None:
    log_in(browser, client)
    url = browser.get("/authorize", asking(client, prompt="none"))["headers"]["Location"]
    assert "code" in redirect_parameters(come_back(browser, url))
