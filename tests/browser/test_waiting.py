"""The Approve button does not act before somebody can have read the page: double-clickjacking, by CSS alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, FloatRect, Page, expect

from tests.browser.journey import Stack, log_in, returned_parameters

# A machine that is busy takes longer than a second for a test; the second of the page takes as long as this.
SLOW = 0.001
REAL = 1
WAYS = [{}, {"reduced_motion": "reduce"}, {"java_script_enabled": False}, {"forced_colors": "active"}]


class Time:
    """How fast the animations of a page go."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Animation.enable")

    def go(self, rate: float) -> None:
        self._session.send("Animation.setPlaybackRate", {"playbackRate": rate})


@contextmanager
def open_page(browser: Browser, **options: Any) -> Iterator[tuple[Page, Time]]:
    with browser.new_context(**options) as context:
        context.set_default_timeout(10_000)
        page = context.new_page()
        yield page, Time(page)


def place(page: Page) -> FloatRect:
    """Where the Approve button is, seen or not."""
    box = page.locator("button[value=approve]").bounding_box()
    assert box
    return box


def click_there(page: Page, box: FloatRect) -> None:
    """Move the mouse and press it at once, whatever is there."""
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.parametrize("options", WAYS, ids=str)
def test_a_click_in_the_first_second_approves_nothing(browser: Browser, stack: Stack, options: dict[str, Any]) -> None:
    with open_page(browser, **options) as (page, time):
        time.go(SLOW)
        url = stack.authorization_url()
        page.goto(url)
        button = page.get_by_role("button", name="Approve")
        for _ in range(2):
            click_there(page, place(page))
        expect(button).to_have_count(0)
        assert page.url == url
        time.go(REAL)
        button.click()
        log_in(page)
        assert returned_parameters(page)["code"]


def test_no_key_approves_in_the_first_second(browser: Browser, stack: Stack) -> None:
    with open_page(browser) as (page, time):
        time.go(SLOW)
        url = stack.authorization_url()
        page.goto(url)
        page.evaluate("document.querySelector('button[value=approve]').focus()")
        for key in ("Enter", "Space"):
            page.keyboard.press(key)
        reached = set()
        for _ in range(10):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.value"))
        assert ("deny" in reached, "approve" in reached) == (True, False)
        assert page.url == url
        time.go(REAL)
        page.get_by_role("button", name="Approve").press("Enter")
        log_in(page)
        assert returned_parameters(page)["code"]


def test_the_first_second_is_a_second(page: Page, stack: Stack) -> None:
    page.goto(stack.authorization_url())
    lasting = "document.getAnimations().map(one => one.effect.getComputedTiming().endTime)"
    assert set(page.evaluate(lasting)) == {1000}
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    assert page.evaluate("document.timeline.currentTime") >= 1000


def test_who_denies_need_not_wait(browser: Browser, stack: Stack) -> None:
    with open_page(browser) as (page, time):
        time.go(SLOW)
        page.goto(stack.authorization_url())
        page.get_by_role("button", name="Deny").click()
        assert returned_parameters(page)["error"] == ["access_denied"]


def test_a_click_that_arrives_with_the_pointer_approves_nothing_however_long_the_page_is_there(
    page: Page, stack: Stack
) -> None:
    """The page waits below another window, which closes under the first click of two: the second one falls through."""
    url = stack.authorization_url()
    page.goto(url)
    # The pointer is over the other window.
    page.mouse.move(-1, -1)
    button = page.get_by_role("button", name="Approve")
    expect(button).to_be_visible()
    click_there(page, place(page))
    # It is gone for a second, and then there.
    expect(button).to_have_count(0)
    expect(button).to_be_visible()
    assert page.url == url
    click_there(page, place(page))
    log_in(page)
    assert returned_parameters(page)["code"]


def test_a_finger_need_not_come_twice(browser: Browser, stack: Stack) -> None:
    """Where nothing hovers, nothing arrives: a tap is the first that the page hears of it."""
    with open_page(browser, has_touch=True, is_mobile=True, viewport={"width": 320, "height": 640}) as (page, _time):
        page.goto(stack.authorization_url())
        expect(page.get_by_role("button", name="Approve")).to_be_visible()
        page.locator("button[value=approve]").scroll_into_view_if_needed()
        box = place(page)
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        log_in(page)
        assert returned_parameters(page)["code"]


def test_whoever_opens_the_page_in_a_window_of_its_own_holds_no_reference_to_it(page: Page, stack: Stack) -> None:
    """HTML 7.1.3: the window that opened it can neither send it on nor see when it has closed."""
    page.goto(stack.application)
    with page.expect_popup() as popup:
        page.evaluate("url => { window.opened = window.open(url) }", stack.authorization_url())
    expect(popup.value.get_by_role("heading", level=1)).to_contain_text("wants to access")
    assert page.evaluate("window.opened.closed")
    assert popup.value.evaluate("window.opener") is None
