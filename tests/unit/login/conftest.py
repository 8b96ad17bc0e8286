"""The login function and the authorization server, with an identity provider in memory."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.login.endpoints import endpoints
from runtime.login.stores import LoginStores
from runtime.oauth.clients.access import client_access
from runtime.oauth.clients.authentication import ClientAuthenticator
from runtime.oauth.remote.fetch import Fetcher
from runtime.oauth.stores import Stores
from runtime.settings import LoginSettings
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.logins import DynamoDBLogins, DynamoDBPushedRequests, DynamoDBSessions
from runtime.storage.users import DynamoDBUsers
from runtime.tokens.key_ring import KeyRing
from tests.memory.keys import MemoryKeys
from tests.memory.table import MemoryTable
from tests.support.login import LOOPBACK, PROVIDER, PUBLIC, Browser, Provider, Register
from tests.unit.conftest import CACHE_SECONDS, PUBLIC_URL, Clock, Send, sender


@pytest.fixture
def login_settings() -> LoginSettings:
    return LoginSettings(
        public_url=PUBLIC_URL,
        log_level="INFO",
        table_name="table",
        signing_key_arn="arn",
        scope_implies={"mcp": ("mcp:read",)},
        server_name="Tools of Example",
        max_redirect_uris=20,
        private_use_schemes=("cursor",),
        client_id_metadata_documents=(),
        scopes={"mcp": "Use the tools", "mcp:admin": "Change things", "mcp:read": "Look"},
        identity_provider=PROVIDER,
        authorizer_cache_seconds=CACHE_SECONDS,
        access_token_lifetime=3600,
        refresh_token_days=90,
        failed_authentications_per_minute=1000,
        authorizations_per_minute=5,
    )


@pytest.fixture
def grants(table: MemoryTable, clock: Clock) -> DynamoDBGrants:
    return DynamoDBGrants(table, clock, PROVIDER)


@pytest.fixture
def login_stores(stores: Stores, table: MemoryTable, grants: DynamoDBGrants) -> LoginStores:
    own = (
        DynamoDBPushedRequests(table),
        DynamoDBLogins(table, PROVIDER),
        DynamoDBSessions(table, PROVIDER),
        DynamoDBUsers(table, PROVIDER),
    )
    return LoginStores(
        lambda client_id, _source: stores.clients.get(client_id), *own, stores.grants, stores.counters, stores.audit
    )


@pytest.fixture
def idp() -> Provider:
    return Provider()


@pytest.fixture
def users_send(send_to: Callable[..., Send]) -> Send:
    """Send requests to the authorization server of a stack with logins."""
    return send_to(interactive=True)


@pytest.fixture
def authenticate(login_settings: LoginSettings, stores: Stores, fetching: Fetcher, clock: Clock) -> ClientAuthenticator:
    return client_access(login_settings, stores, fetching, clock)[1]


@pytest.fixture
def ring(users_send: Send, keys: MemoryKeys, clock: Clock) -> KeyRing:
    """Return the signing keys, after the authorization server has created the first."""
    return KeyRing(keys, clock)


@pytest.fixture
def login_send(
    login_settings: LoginSettings,
    login_stores: LoginStores,
    ring: KeyRing,
    authenticate: ClientAuthenticator,
    idp: Provider,
    clock: Clock,
) -> Send:
    """Send requests to the login function."""
    return sender(endpoints(login_settings, login_stores, ring, authenticate, idp, clock))


@pytest.fixture
def browser(login_send: Send) -> Browser:
    return Browser(login_send)


@pytest.fixture
def register(users_send: Send) -> Register:
    """Register a client that differs from the usual one in the metadata that are given."""
    return lambda **changes: dict(users_send("POST", "/dcr", json={**PUBLIC, **changes})["json"])


@pytest.fixture
def client(users_send: Send) -> dict[str, Any]:
    """A public client on a website."""
    return dict(users_send("POST", "/dcr", json=PUBLIC)["json"])


@pytest.fixture
def lasting(users_send: Send) -> dict[str, Any]:
    """A public client that gets refresh tokens."""
    asked = {**PUBLIC, "grant_types": ["authorization_code", "refresh_token"]}
    return dict(users_send("POST", "/dcr", json=asked)["json"])


@pytest.fixture
def desktop(users_send: Send) -> dict[str, Any]:
    """A public client on a user's own device."""
    return dict(users_send("POST", "/dcr", json={**PUBLIC, "redirect_uris": [LOOPBACK]})["json"])


@pytest.fixture
def items(table: MemoryTable) -> Callable[[str], list[dict[str, Any]]]:
    """Return the items of one kind."""

    def of_kind(kind: str) -> list[dict[str, Any]]:
        kept = list(table.items.values())
        return [item for item in kept if item["pk"].startswith(f"{kind}#")]

    return of_kind
