"""A browser, pages in it, and pictures of them."""

import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.chromium import launch_options
from tests.browser.journey import Application, Stack
from tests.support.local_stack import LocalStack

SCREENSHOTS = Path(__file__).resolve().parent / "screenshots"
DESKTOP: ViewportSize = {"width": 1280, "height": 800}

Picture = Callable[[Page, str], Path]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that has never been anywhere."""
    with browser.new_context(viewport=DESKTOP) as context:
        context.set_default_timeout(10_000)
        yield context.new_page()


@pytest.fixture(scope="session")
def application() -> Iterator[str]:
    """The redirect URI of an application on the device."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Application) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/callback"
        server.shutdown()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, application: str) -> Iterator[Stack]:
    """A stack of its own, in which any number of logins may be started."""
    directory = tmp_path_factory.mktemp("browser") / "stack"
    with LocalStack(directory, config={"registrationsPerHour": "100000", "authorizationsPerMinute": "100000"}) as stack:
        yield Stack(stack.outputs["url"], application)


@pytest.fixture(scope="session")
def picture() -> Picture:
    """Keeps a picture of a whole page in ``screenshots``, to be looked at."""
    SCREENSHOTS.mkdir(exist_ok=True)

    def take(page: Page, name: str) -> Path:
        path = SCREENSHOTS / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take
