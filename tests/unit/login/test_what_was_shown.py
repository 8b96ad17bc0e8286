"""A consent covers what its page showed: the client, its name, its redirect URI, and the scopes.

MCP 2026-07-28, Confused Deputy Problem; RFC 9700 4.1 and 4.15; RFC 6749 10.2.
"""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.storage.clients import DynamoDBClients
from tests.memory.audit_log import MemoryAuditLog
from tests.memory.table import MemoryTable
from tests.support.login import (
    LOOPBACK,
    PROVIDER,
    PUBLIC,
    WEBSITE,
    Browser,
    Register,
    approve,
    asking,
    forward_url,
    log_in,
    parameters,
)
from tests.unit.conftest import Clock, Send

Update = Callable[..., dict[str, Any]]
ELSEWHERE = "https://elsewhere.example/callback"


@pytest.fixture
def users_send(send_to: Callable[..., Send]) -> Send:
    """Send requests to a stack whose clients live longer than consents."""
    return send_to(interactive=True, unused_client_days=365)


@pytest.fixture
def update(users_send: Send) -> Update:
    """Replace the registration of a client (RFC 7592 2.2)."""

    def replace(client: dict[str, Any], **changes: Any) -> dict[str, Any]:
        asked = {**PUBLIC, **changes, "client_id": client["client_id"]}
        token = {"Authorization": f"Bearer {client['registration_access_token']}"}
        path = {"clientId": client["client_id"]}
        answer = users_send("PUT", "/clients/{clientId}", json=asked, headers=token, path_parameters=path)
        assert answer["statusCode"] == 200, answer["body"]
        return dict(answer["json"])

    return replace


def is_asked(browser: Browser, client: dict[str, Any], **changes: str | None) -> bool:
    """Whether the user sees the consent page."""
    answer = browser.get("/authorize", asking(client, **changes))
    assert answer["statusCode"] == 200 or answer["headers"]["Location"].startswith(PROVIDER)
    return bool(answer["statusCode"] == 200)


def test_another_redirect_uri_of_the_same_client_is_asked_about(browser: Browser, register: Register) -> None:
    client = register(redirect_uris=[WEBSITE, ELSEWHERE])
    log_in(browser, client)
    assert is_asked(browser, client, redirect_uri=ELSEWHERE)
    assert not is_asked(browser, client, redirect_uri=WEBSITE)
    log_in(browser, client, redirect_uri=ELSEWHERE)
    assert not is_asked(browser, client, redirect_uri=ELSEWHERE)
    assert not is_asked(browser, client, redirect_uri=WEBSITE)


@pytest.mark.parametrize(
    "other", [f"{WEBSITE}/", f"{WEBSITE}?a", WEBSITE.replace("app.", "app2."), "com.example.app:/"]
)
def test_a_redirect_uri_is_another_one_by_any_character(browser: Browser, register: Register, other: str) -> None:
    """RFC 6749 3.1.2.3, simple string comparison. The client has a secret, so that a consent is remembered."""
    client = register(redirect_uris=[WEBSITE, other], token_endpoint_auth_method="client_secret_basic")
    log_in(browser, client)
    assert is_asked(browser, client, redirect_uri=other)


def test_who_approved_an_application_on_the_device_is_asked_about_a_website(
    browser: Browser, register: Register
) -> None:
    """A website can be authenticated where an application cannot: it must not use the consent for the application."""
    client = register(redirect_uris=[LOOPBACK, WEBSITE])
    log_in(browser, client, redirect_uri=LOOPBACK)
    assert is_asked(browser, client, redirect_uri=WEBSITE)


def test_the_port_of_an_application_on_the_device_makes_no_difference(browser: Browser, register: Register) -> None:
    """RFC 8252 7.3: the port is different each time."""
    client = register(redirect_uris=[LOOPBACK], token_endpoint_auth_method="client_secret_basic")
    log_in(browser, client)
    assert not is_asked(browser, client, redirect_uri=LOOPBACK.replace("49152", "50000"))


def test_scopes_are_approved_for_one_place_at_a_time(browser: Browser, register: Register) -> None:
    client = register(redirect_uris=[WEBSITE, ELSEWHERE], scope="mcp mcp:admin")
    log_in(browser, client, scope="mcp mcp:admin")
    log_in(browser, client, scope="mcp", redirect_uri=ELSEWHERE)
    assert is_asked(browser, client, scope="mcp mcp:admin", redirect_uri=ELSEWHERE)
    assert not is_asked(browser, client, scope="mcp", redirect_uri=ELSEWHERE)
    assert not is_asked(browser, client, scope="mcp:admin", redirect_uri=WEBSITE)


