"""A client whose id is the URL of a document about it, from the authorization request to the renewed token.

OAuth Client ID Metadata Document; MCP 2026-07-28, Client ID Metadata Documents.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from runtime.login.stores import LoginStores
from runtime.oauth.clients.access import client_access
from runtime.oauth.remote.cache_lifetime import DEFAULT_SECONDS
from runtime.oauth.remote.fetch import Fetcher
from runtime.oauth.stores import Stores
from runtime.settings import LoginSettings
from tests.support.login import VERIFIER, WEBSITE, Browser, asking, log_in
from tests.support.tls_server import HOST, URL, TlsServer, fetcher, response
from tests.unit.conftest import Clock, Send

DOCUMENT = {
    "client_id": URL,
    "client_name": "An editor",
    "redirect_uris": [WEBSITE],
    "grant_types": ["authorization_code", "refresh_token"],
    "token_endpoint_auth_method": "none",
}


@pytest.fixture
def fetching(server: TlsServer) -> Fetcher:
    server.answer = response(json.dumps(DOCUMENT).encode())
    return fetcher(server)


@pytest.fixture
def login_settings(login_settings: LoginSettings) -> LoginSettings:
    return replace(login_settings, client_id_metadata_documents=(HOST,))


@pytest.fixture
def login_stores(
    login_stores: LoginStores, login_settings: LoginSettings, stores: Stores, fetching: Fetcher, clock: Clock
) -> LoginStores:
    directory, _ = client_access(login_settings, stores, fetching, clock)
    return replace(login_stores, get_client=directory.get)


@pytest.fixture
def users_send(send_to: Callable[..., Send]) -> Send:
    return send_to(interactive=True, client_id_metadata_documents=(HOST,))


def ask(send: Send, **form: str) -> dict[str, Any]:
    return dict(send("POST", "/token", form={**form, "client_id": URL})["json"])


def test_it_is_approved_by_name_and_gets_tokens_without_having_registered(browser: Browser, users_send: Send) -> None:
    code = log_in(browser, DOCUMENT)["code"]
    first = ask(users_send, grant_type="authorization_code", code=code, code_verifier=VERIFIER, redirect_uri=WEBSITE)
    second = ask(users_send, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert first["scope"] == second["scope"] == "mcp"
    assert second["refresh_token"] != first["refresh_token"]
    assert "An editor" in browser.get("/account")["body"]


def test_a_document_that_has_changed_is_asked_about_again(browser: Browser, server: TlsServer, clock: Clock) -> None:
    """MCP 2026-07-28: the page shows what the document says, so another document is another page."""

    def is_asked(document: dict[str, Any]) -> bool:
        server.answer = response(json.dumps(document).encode())
        clock.now += DEFAULT_SECONDS
        query = asking(document, client_id=URL)
        return bool(browser.get("/authorize", query)["statusCode"] == 200)

    log_in(browser, DOCUMENT)
    assert not is_asked(DOCUMENT)
    assert is_asked({**DOCUMENT, "client_name": "Another editor"})
    assert is_asked({**DOCUMENT, "redirect_uris": ["https://other.example/callback"]})
    assert not is_asked(DOCUMENT)


def test_a_redirect_uri_that_its_document_does_not_name_leads_nowhere(browser: Browser) -> None:
    """MCP 2026-07-28: "MUST validate redirect URIs presented in an authorization request"."""
    answer = browser.get("/authorize", asking(DOCUMENT, redirect_uri="https://evil.example/"))
    assert answer["statusCode"] == 400
    assert "Location" not in answer["headers"]


def test_a_document_at_a_host_that_the_stack_does_not_trust_is_no_client(browser: Browser, server: TlsServer) -> None:
    answer = browser.get("/authorize", asking(DOCUMENT, client_id=URL.replace(HOST, "evil.example.com")))
    assert answer["statusCode"] == 400
    assert not server.requests
