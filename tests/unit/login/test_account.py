"""The account page: which clients have access, and revoking it."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from runtime.login.stores import LoginStores
from tests.memory.audit_log import MemoryAuditLog
from tests.support.login import (
    LOOPBACK,
    PUBLIC,
    VERIFIER,
    WEBSITE,
    Browser,
    Provider,
    come_back,
    fields,
    forward_url,
    log_in,
)
from tests.unit.conftest import PUBLIC_URL, Clock, Send

Items = Callable[[str], list[dict[str, Any]]]


def proof(browser: Browser) -> str:
    return fields(browser.get("/account"))["proof"]


def act(browser: Browser, action: str, **more: str) -> dict[str, Any]:
    return browser.post("/account", {"proof": proof(browser), "action": action, **more})


def test_without_a_session_the_page_leads_to_the_provider_and_back(
    audit: MemoryAuditLog, browser: Browser, items: Items, idp: Provider
) -> None:
    page = browser.get("/account")
    assert (page["statusCode"], items("login")) == (200, [])
    url = forward_url(act(browser, "sign_in"))
    answer = come_back(browser, url)
    assert (answer["statusCode"], answer["headers"]["Location"]) == (302, f"{PUBLIC_URL}/account")
    assert "alice@example.com" in browser.get("/account")["body"]
    assert "No application has access" in browser.get("/account")["body"]
    assert items("grant") == items("person") == []
    assert audit.events[-1]["event"] == "login"


def test_it_lists_clients_with_scopes_and_dates(
    browser: Browser, client: dict[str, Any], lasting: dict[str, Any], clock: Clock
) -> None:
    log_in(browser, client)
    clock.now += 3600
    log_in(browser, lasting, scope="mcp offline_access")
    page = browser.get("/account")["body"]
    assert page.index(lasting["client_id"]) < page.index(client["client_id"])
    assert "<dd>mcp, offline_access</dd>" in page
    assert page.count("15 January 2027") == 4


def test_it_says_where_codes_go(browser: Browser, users_send: Send) -> None:
    """Each redirect URI once, and without the port of an application on the device."""
    ports = [f"http://127.0.0.1:{port}/callback" for port in (49152, 49153)]
    client = users_send("POST", "/dcr", json={**PUBLIC, "redirect_uris": [WEBSITE, LOOPBACK]})["json"]
    for uri in (WEBSITE, *ports):
        log_in(browser, client, redirect_uri=uri)
    page = browser.get("/account")["body"]
    assert page.count(f"<bdi>{WEBSITE}</bdi>") == page.count("<bdi>http://127.0.0.1/callback</bdi>") == 1


def test_a_place_that_is_long_is_cut_where_it_is_shown(browser: Browser, users_send: Send) -> None:
    uri = f"{WEBSITE}?a={'x' * 1000}"
    log_in(browser, users_send("POST", "/dcr", json={**PUBLIC, "redirect_uris": [uri]})["json"])
    assert f"<bdi>{uri[:199]}…</bdi>" in browser.get("/account")["body"]


@pytest.fixture
def stored(login_stores: LoginStores, audit: MemoryAuditLog) -> tuple[LoginStores, MemoryAuditLog]:
    return login_stores, audit


def test_taking_back_ends_the_grants_and_the_consent_of_this_client_only(
    browser: Browser,
    client: dict[str, Any],
    desktop: dict[str, Any],
    users_send: Send,
    items: Items,
    stored: tuple[LoginStores, MemoryAuditLog],
) -> None:
    login_stores, audit = stored
    code = log_in(browser, client)["code"]
    log_in(browser, client, prompt="consent")
    log_in(browser, desktop)
    answer = act(browser, "revoke", client_id=client["client_id"])
    assert (answer["statusCode"], answer["headers"]["Location"]) == (303, f"{PUBLIC_URL}/account")
    assert [item["client_id"] for item in items("grant")] == [desktop["client_id"]]
    assert [one.client_id for one in login_stores.users.get("alice").consents.values()] == [desktop["client_id"]]
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER, "redirect_uri": WEBSITE}
    refused = users_send("POST", "/token", form={**form, "client_id": client["client_id"]})
    assert refused["json"]["error"] == "invalid_grant"
    [event] = [event for event in audit.events if event["event"] == "access_revoked"]
    assert (event["client_id"], event["subject"]) == (client["client_id"], "alice")


def test_all_can_be_taken_back_at_once(
    audit: MemoryAuditLog,
    browser: Browser,
    client: dict[str, Any],
    desktop: dict[str, Any],
    items: Items,
    login_stores: LoginStores,
) -> None:
    log_in(browser, client)
    log_in(browser, desktop)
    act(browser, "revoke_all")
    user = login_stores.users.get("alice")
    assert (items("grant"), user.grants, user.consents) == ([], {}, {})
    assert len([event for event in audit.events if event["event"] == "access_revoked"]) == 2


def test_taking_back_what_is_not_there_changes_nothing(browser: Browser, client: dict[str, Any], items: Items) -> None:
    log_in(browser, client)
    assert act(browser, "revoke", client_id="unknown")["statusCode"] == 303
    assert len(items("grant")) == 1


def test_signing_out_ends_the_session(browser: Browser, client: dict[str, Any], items: Items) -> None:
    log_in(browser, client)
    session = browser.cookies["__Host-session"]
    answer = act(browser, "sign_out")
    assert "Max-Age=0" in answer["multiValueHeaders"]["Set-Cookie"][0]
    assert items("session") == []
    browser.cookies["__Host-session"] = session
    assert "Sign in" in browser.get("/account")["body"]


@pytest.mark.parametrize("action", ["revoke_all", "sign_out", "sign_in"])
def test_a_form_of_another_site_or_session_does_nothing(
    browser: Browser, client: dict[str, Any], items: Items, action: str
) -> None:
    """RFC 9700 4.7."""
    log_in(browser, client)
    genuine = proof(browser)
    cross = browser.post("/account", {"proof": genuine, "action": action}, Origin="https://attacker.example")
    assert cross["statusCode"] == 403
    other = Browser(browser.send)
    log_in(other, client)
    assert other.post("/account", {"proof": genuine, "action": action})["statusCode"] == 400
    assert other.post("/account", {"proof": "x", "action": action})["statusCode"] == 400
    assert Browser(browser.send).post("/account", {"proof": genuine, "action": action})["statusCode"] == 400
    assert (len(items("session")), len(items("grant")), items("login")) == (2, 2, [])


def test_a_page_of_a_session_that_has_ended_does_nothing(
    browser: Browser, client: dict[str, Any], items: Items, clock: Clock
) -> None:
    log_in(browser, client)
    kept = proof(browser)
    clock.now += 8 * 3600
    answer = browser.post("/account", {"proof": kept, "action": "revoke_all"})
    assert (answer["statusCode"], len(items("grant"))) == (400, 1)


def test_forms_that_are_none_are_refused(browser: Browser, client: dict[str, Any]) -> None:
    log_in(browser, client)
    for form in ({}, {"action": "dance", "proof": "x"}, {"action": "revoke", "proof": proof(browser)}):
        assert browser.post("/account", form)["statusCode"] == 400


def test_every_button_says_what_it_is_for(browser: Browser, client: dict[str, Any], desktop: dict[str, Any]) -> None:
    """WCAG 2.2, 2.4.6 and 4.1.2: buttons of the same name are told apart."""
    log_in(browser, client)
    log_in(browser, desktop)
    page = browser.get("/account")["body"]
    described = re.findall(r'aria-describedby="([^"]+)">Revoke', page)
    assert sorted(described) == sorted(re.findall(r'<h3 class="name" id="([^"]+)">', page)) == ["client-0", "client-1"]
