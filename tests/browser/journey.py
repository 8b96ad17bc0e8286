"""The stack as a user in a browser meets it: clients that ask for access, and the way through a login."""

import html
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from playwright.sync_api import Page, expect

from local.provider.user import PASSWORD, USER
from runtime.oauth import pkce

TIMEOUT = 30
WEBSITE = "https://app.example.com/callback"
NAME = "Notes for everyone"


@dataclass(frozen=True)
class Stack:
    """A running stack, by its public URL, and the redirect URI of an application on the device."""

    url: str
    application: str

    def authorization_url(self, redirect_uri: str = "", name: str = NAME, scope: str = "mcp") -> str:
        """Where a newly registered client sends a user: one on the device, unless another redirect URI is given."""
        redirect_uri = redirect_uri or self.application
        asked = {
            "client_name": name,
            "redirect_uris": [redirect_uri],
            "grant_types": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_method": "none",
        }
        registered = requests.post(f"{self.url}/dcr", json=asked, timeout=TIMEOUT)
        assert registered.status_code == 201, registered.text
        query = {
            "response_type": "code",
            "client_id": registered.json()["client_id"],
            "redirect_uri": redirect_uri,
            "code_challenge": pkce.challenge("v" * 43),
            "code_challenge_method": "S256",
            "state": "the-state",
            "scope": scope,
        }
        return f"{self.url}/authorize?{urlencode(query)}"


class Application(BaseHTTPRequestHandler):
    """What a client on the device shows to who comes back; and at ``/frame?URL`` another page, in a frame."""

    def do_GET(self) -> None:
        path, _, framed = self.path.partition("?")
        shown = (
            f'<iframe src="{html.escape(framed)}"></iframe>' if path == "/frame" else "<h1>Back in the application</h1>"
        )
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        page = f"<!doctype html><title>App</title><link rel=icon href='data:,'>{shown}"
        self.wfile.write(page.encode())

    def log_message(self, *arguments: Any) -> None:
        pass


def returned_parameters(page: Page) -> dict[str, list[str]]:
    """What the client is called back with."""
    expect(page.get_by_role("heading", name="Back in the application")).to_be_visible()
    return parse_qs(urlsplit(page.url).query)


def log_in(page: Page) -> None:
    """Fill in the form of the identity provider."""
    page.get_by_label("User name").fill(USER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
