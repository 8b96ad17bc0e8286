"""Attacks on the consent form, the callback, sessions and frames. RFC 9700 4."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from runtime.login.provider.identity import User
from tests.memory.table import MemoryTable
from tests.support.login import (
    CHALLENGE,
    LOOPBACK,
    PUBLIC,
    Browser,
    Provider,
    approve,
    asking,
    come_back,
    fields,
    forward_url,
    log_in,
    redirect_parameters,
)
from tests.unit.conftest import PUBLIC_URL, Clock, Send

Items = Callable[[str], list[dict[str, Any]]]
ELSEWHERE = [
    {"Origin": "https://attacker.example", "Sec_Fetch_Site": "cross-site"},
    {"Origin": "https://attacker.example"},
    {"Origin": "null"},
    {"Origin": PUBLIC_URL + ".attacker.example"},
    {"Origin": PUBLIC_URL.replace("https", "http")},
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site", "Origin": PUBLIC_URL},
    {"Sec_Fetch_Site": "none"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
@pytest.mark.parametrize("decision", ["approve", "deny"])
def test_a_form_that_another_site_sends_decides_nothing(
    browser: Browser, client: dict[str, Any], idp: Provider, headers: dict[str, str], decision: str
) -> None:
    """CSRF on consent, RFC 9700 4.7; even with a form that is this browser's own."""
    page = browser.get("/authorize", asking(client))
    answer = browser.post("/consent", {**fields(page), "decision": decision}, **headers)
    assert (answer["statusCode"], idp.sent) == (403, [])


def test_an_old_browser_that_says_nothing_of_sites_can_approve(browser: Browser, client: dict[str, Any]) -> None:
    page = browser.get("/authorize", asking(client))
    answer = browser.post("/consent", {**fields(page), "decision": "approve"}, Accept="*/*")
    assert forward_url(answer)


def test_the_form_of_one_browser_is_worth_nothing_in_another(
    browser: Browser, client: dict[str, Any], idp: Provider
) -> None:
    """An attacker who fetches the page cannot make a victim send its form."""
    page = browser.get("/authorize", asking(client))
    victim = Browser(browser.send)
    assert approve(victim, page)["statusCode"] == 400
    victim.get("/authorize", asking(client))
    assert approve(victim, page)["statusCode"] == 400
    victim.cookies["__Host-browser"] = "chosen-by-the-attacker"
    assert approve(victim, page)["statusCode"] == 400
    assert idp.sent == []


def _change(signed: str, **changes: str) -> str:
    body, _, mac = signed.partition(".")
    value, expires = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    value["request"] |= changes
    again = base64.urlsafe_b64encode(json.dumps([value, expires], separators=(",", ":")).encode()).rstrip(b"=")
    return f"{again.decode()}.{mac}"


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": "mcp mcp:admin"},
        {"client_id": "another"},
        {"redirect_uri": "https://attacker.example/"},
        {"code_challenge": CHALLENGE[::-1]},
        {"resource": "https://other.example/mcp"},
    ],
)
def test_what_was_shown_is_what_is_approved(
    browser: Browser, client: dict[str, Any], idp: Provider, changes: dict[str, str]
) -> None:
    """Consent bypass: the request cannot be changed between the page and the form."""
    signed = fields(browser.get("/authorize", asking(client)))["request"]
    answer = browser.post("/consent", {"request": _change(signed, **changes), "decision": "approve"})
    assert (answer["statusCode"], idp.sent) == (400, [])


@pytest.mark.parametrize("signed", ["", ".", "a.b", "é.é", "x" * 40_000, "W10.W10"])
def test_a_form_without_a_whole_signature_is_refused(browser: Browser, client: dict[str, Any], signed: str) -> None:
    browser.get("/authorize", asking(client))
    assert browser.post("/consent", {"request": signed, "decision": "approve"})["statusCode"] == 400


def test_the_signature_of_the_account_page_does_not_approve(browser: Browser, client: dict[str, Any]) -> None:
    proof = fields(browser.get("/account"))["proof"]
    assert browser.post("/consent", {"request": proof, "decision": "approve"})["statusCode"] == 400


def test_a_form_lapses_after_ten_minutes(browser: Browser, client: dict[str, Any], clock: Clock) -> None:
    page = browser.get("/authorize", asking(client))
    clock.now += 600
    assert approve(browser, page)["statusCode"] == 400


def test_approving_twice_is_one_login_at_a_time_and_each_ends_once(
    browser: Browser, client: dict[str, Any], items: Items
) -> None:
    """A double click must not fail, but a state works once."""
    page = browser.get("/authorize", asking(client))
    first, second = (forward_url(approve(browser, page)) for _ in range(2))
    assert "code" in redirect_parameters(come_back(browser, second))
    assert come_back(browser, second)["statusCode"] == 400
    assert "code" in redirect_parameters(come_back(browser, first))
    assert items("login") == []


