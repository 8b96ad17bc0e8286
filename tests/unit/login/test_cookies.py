"""Cookies that another host of the same site has planted: RFC 6265bis 4.1.3.2 and 5.6, RFC 9110 5.6.2."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.login import Browser, asking, fields, forward_url, log_in
from tests.unit.conftest import PUBLIC_URL

Items = Callable[[str], list[dict[str, Any]]]
OURS = ["__Host-browser", "__Host-session"]
# What Python's str.strip takes away beside SP and HTAB: no browser does, so a sibling host can set such a name.
NOT_WHITE_SPACE = ["\xa0", "\u2003", "\u3000", "\x85", "\x0b", "\x0c", "\x1c", "\x1f", "\u2028", "\ufeff", "\u200b"]


def with_cookies(browser: Browser, *pairs: str) -> dict[str, str]:
    """Return the headers of a form of this server, with these cookies before those of the browser."""
    own = [f"{name}={value}" for name, value in browser.cookies.items()]
    same_site = {"Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-origin"}
    return {"Cookie": "; ".join([*pairs, *own]), **same_site}


@pytest.mark.parametrize("char", NOT_WHITE_SPACE)
@pytest.mark.parametrize("place", ["{char}{name}", "{name}{char}"])
def test_a_cookie_whose_name_only_looks_like_ours_is_not_ours(
    browser: Browser, client: dict[str, Any], char: str, place: str
) -> None:
    """A sibling host that sets ``\\xa0__Host-session`` with its own session must not sign a victim in as itself."""
    log_in(browser, client)
    planted = place.format(char=char, name="__Host-session")
    victim = {"Cookie": f"{planted}={browser.cookies['__Host-session']}"}
    page = browser.send("GET", "/account", headers=victim)
    assert "alice@example.com" not in page["body"]
    assert "Sign in" in page["body"]


@pytest.mark.parametrize("char", NOT_WHITE_SPACE)
def test_a_planted_browser_cookie_does_not_make_the_attackers_form_good(
    browser: Browser, client: dict[str, Any], items: Items, char: str
) -> None:
    """Login CSRF: the attacker's form, sent from the victim's browser, which carries the attacker's cookie."""
    form = {**fields(browser.get("/authorize", asking(client))), "decision": "approve"}
    planted = {"Cookie": f"{char}__Host-browser={browser.cookies['__Host-browser']}", "Origin": PUBLIC_URL}
    assert browser.send("POST", "/consent", form=form, headers=planted)["statusCode"] == 400
    assert items("login") == []


@pytest.mark.parametrize("white", [" ", "\t", " \t "])
def test_spaces_and_tabs_around_a_cookie_are_left_out(browser: Browser, client: dict[str, Any], white: str) -> None:
    """RFC 6265bis 5.6: "Remove any leading or trailing WSP characters"."""
    log_in(browser, client)
    cookie = f"other=1;{white}__Host-session{white}={white}{browser.cookies['__Host-session']}{white}"
    assert "alice@example.com" in browser.send("GET", "/account", headers={"Cookie": cookie})["body"]


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/authorize"), ("POST", "/consent"), ("GET", "/callback"), ("GET", "/account"), ("POST", "/account")],
)
def test_a_request_with_one_of_our_cookies_twice_is_refused_with_a_page_that_says_so(
    browser: Browser, client: dict[str, Any], items: Items, method: str, path: str, name: str
) -> None:
    """It is unknown which of the two this server set: their order has no meaning (RFC 6265 4.2.2)."""
    log_in(browser, client)
    kept = {kind: items(kind) for kind in ("session", "login", "grant")}
    headers = with_cookies(browser, f"{name}={'p' * 43}")
    page = browser.send(method, path, headers=headers, **({"form": {}} if method == "POST" else {}))
    assert page["statusCode"] == 400
    assert f"two cookies with the name {name}" in page["body"]
    assert "p" * 43 not in page["body"]
    assert {kind: items(kind) for kind in kept} == kept


def test_the_same_cookie_twice_is_refused_too(browser: Browser, client: dict[str, Any]) -> None:
    log_in(browser, client)
    headers = with_cookies(browser, f"__Host-session={browser.cookies['__Host-session']}")
    assert browser.send("GET", "/account", headers=headers)["statusCode"] == 400


def test_an_answer_of_the_provider_is_not_used_up_by_a_request_that_is_refused(
    browser: Browser, client: dict[str, Any]
) -> None:
    page = browser.get("/authorize", asking(client))
    form = {**fields(page), "decision": "approve"}
    state = forward_url(browser.post("/consent", form)).partition("state=")[2].partition("&")[0]
    query = {"state": [state], "code": [state]}
    twice = with_cookies(browser, "__Host-session=a", "__Host-session=b")
    assert browser.send("GET", "/callback", query=query, headers=twice)["statusCode"] == 400
    assert browser.get("/callback", {"state": state, "code": state})["statusCode"] == 302


def test_cookies_of_others_may_come_twice(browser: Browser, client: dict[str, Any]) -> None:
    """Two cookies with one name, but set by another application, are not an error."""
    log_in(browser, client)
    page = browser.send("GET", "/account", headers=with_cookies(browser, "a=1", "a=2", "__host-session=x"))
    assert (page["statusCode"], "alice@example.com" in page["body"]) == (200, True)
