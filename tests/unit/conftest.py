"""What the unit tests stand on: stores in memory, a clock that stands still, and API Gateway events."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from moto import mock_aws

from runtime.http.dispatch import dispatch
from runtime.http.endpoint import Endpoints
from runtime.oauth.clients.directory import ClientDirectory, client_directory
from runtime.oauth.endpoints import endpoints
from runtime.oauth.remote.fetch import Fetcher
from runtime.oauth.stores import Stores
from runtime.prefixes import CLIENT_DOCUMENTS, CLIENT_KEYS
from runtime.settings import AuthorizerSettings, OAuthSettings
from runtime.storage.clients import DynamoDBClients
from runtime.storage.counters import DynamoDBCounters
from runtime.storage.fetched import DynamoDBFetched
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.initial_tokens import DynamoDBInitialTokens
from runtime.storage.marks import DynamoDBOneTimeIds, DynamoDBRevocations
from runtime.tokens.access_tokens import Tokens
from runtime.tokens.key_ring import KeyRing
from runtime.tokens.rotation import create_first_key
from tests.memory.audit_log import MemoryAuditLog
from tests.memory.keys import MemoryKeys
from tests.memory.table import MemoryTable
from tests.support.tls_server import TlsServer, fetcher, tls_server

PUBLIC_URL = "https://mcp.example.com"
NOW = 1_800_000_000
# How long the gateway caches decisions of the authorizer.
CACHE_SECONDS = 60
CHALLENGE = 'Bearer resource_metadata="https://mcp.example.com/metadata", scope="mcp", error="invalid_token"'


class Clock:
    """A clock that moves only when a test moves it."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    """A session reads the descriptions of the services once, which takes longer than a test."""
    return boto3.Session("testing", "testing", "testing", region_name="eu-central-1")


@pytest.fixture
def aws(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)
    with mock_aws():
        yield


@pytest.fixture
def table() -> MemoryTable:
    return MemoryTable()


@pytest.fixture
def clients(table: MemoryTable, clock: Clock) -> DynamoDBClients:
    return DynamoDBClients(table, clock)


@pytest.fixture
def one_time(table: MemoryTable) -> DynamoDBOneTimeIds:
    return DynamoDBOneTimeIds(table)


@pytest.fixture
def revocations(table: MemoryTable) -> DynamoDBRevocations:
    return DynamoDBRevocations(table)


@pytest.fixture
def audit(clock: Clock) -> MemoryAuditLog:
    return MemoryAuditLog(clock)


@pytest.fixture
def grants(table: MemoryTable, clock: Clock) -> DynamoDBGrants:
    return DynamoDBGrants(table, clock)


@pytest.fixture
def stores(table: MemoryTable, grants: DynamoDBGrants, audit: MemoryAuditLog, clock: Clock) -> Stores:
    return Stores(
        DynamoDBClients(table, clock),
        DynamoDBOneTimeIds(table),
        DynamoDBRevocations(table),
        DynamoDBInitialTokens(table),
        DynamoDBCounters(table),
        grants,
        audit,
        DynamoDBFetched(table, CLIENT_KEYS),
        DynamoDBFetched(table, CLIENT_DOCUMENTS),
    )


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def settings() -> OAuthSettings:
    return OAuthSettings(
        public_url=PUBLIC_URL,
        log_level="INFO",
        table_name="table",
        signing_key_arn="arn",
        scope_implies={},
        identity_provider=None,
        authorizer_cache_seconds=CACHE_SECONDS,
        access_token_lifetime=3600,
        scopes={"mcp": "Use the tools", "mcp:admin": "Change things"},
        registration="open",
        machine_clients="open",
        machine_scopes=("mcp", "mcp:admin"),
        max_redirect_uris=20,
        private_use_schemes=("cursor", "vscode", "vscode-insiders"),
        unused_client_days=90,
        client_secret_days=None,
        registrations_per_hour=1000,
        failed_authentications_per_minute=1000,
        interactive=False,
        refresh_token_idle_days=14,
        refresh_token_grace_seconds=60,
        software_statement_issuers={},
        client_id_metadata_documents=(),
    )


def authorizer_settings(**changes: Any) -> AuthorizerSettings:
    """The settings of an authorizer function."""
    settings = AuthorizerSettings(PUBLIC_URL, "INFO", "table", "arn", {}, None, CACHE_SECONDS, CHALLENGE, ())
    return replace(settings, **changes)


@pytest.fixture
def tokens(keys: MemoryKeys, settings: OAuthSettings, clock: Clock) -> Tokens:
    return Tokens(settings.issuer, settings.resource, KeyRing(keys, clock), clock, CACHE_SECONDS)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TlsServer]:
    """A server on the internet, as far as a fetcher of the tests can tell."""
    with tls_server(tmp_path) as server:
        yield server


Send = Callable[..., dict[str, Any]]


@pytest.fixture
def directory_of(
    settings: OAuthSettings, stores: Stores, server: TlsServer, clock: Clock
) -> Callable[..., ClientDirectory]:
    """Makes the directory of a stack that trusts the documents of some hosts, with other settings changed too."""

    def make(*hosts: str, **changes: Any) -> ClientDirectory:
        changed = replace(settings, client_id_metadata_documents=hosts, **changes)
        return client_directory(changed, stores, fetcher(server), clock)

    return make


@pytest.fixture
def directory(directory_of: Callable[..., ClientDirectory]) -> ClientDirectory:
    """The directory of a stack that trusts every host."""
    return directory_of("*")


@pytest.fixture
def fetching() -> Fetcher:
    """What fetches documents: nothing, unless a test has another."""
    return Fetcher(lambda _host, _port: [])


@pytest.fixture
def send_to(
    settings: OAuthSettings, stores: Stores, keys: MemoryKeys, tokens: Tokens, fetching: Fetcher, clock: Clock
) -> Callable[..., Send]:
    """Makes what sends requests to an authorization server of other settings."""
    create_first_key(keys)
    return lambda **changes: sender(endpoints(replace(settings, **changes), stores, tokens, fetching, clock))


@pytest.fixture
def send(send_to: Callable[..., Send]) -> Send:
    """Sends requests to the authorization server."""
    return send_to()


def event(
    method: str,
    path: str,
    *,
    body: str | None = None,
    headers: dict[str, str] | None = None,
    path_parameters: dict[str, str] | None = None,
    authorizer: dict[str, str] | None = None,
) -> dict[str, Any]:
    """A REST API Lambda proxy event."""
    return {
        "httpMethod": method,
        "resource": path,
        "headers": headers or {},
        "multiValueHeaders": {name: [value] for name, value in (headers or {}).items()},
        "multiValueQueryStringParameters": None,
        "pathParameters": path_parameters,
        "requestContext": {
            "requestId": "request-1",
            "identity": {"sourceIp": "203.0.113.9"},
            **({"authorizer": authorizer} if authorizer else {}),
        },
        "body": body,
        "isBase64Encoded": False,
    }


class LambdaContext:
    """What Lambda tells a function beside the event."""

    def get_remaining_time_in_millis(self) -> int:
        return 20_000


def sender(endpoints: Endpoints) -> Send:
    """A function that sends one request through ``dispatch`` and returns the answer, its JSON body parsed."""

    def send(method: str, path: str, **parts: Any) -> dict[str, Any]:
        headers = dict(parts.pop("headers", {}))
        if "json" in parts:
            parts["body"] = json.dumps(parts.pop("json"))
            headers.setdefault("Content-Type", "application/json")
        if "form" in parts:
            parts["body"] = urlencode(parts.pop("form"))
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        source, query = parts.pop("source_ip", None), parts.pop("query", None)
        request = event(method, path, headers=headers, **parts)
        # API Gateway says null where there is no query.
        request["multiValueQueryStringParameters"] = query or None
        if source:
            request["requestContext"]["identity"]["sourceIp"] = source
        answer = dispatch(request, endpoints, LambdaContext())
        is_json = answer["headers"].get("Content-Type") == "application/json" and answer["body"]
        return {**answer, "json": json.loads(answer["body"]) if is_json else None}

    return send


def basic(client_id: str, secret: str) -> dict[str, str]:
    """The header of HTTP Basic authentication."""
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}
