"""The account page in a browser, and the error pages."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Picture
from tests.browser.journey import NAME, Stack, log_in, returned_parameters


def _approve(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Approve").click()
    log_in(page)
    assert returned_parameters(page)["code"]


def test_a_user_sees_what_has_access_and_takes_it_back(page: Page, stack: Stack, picture: Picture) -> None:
    for name in (NAME, "An editor"):
        _approve(page, stack.authorization_url(name=name))
    page.goto(f"{stack.url}/account")
    expect(page.get_by_text("You are signed in as alice@example.com")).to_be_visible()
    clients = page.locator("main li")
    before = clients.count()
    picture(page, "account")
    mine = clients.filter(has_text="An editor")
    others = mine.count()
    mine.first.get_by_role("button", name="Revoke", exact=True).click()
    expect(clients).to_have_count(before - 1)
    expect(mine).to_have_count(others - 1)
    page.get_by_role("button", name="Revoke all access").click()
    expect(clients).to_have_count(0)
    picture(page, "account-empty")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    picture(page, "account-signed-out")


def test_a_user_signs_in_at_the_account_page(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/account")
    page.get_by_role("button", name="Sign in").click()
    log_in(page)
    expect(page).to_have_url(f"{stack.url}/account")
    expect(page.get_by_text("You are signed in as alice@example.com")).to_be_visible()


def test_the_account_page_fits_a_narrow_phone(page: Page, stack: Stack, picture: Picture) -> None:
    """WCAG 1.4.10: 320 CSS pixels."""
    page.set_viewport_size({"width": 320, "height": 640})
    _approve(page, stack.authorization_url(name="Averylongnamewithoutanyspaceinit" * 4))
    page.goto(f"{stack.url}/account")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    picture(page, "account-phone")


def test_a_request_that_does_not_work_is_explained_and_leads_nowhere(
    page: Page, stack: Stack, picture: Picture
) -> None:
    """RFC 6749 4.1.2.1."""
    url = stack.authorization_url()
    page.goto(re.sub("redirect_uri=[^&]+", "redirect_uri=https%3A%2F%2Fevil.example%2F", url))
    expect(page.get_by_role("heading", name="This request is not valid")).to_be_visible()
    assert page.url.startswith(f"{stack.url}/authorize")
    assert page.get_by_role("link").count() == 0
    picture(page, "refused")


def test_who_gives_up_at_the_provider_can_go_back_to_the_application(
    page: Page, stack: Stack, picture: Picture
) -> None:
    """RFC 6749 4.1.2.1: the application is told by the link."""
    page.goto(stack.authorization_url())
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Cancel").click()
    picture(page, "gave-up")
    page.get_by_role("link", name="Return to the application").click()
    assert returned_parameters(page)["error"] == ["access_denied"]
