"""A browser, an identity provider in memory, and the steps of a login."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from runtime.http.errors import Problem
from runtime.login.provider.identity import User
from runtime.oauth import pkce
from tests.unit.conftest import PUBLIC_URL, Send

PROVIDER = "https://idp.example"
VERIFIER = "v" * 43
CHALLENGE = pkce.challenge(VERIFIER)
ALICE = User("alice", "Alice", "alice@example.com")
WEBSITE = "https://app.example/callback"
LOOPBACK = "http://127.0.0.1:49152/callback"
# Registers a client with changed metadata, and returns its registration.
Register = Callable[..., dict[str, Any]]
PUBLIC = {"client_name": "An editor", "redirect_uris": [WEBSITE], "token_endpoint_auth_method": "none"}


class Provider:
    """An ``IdentityProvider`` in memory. It knows the user, and checks the code verifier and nonce like a real one."""

    def __init__(self) -> None:
        self.user = ALICE
        self.problem: Problem | None = None
        self.down: Exception | None = None
        self.sent: list[dict[str, str]] = []
        self.iss: str | None = None

    def authorization_url(self, state: str, nonce: str, code_challenge: str, prompt: str | None = None) -> str:
        if self.down:
            raise self.down
        asked = {"state": state, "nonce": nonce, "code_challenge": code_challenge, "prompt": prompt or ""}
        self.sent.append(asked)
        return f"{PROVIDER}/authorize?{urlencode(asked)}"

    def identify(self, code: str, code_verifier: str, nonce: str, iss: str | None) -> User:
        self.iss = iss
        if self.problem:
            raise self.problem
        # The code of the tests is the state that it answers.
        [asked] = [asked for asked in self.sent if asked["state"] == code]
        assert pkce.challenge(code_verifier) == asked["code_challenge"]
        assert nonce == asked["nonce"]
        return self.user


@dataclass
class Browser:
    """Keeps cookies, follows no redirects, and sends the origin of its forms."""

    send: Send
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, query: dict[str, str] | None = None, **more: list[str]) -> dict[str, Any]:
        lists = {name: [value] for name, value in (query or {}).items()} | more
        return self._send("GET", path, query=lists, headers=self._headers())

    def post(self, path: str, form: dict[str, str], **headers: str) -> dict[str, Any]:
        same_site = {"Origin": PUBLIC_URL, "Sec-Fetch-Site": "same-origin"}
        sent = {name.replace("_", "-"): value for name, value in headers.items()} if headers else same_site
        return self._send("POST", path, form=form, headers=self._headers() | sent)

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}

    def _send(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        answer = self.send(method, path, **parts)
        for cookie in answer.get("multiValueHeaders", {}).get("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


def asking(client: dict[str, Any], **changes: str | None) -> dict[str, str]:
    """Return the query of an authorization request."""
    query: dict[str, str | None] = {
        "response_type": "code",
        "client_id": client["client_id"],
        "redirect_uri": client["redirect_uris"][0],
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "state": "xyz",
        **changes,
    }
    return {name: value for name, value in query.items() if value is not None}


def fields(page: dict[str, Any]) -> dict[str, str]:
    """Return the hidden fields of the first form on a page."""
    form = page["body"].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {name: html.unescape(value) for name, value in found}


def approve(browser: Browser, page: dict[str, Any], decision: str = "approve") -> dict[str, Any]:
    return browser.post("/consent", {**fields(page), "decision": decision})


def forward_url(page: dict[str, Any]) -> str:
    """Return the URL that a page forwards to; its link must have the same URL."""
    assert page["statusCode"] == 200, page["body"]
    [url] = re.findall(r'<meta http-equiv="refresh" content="0;url=([^"]*)">', page["body"])
    assert f'<a href="{url}">' in page["body"]
    return html.unescape(url)


def parameters(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, strict_parsing=True))


def come_back(browser: Browser, provider_url: str, **more: str) -> dict[str, Any]:
    """Send the browser back from the provider, as after a login."""
    assert provider_url.startswith(f"{PROVIDER}/authorize?")
    state = parameters(provider_url)["state"]
    return browser.get("/callback", {"state": state, "code": state, **more})


def log_in(browser: Browser, client: dict[str, Any], **changes: str | None) -> dict[str, str]:
    """Approve, log in, and return the parameters that the client gets."""
    page = browser.get("/authorize", asking(client, **changes))
    answer = come_back(browser, forward_url(approve(browser, page)))
    return redirect_parameters(answer)


def redirect_parameters(answer: dict[str, Any]) -> dict[str, str]:
    """Return the parameters of a redirect to the client."""
    assert answer["statusCode"] == 302, answer["body"]
    return parameters(answer["headers"]["Location"])