def test_an_answer_of_the_provider_counts_in_the_browser_that_was_sent_there_only(
    browser: Browser, client: dict[str, Any], items: Items
) -> None:
    """CSRF on the callback, RFC 9700 4.7: the code or state of another browser is refused, and not consumed."""
    url = forward_url(approve(browser, browser.get("/authorize", asking(client))))
    stranger = Browser(browser.send)
    assert come_back(stranger, url)["statusCode"] == 400
    stranger.get("/authorize", asking(client))
    assert come_back(stranger, url)["statusCode"] == 400
    assert items("grant") == items("session") == []
    assert "code" in redirect_parameters(come_back(browser, url))


@pytest.mark.parametrize(
    "query",
    [{}, {"state": "unknown", "code": "x"}, {"state": "x" * 300, "code": "x"}, {"state": "é", "code": "\ud800"}],
)
def test_a_callback_that_belongs_to_no_login_is_a_page(browser: Browser, query: dict[str, str]) -> None:
    answer = browser.get("/callback", query)
    assert (answer["statusCode"], "Location" in answer["headers"]) == (400, False)


def test_an_answer_that_cannot_be_to_anything_sent_out_costs_no_write(
    table: MemoryTable, browser: Browser, client: dict[str, Any]
) -> None:
    """Anyone can send such requests, so they are refused without a call to the table."""
    browser.get("/authorize", asking(client))
    table.is_away = True
    for who, state in (
        (Browser(browser.send), "s" * 43),
        (browser, "s" * 42),
        (browser, "s" * 42 + "."),
        (browser, ""),
    ):
        assert who.get("/callback", {"state": state, "code": "x"})["statusCode"] == 400
    assert browser.get("/callback", {"state": "s" * 43, "code": "x"})["statusCode"] >= 500


def test_a_callback_with_two_states_is_refused(browser: Browser) -> None:
    """RFC 6749 3.1."""
    assert browser.get("/callback", {"code": "x"}, state=["a", "b"])["statusCode"] == 400


def test_a_session_that_was_there_before_the_login_is_not_the_one_after(
    browser: Browser, client: dict[str, Any], items: Items, idp: Provider
) -> None:
    """Session fixation: an attacker who planted or knew the previous id gains nothing."""
    browser.cookies["__Host-session"] = planted = "p" * 43
    log_in(browser, client)
    first = browser.cookies["__Host-session"]
    idp.user = User("bob", None, None)
    named_alice = browser.get("/authorize", asking(client, prompt="consent"))
    asked = come_back(browser, forward_url(approve(browser, named_alice)))
    come_back(browser, forward_url(approve(browser, asked)))
    assert len({planted, first, browser.cookies["__Host-session"]}) == 3
    # The one before has ended.
    assert [item["subject"] for item in items("session")] == ["bob"]


def test_cookies_are_of_this_host_alone_and_out_of_reach_of_scripts(
    browser: Browser, client: dict[str, Any], items: Items
) -> None:
    """RFC 6265bis 4.1.2 and 4.1.3.2."""
    page = browser.get("/authorize", asking(client))
    answer = come_back(browser, forward_url(approve(browser, page)))
    for sent, name in ((page, "__Host-browser"), (answer, "__Host-session")):
        [cookie] = sent["multiValueHeaders"]["Set-Cookie"]
        assert cookie.startswith(f"{name}=")
        assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
    # What is kept is a hash.
    [session] = items("session")
    assert browser.cookies["__Host-session"] not in session["pk"]


def test_every_page_refuses_frames_scripts_and_other_sites(browser: Browser, client: dict[str, Any]) -> None:
    """Clickjacking, RFC 9700 4.16. Pages are not cached, and other sites cannot read them."""
    page = browser.get("/authorize", asking(client))
    lead = approve(browser, page)
    pages = [page, lead, browser.get("/account"), browser.get("/authorize"), browser.get("/callback")]
    pages.append(browser.post("/consent", {}, Origin="https://attacker.example"))
    for each in pages:
        headers = each["headers"]
        assert headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        )
        assert headers["X-Frame-Options"] == "DENY"
        # HTML 7.1.3: whatever window has opened it holds no reference to it.
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert not [name for name in headers if name.startswith("Access-Control")]
        assert "<script" not in each["body"]
        assert "style=" not in each["body"]


def test_an_approval_in_one_browser_lets_no_other_browser_pass(
    browser: Browser, client: dict[str, Any], users_send: Send
) -> None:
    """The confused deputy: the code goes to the client on the consent page, through the same browser."""
    other = users_send("POST", "/dcr", json={**PUBLIC, "redirect_uris": [LOOPBACK]})["json"]
    log_in(browser, client)
    assert browser.get("/authorize", asking(other))["statusCode"] == 200
    assert Browser(browser.send).get("/authorize", asking(client))["statusCode"] == 200


def test_one_network_starts_so_many_logins_a_minute(browser: Browser, client: dict[str, Any], clock: Clock) -> None:
    """RFC 6585 4: every start of a login is a write for a user who is not logged in."""
    page = browser.get("/authorize", asking(client))
    for _ in range(5):
        forward_url(approve(browser, page))
    refused = approve(browser, page)
    assert (refused["statusCode"], "Retry-After" in refused["headers"]) == (429, True)
    clock.now += 60
    assert forward_url(approve(browser, page))