def test_a_client_that_has_changed_its_name_is_asked_about(
    browser: Browser, client: dict[str, Any], update: Update
) -> None:
    log_in(browser, client)
    client = update(client)
    assert not is_asked(browser, client)
    client = update(client, client_name="Your bank")
    assert is_asked(browser, client)
    client = update(client, client_name=None)
    assert is_asked(browser, client)
    update(client)
    assert not is_asked(browser, client)


def test_a_name_that_is_shown_alike_is_the_same_name(browser: Browser, client: dict[str, Any], update: Update) -> None:
    """These characters are invisible, so the page looks the same."""
    log_in(browser, client)
    update(client, client_name="An\u200b  editor")
    assert not is_asked(browser, client)


def test_a_client_that_has_changed_its_redirect_uris_is_asked_about(
    browser: Browser, client: dict[str, Any], update: Update
) -> None:
    log_in(browser, client)
    update(client, redirect_uris=[ELSEWHERE])
    assert is_asked(browser, client, redirect_uri=ELSEWHERE)


def test_a_request_that_was_pushed_before_the_client_changed_its_name_shows_the_new_one(
    browser: Browser, login_send: Send, client: dict[str, Any], update: Update
) -> None:
    """RFC 9126 4: the pushed request is used with the current metadata of the client."""
    log_in(browser, client)
    reference = login_send("POST", "/par", form=asking(client))["json"]["request_uri"]
    update(client, client_name="Your bank")
    page = browser.get("/authorize", {"client_id": client["client_id"], "request_uri": reference})
    assert (page["statusCode"], "Your bank wants to access" in page["body"]) == (200, True)


def test_without_a_page_a_client_learns_that_somebody_has_to_approve(browser: Browser, register: Register) -> None:
    """OpenID Connect Core 1.0, 3.1.2.6: prompt=none, with the other redirect URI."""
    client = register(redirect_uris=[WEBSITE, ELSEWHERE])
    log_in(browser, client)
    answer = browser.get("/authorize", asking(client, redirect_uri=ELSEWHERE, prompt="none"))
    assert answer["headers"]["Location"].startswith(ELSEWHERE)
    assert parameters(answer["headers"]["Location"])["error"] == "consent_required"


def test_a_consent_is_forgotten_when_its_client_has_not_used_it_for_long(
    browser: Browser, client: dict[str, Any], clients: DynamoDBClients, clock: Clock, register: Register
) -> None:
    """Consents for other clients do not extend it."""
    clients.renew(client["client_id"], int(clock.now) + 365 * 86_400)
    log_in(browser, client)
    clock.now += 80 * 86_400
    log_in(browser, register())
    clock.now += 10 * 86_400
    log_in(browser, register())
    assert is_asked(browser, client)


def test_a_consent_of_an_earlier_version_stands_for_nothing(
    browser: Browser, client: dict[str, Any], table: MemoryTable, items: Callable[[str], list[dict[str, Any]]]
) -> None:
    """It has neither a redirect URI nor an expiry."""
    log_in(browser, client)
    [user] = items("person")
    [name] = [name for name in user if name.startswith("consent#")]
    earlier = {"scope": "mcp", "client_name": "An editor", "at": user[name]["at"]}
    user |= {name: earlier, f"consent#{client['client_id']}": earlier}
    table.items[user["pk"]] = user
    assert browser.get("/account")["statusCode"] == 200
    assert is_asked(browser, client)
    log_in(browser, client)
    assert not is_asked(browser, client)


def test_the_audit_log_says_where_codes_go(
    audit: MemoryAuditLog, browser: Browser, register: Register, update: Update
) -> None:
    client = register(redirect_uris=[WEBSITE, ELSEWHERE])
    update(client, redirect_uris=[ELSEWHERE])
    code = log_in(browser, client, redirect_uri=ELSEWHERE)["code"]
    forward_url(
        approve(browser, browser.get("/authorize", asking(client, redirect_uri=ELSEWHERE, prompt="consent")), "deny")
    )
    told = {event["event"]: event for event in audit.events}
    assert told["client_registered"]["redirect_uris"] == f"{WEBSITE} {ELSEWHERE}"
    assert told["client_replaced"]["redirect_uris"] == ELSEWHERE
    for name in ("consent_given", "login", "consent_denied"):
        assert told[name]["redirect_uri"] == ELSEWHERE
    assert told["login"]["grant_id"] == code.partition(".")[0]
