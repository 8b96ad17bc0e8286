"""A healthy deployment where users sign in, and a doctor to look at it."""

import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from typing import Any

import pytest

from admin.doctor.clients import PROFILES
from runtime.authoring import tool
from runtime.login.endpoints import endpoints as login_endpoints
from runtime.login.stores import LoginStores
from runtime.oauth.clients.access import client_access
from runtime.oauth.endpoints import endpoints as oauth_endpoints
from runtime.oauth.remote.fetch import Fetcher
from runtime.oauth.stores import Stores
from runtime.settings import LoginSettings, OAuthSettings
from runtime.storage.logins import DynamoDBLogins, DynamoDBPushedRequests, DynamoDBSessions
from runtime.storage.token_status import DynamoDBTokenStatus
from runtime.storage.users import DynamoDBUsers
from runtime.tokens.access_tokens import Tokens
from runtime.tokens.authorizer import Authorizer
from runtime.tokens.denials import Denials
from runtime.tokens.key_ring import KeyRing
from runtime.tokens.rotation import create_first_key
from tests.memory.keys import MemoryKeys
from tests.memory.table import MemoryTable
from tests.support.login import PROVIDER, Provider
from tests.support.tls_server import TlsServer, client_context, public, response
from tests.unit.admin.doctor.deployment import Deployment, listening
from tests.unit.conftest import Clock, authorizer_settings, sender
from tests.unit.mcp.conftest import Server, app_of

DOCUMENTS = {
    profile.document: {
        "client_id": profile.document,
        "client_name": profile.name,
        "redirect_uris": [profile.redirect_uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "none",
    }
    for profile in PROFILES
    if profile.document
}
Deploy = Callable[..., Deployment]


@tool
def hello() -> str:
    """Say hello."""
    return "hello"


def _any_host() -> ssl.SSLContext:
    """Accept the certificate of the tests for every host."""
    context = client_context()
    context.check_hostname = False
    return context


def _serve_documents(server: TlsServer) -> None:
    def answer(encrypted: ssl.SSLSocket, _over: object) -> None:
        request = server.requests[-1].decode()
        path, host = request.split(" ")[1], request.lower().split("host: ")[1].split("\r\n")[0]
        encrypted.sendall(response(json.dumps(DOCUMENTS[f"https://{host}{path}"]).encode()))

    server.answer = answer


@pytest.fixture
def fetching(server: TlsServer) -> Fetcher:
    """An internet that has the documents of the clients."""
    _serve_documents(server)
    return Fetcher(public, server.connect, _any_host, seconds=5.0)


@pytest.fixture
def oauth_settings(settings: OAuthSettings) -> OAuthSettings:
    return replace(settings, identity_provider=PROVIDER, interactive=True, client_id_metadata_documents=("*",))


def _login_settings(settings: OAuthSettings) -> LoginSettings:
    return LoginSettings(
        public_url=settings.public_url,
        log_level="INFO",
        table_name="table",
        signing_key_arn="arn",
        scope_implies={},
        server_name="Tools of Example",
        max_redirect_uris=settings.max_redirect_uris,
        private_use_schemes=settings.private_use_schemes,
        client_id_metadata_documents=settings.client_id_metadata_documents,
        scopes=settings.scopes,
        identity_provider=PROVIDER,
        authorizer_cache_seconds=settings.authorizer_cache_seconds,
        access_token_lifetime=3600,
        refresh_token_days=90,
        failed_authentications_per_minute=1000,
        authorizations_per_minute=1000,
    )


def _authorize(authorizer: Authorizer) -> Callable[[str], dict[str, str] | None]:
    def authorize(authorization: str) -> dict[str, str] | None:
        context = {"requestId": "r", "identity": {"sourceIp": "203.0.113.9"}}
        headers = {"Authorization": authorization}
        policy = authorizer.authorize({"methodArn": "arn/dev/POST/mcp", "headers": headers, "requestContext": context})
        allowed = policy["policyDocument"]["Statement"][0]["Effect"] == "Allow"
        return policy["context"] if authorization and allowed else None

    return authorize


@pytest.fixture
def deploy(
    oauth_settings: OAuthSettings,
    stores: Stores,
    table: MemoryTable,
    keys: MemoryKeys,
    fetching: Fetcher,
    clock: Clock,
) -> Iterator[Deploy]:
    """Start a deployment with other settings, below a path, or with other origins of pages."""
    create_first_key(keys)
    ring = KeyRing(keys, clock)

    def make(origin: str, prefix: str, origins: tuple[str, ...], changes: Mapping[str, Any]) -> Deployment:
        settings = replace(oauth_settings, public_url=origin + prefix, **changes)
        tokens = Tokens(settings.issuer, settings.resource, ring, clock, settings.authorizer_cache_seconds)
        login = _login_settings(settings)
        directory, authenticate = client_access(login, stores, fetching, clock)
        own = (DynamoDBPushedRequests(table), DynamoDBLogins(table, PROVIDER), DynamoDBSessions(table, PROVIDER))
        users = DynamoDBUsers(table, PROVIDER)
        login_stores = LoginStores(directory.get, *own, users, stores.grants, stores.counters, stores.audit)
        statuses = DynamoDBTokenStatus(table, clock, PROVIDER)
        authorizer = Authorizer(tokens, ring, statuses, authorizer_settings(), Denials(lambda: stores.audit, clock))
        functions = {
            "oauth": sender(oauth_endpoints(settings, stores, tokens, fetching, clock)),
            "login": sender(login_endpoints(login, login_stores, ring, authenticate, Provider(), clock)),
            "mcp": Server(app_of(hello), clock, origins=origins)._send,
        }
        return Deployment(functions, _authorize(authorizer), origin + prefix, prefix)

    with ExitStack() as running:

        def start(prefix: str = "", origins: tuple[str, ...] = ("*",), **changes: Any) -> Deployment:
            served: AbstractContextManager[Deployment] = listening(
                lambda origin: make(origin, prefix, origins, changes)
            )
            return running.enter_context(served)

        yield start


@pytest.fixture
def deployment(deploy: Deploy) -> Deployment:
    """A healthy deployment."""
    return deploy()
