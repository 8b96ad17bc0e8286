"""The official Python SDK's client, given nothing but the MCP URL: it registers, a user logs in, it calls a tool."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from mcp import Client
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.auth import OAuthClientMetadata

from tests.e2e.conftest import Server
from tests.e2e.test_sdk_client import ERAS, Memory
from tests.support.token_lifetime import access_tokens_of
from tests.support.user_browser import User

CALLBACK = "http://localhost:3030/callback"
# Shorter than the configuration allows, and calls until well after it.
LIFETIME_SECONDS = 4
SECONDS_BETWEEN_CALLS = 0.5
MOST_CALLS = 40
Check = Callable[[Server, User], None]
Use = Callable[[Client, OAuthClientProvider], Awaitable[None]]


class AtTheBrowser:
    """The two handlers of the SDK: one sends a user somewhere, the other hears of their coming back."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._answer: dict[str, str] = {}
        self.visits = 0

    async def redirect(self, url: str) -> None:
        self.visits += 1
        self._answer = await asyncio.to_thread(self._user.authorize, url)

    async def callback(self) -> AuthorizationCodeResult:
        return AuthorizationCodeResult(**self._answer)


def _provider(server: Server, browser: AtTheBrowser) -> OAuthClientProvider:
    metadata = OAuthClientMetadata.model_validate({"client_name": "Python SDK", "redirect_uris": [CALLBACK]})
    return OAuthClientProvider(f"{server.url}/mcp", metadata, Memory(), browser.redirect, browser.callback)


@asynccontextmanager
async def _connected(server: Server, mode: str, provider: OAuthClientProvider) -> AsyncIterator[Client]:
    url = f"{server.url}/mcp"
    async with create_mcp_http_client(auth=provider) as http:
        transport = streamable_http_client(url, http_client=http)
        async with Client(transport, mode=mode, read_timeout_seconds=30) as client:
            yield client


async def _whoami(client: Client) -> tuple[str, str]:
    seen = (await client.call_tool("whoami")).structured_content
    assert seen is not None
    return seen["subject"], seen["protocol_version"]


def check_login(server: Server, alice: User, mode: str) -> None:
    """Check that the client calls a tool as the user who logged in."""

    async def use() -> None:
        browser = AtTheBrowser(alice)
        async with _connected(server, mode, _provider(server, browser)) as client:
            assert await _whoami(client) == ("alice", "2025-11-25" if mode == "legacy" else mode)
        assert browser.visits == 1

    asyncio.run(use())


def check_idle_client(server: Server, alice: User) -> None:
    """Check that a client which knows that its token has ended renews it without the user."""

    async def use(client: Client, _provider: OAuthClientProvider) -> None:
        await asyncio.sleep(LIFETIME_SECONDS)
        assert (await _whoami(client))[0] == "alice"

    _outlive_a_token(server, alice, use, visits=1)


def check_busy_client(server: Server, alice: User) -> None:
    """Check that no call fails of a client that hears of the end of its token by a 401 alone. It logs in anew."""

    async def use(client: Client, provider: OAuthClientProvider) -> None:
        first = provider.context.current_tokens
        calls = 0
        while provider.context.current_tokens == first and calls < MOST_CALLS:
            provider.context.token_expiry_time = None
            assert (await _whoami(client))[0] == "alice"
            calls += 1
            await asyncio.sleep(SECONDS_BETWEEN_CALLS)

    _outlive_a_token(server, alice, use, visits=2)


def _outlive_a_token(server: Server, alice: User, use: Use, visits: int) -> None:
    """Call a tool, then ``use`` the client. Check that it has another token then, and how often the user logged in."""

    async def run() -> None:
        browser = AtTheBrowser(alice)
        provider = _provider(server, browser)
        async with _connected(server, "2026-07-28", provider) as client:
            await _whoami(client)
            first = provider.context.current_tokens
            await use(client, provider)
        assert provider.context.current_tokens != first
        assert browser.visits == visits

    with access_tokens_of(LIFETIME_SECONDS, server.client_of("lambda")):
        asyncio.run(run())


@pytest.mark.parametrize("mode", ERAS)
def test_the_python_client_ends_up_calling_a_tool_as_the_user(server: Server, alice: User, mode: str) -> None:
    check_login(server, alice, mode)


@pytest.mark.parametrize("check", [check_idle_client, check_busy_client], ids=["idle", "busy"])
def test_the_python_client_lives_through_the_end_of_a_token(server: Server, alice: User, check: Check) -> None:
    check(server, alice)


@pytest.mark.parametrize("mode", ERAS)
def test_the_python_client_renews_its_access_without_the_user(server: Server, alice: User, mode: str) -> None:
    """OAuth 2.1 4.3: with the refresh token that it was given."""

    async def use() -> None:
        browser = AtTheBrowser(alice)
        provider = _provider(server, browser)
        async with _connected(server, mode, provider) as client:
            await _whoami(client)
            before = provider.context.current_tokens
            # As it is an hour later.
            provider.context.token_expiry_time = 1
            assert (await _whoami(client))[0] == "alice"
            after = provider.context.current_tokens
        assert before
        assert after
        assert after.refresh_token not in {None, before.refresh_token}
        assert browser.visits == 1

    asyncio.run(use())
