"""The stack as a person in a browser meets it: clients that ask for access, and the way through a login."""

from dataclasses import dataclass
from urllib.parse import urlencode

import requests
from playwright.sync_api import Page, Request, Route

from local.person import PASSWORD, USER
from runtime.oauth import pkce

TIMEOUT = 30
WEBSITE = "https://app.example.com/callback"
LOOPBACK = "http://127.0.0.1:33418/callback"
NAME = "Notes for everyone"


@dataclass(frozen=True)
class Stack:
    """A running stack, by its public URL."""

    url: str

    def authorization_url(self, redirect_uri: str = WEBSITE, name: str = NAME, scope: str = "mcp") -> str:
        """Where a newly registered client sends a person."""
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


def answer_for_client(route: Route, _request: Request) -> None:
    """What a client's page shows to the person who comes back."""
    route.fulfill(content_type="text/html", body="<!doctype html><title>App</title><h1>Back in the application</h1>")


def log_in(page: Page) -> None:
    """Fill in the form of the identity provider."""
    page.get_by_label("User name").fill(USER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
