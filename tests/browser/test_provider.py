"""The identity provider of the local stack, in a browser."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from local.processes import stop
from local.provider.client import ensure_provider
from local.servers import PROVIDER
from local.state import Client, State
from tests.browser.conftest import Picture
from tests.support.names import PROJECT


class Callback(BaseHTTPRequestHandler):
    """Where the provider sends the browser back to."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Welcome back")

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The provider's client, with a server at its redirect URI."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Callback) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        state = State(tmp_path_factory.mktemp("stack"), 0, 0, "eu-central-1")
        ensure_provider(state, {f"{PROJECT}:publicUrl": f"http://localhost:{server.server_port}"})
        assert state.client
        yield state.client
        stop(state.processes[PROVIDER])
        server.shutdown()


def test_alice_types_her_password_and_comes_back_with_a_code(page: Page, client: Client, picture: Picture) -> None:
    request = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": "openid",
        "state": "the-state",
        "nonce": "the-nonce",
    }
    page.goto(f"{client.issuer}/oauth2/authorize?{urlencode(request)}")
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill("guess")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_have_text("Wrong user name or password.")
    assert picture(page, "provider-refuses").stat().st_size > 5000
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill("password")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Welcome back")).to_be_visible()
    query = parse_qs(urlsplit(page.url).query)
    assert query["state"] == ["the-state"]
    assert query["code"][0]
