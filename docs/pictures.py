"""Take the pictures in ``docs/pictures`` of the pages that users see. Run it with ``make pictures``."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Route, sync_playwright

from runtime.login.pages.account import account_page
from runtime.login.pages.consent import Wording, consent_page
from runtime.login.pages.markup import page_file
from runtime.login.pages.page import Pages
from runtime.login.request import AuthorizationRequest
from runtime.login.users import Access
from runtime.records.login import Session
from tests.browser.chromium import launch_options

PICTURES = Path(__file__).resolve().parent / "pictures"
SITE = "https://mcp.example.com"
PAGES = Pages(SITE)
SCOPES = {"tickets:read": "Read your tickets", "tickets:write": "Open and change tickets"}
WORDING = Wording("Acme Tools", SCOPES, "https://acme.okta.com")
ALICE = Session("00u1abcd", "Alice Martin", "alice@acme.example", 0, 0)
MARCH = 1_772_700_000


def consent(name: str, redirect_uri: str, session: Session | None) -> str:
    """Return the consent page of a client."""
    request = AuthorizationRequest(
        "5bd86b16d0889faa", name, redirect_uri, None, " ".join(SCOPES), "", "", "", provable=True, lasting=True
    )
    return consent_page(PAGES, request, "", WORDING, session).body


def access(name: str, redirect_uri: str, *scopes: str) -> Access:
    """Return the access of one client, which was approved in March."""
    return Access("5bd86b16d0889faa", name, (redirect_uri,), scopes, MARCH, MARCH, (), ())


def account() -> str:
    """Return the account page of a user who has approved two clients."""
    accesses = [
        access("Claude", "https://claude.ai/api/mcp/auth_callback", *SCOPES),
        access("Visual Studio Code", "http://127.0.0.1/", "tickets:read"),
    ]
    return account_page(PAGES, ALICE, accesses, "").body


def main() -> None:
    """Write every picture anew."""
    bodies = {
        "consent": consent("Claude", "https://claude.ai/api/mcp/auth_callback", None),
        "consent-device": consent("Visual Studio Code", "http://127.0.0.1:33418/", ALICE),
        "account": account(),
    }

    def answer(route: Route) -> None:
        name = urlsplit(route.request.url).path.removeprefix("/")
        if name in bodies:
            route.fulfill(content_type="text/html", body=bodies[name])
        else:
            route.fulfill(content_type="text/css", body=page_file("style.css"))

    with sync_playwright() as playwright:
        page = playwright.chromium.launch(**launch_options()).new_page(viewport={"width": 1280, "height": 1200})
        page.route("**/*", answer)
        for name in bodies:
            page.goto(f"{SITE}/{name}")
            page.wait_for_function("document.getAnimations().every(one => one.playState !== 'running')")
            page.locator("main").screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
