"""The consent page as a user meets it: with a mouse, with a keyboard alone, on a phone, in the dark."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Picture
from tests.browser.journey import NAME, TIMEOUT, WEBSITE, Stack, log_in, returned_parameters

PHONE = {"width": 320, "height": 640}
LONG = "Averylongnamewithoutanyspaceinitthatgoesonandon" * 3


@contextmanager
def open_page(browser: Browser, **options: Any) -> Iterator[Page]:
    with browser.new_context(**options) as context:
        context.set_default_timeout(10_000)
        yield context.new_page()


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_who_approves_and_logs_in_is_back_in_the_application_with_a_code(page: Page, stack: Stack) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(stack.authorization_url())
    page.get_by_role("button", name="Approve").click()
    log_in(page)
    answer = returned_parameters(page)
    assert page.url.startswith(f"{stack.application}?")
    assert (answer["state"], answer["iss"], len(answer["code"])) == (["the-state"], [stack.url], 1)
    # The browser has found nothing that the policy of the pages forbids.
    assert problems == []


def test_who_denies_is_back_in_the_application_without_one(page: Page, stack: Stack) -> None:
    page.goto(stack.authorization_url())
    page.get_by_role("button", name="Deny").click()
    answer = returned_parameters(page)
    assert (answer["error"], answer["state"], "code" in answer) == (["access_denied"], ["the-state"], False)


def test_the_page_says_who_asks_for_what_and_where_it_leads(page: Page, stack: Stack, picture: Picture) -> None:
    """MCP, Confused Deputy Problem."""
    page.goto(stack.authorization_url(WEBSITE, scope="mcp offline_access"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{NAME} wants to access")
    expect(page.get_by_role("region", name="Where you will be redirected")).to_contain_text("app.example.com")
    expect(page.get_by_role("region", name="What it will be able to do").get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_role("note")).to_have_count(0)
    picture(page, "consent")


def test_an_application_on_the_device_is_warned_of(page: Page, stack: Stack, picture: Picture) -> None:
    """MCP, Localhost Redirect URI Risks."""
    page.goto(stack.authorization_url())
    expect(page.get_by_role("note")).to_contain_text("Be careful.")
    picture(page, "consent-loopback")


@pytest.mark.parametrize(("button", "answered"), [("Approve", "code"), ("Deny", "error")])
def test_a_keyboard_is_enough(page: Page, stack: Stack, picture: Picture, button: str, answered: str) -> None:
    """WCAG 2.1.1 and 2.4.7: everything is reached with Tab, and what has the focus is seen to have it."""
    page.goto(stack.authorization_url())
    wanted = page.get_by_role("button", name=button)
    for _ in range(10):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            break
    expect(wanted).to_be_focused()
    outline = wanted.evaluate(
        "element => { const s = getComputedStyle(element); return [s.outlineStyle, s.outlineWidth] }"
    )
    assert outline[0] != "none"
    assert float(outline[1].removesuffix("px")) >= 2
    picture(page, f"keyboard-{button.lower()}")
    page.keyboard.press("Enter")
    if button == "Approve":
        expect(page.get_by_label("User name")).to_be_focused()
        for typed in ("alice", "password"):
            page.keyboard.type(typed)
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    assert answered in returned_parameters(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [NAME, LONG])
def test_a_narrow_phone_shows_everything_without_scrolling_sideways(
    browser: Browser, stack: Stack, picture: Picture, scheme: str, name: str
) -> None:
    """WCAG 1.4.10: 320 CSS pixels."""
    with open_page(browser, viewport=PHONE, color_scheme=scheme, device_scale_factor=2) as page:
        page.goto(stack.authorization_url(name=name))
        assert fits(page)
        for button in page.get_by_role("button").all():
            box = button.bounding_box()
            # WCAG 2.5.8: a finger finds it.
            assert box
            assert min(box["width"], box["height"]) >= 24
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
        picture(page, f"phone-{scheme}-{'long' if name == LONG else 'short'}")


def test_the_page_follows_the_colours_of_the_device(browser: Browser, stack: Stack, picture: Picture) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        with open_page(browser, color_scheme=scheme, viewport={"width": 1280, "height": 800}) as page:
            page.goto(stack.authorization_url())
            seen[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
            picture(page, f"consent-{scheme}")
    assert seen == {"light": "rgb(242, 244, 247)", "dark": "rgb(18, 21, 27)"}


def test_a_browser_without_javascript_is_enough(browser: Browser, stack: Stack) -> None:
    with open_page(browser, java_script_enabled=False) as page:
        page.goto(stack.authorization_url())
        page.get_by_role("button", name="Approve").click()
        log_in(page)
        assert returned_parameters(page)["code"]


def test_the_consent_page_appears_in_nobodys_frame(page: Page, stack: Stack) -> None:
    """Clickjacking, RFC 9700 4.16: the browser itself refuses, for what the page says of itself."""
    url = stack.authorization_url()
    elsewhere = urljoin(stack.application, f"/frame?{url}")
    buttons = page.frame_locator("iframe").get_by_role("button")
    with page.expect_event("requestfailed", lambda request: request.url == url) as failed:
        page.goto(elsewhere)
    assert "BLOCKED_BY_RESPONSE" in (failed.value.failure or "")
    assert buttons.count() == 0
    # The same page without its headers would be there.
    body = requests.get(url, timeout=TIMEOUT).text
    page.route(url, lambda route: route.fulfill(content_type="text/html", body=body))
    page.goto(elsewhere)
    expect(buttons).to_have_count(2)


def test_a_form_on_another_site_approves_nothing(page: Page, stack: Stack) -> None:
    """CSRF, RFC 9700 4.7: with a form that was this browser's own, and a button that looks harmless."""
    page.goto(stack.authorization_url())
    signed = page.locator("input[name=request]").first.get_attribute("value")
    form = (
        f'<!doctype html><form method=post action="{stack.url}/consent"><input type=hidden name=request '
        f'value="{signed}"><button name=decision value=approve>Win a prize</button></form>'
    )
    page.route("https://evil.example/", lambda route: route.fulfill(content_type="text/html", body=form))
    page.goto("https://evil.example/")
    with page.expect_response(f"{stack.url}/consent") as answer:
        page.get_by_role("button", name="Win a prize").click()
    # Without the cookie, which SameSite=Lax keeps back, or by the Origin: refused either way.
    assert answer.value.status in {400, 403}
    expect(page.get_by_label("Password")).to_have_count(0)
