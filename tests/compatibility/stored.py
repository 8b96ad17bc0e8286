"""One item of each kind as the stores write it, and how they read it."""

from dataclasses import asdict, is_dataclass
from typing import Any

import msgspec

from runtime.prefixes import CLIENT_DOCUMENTS, CLIENT_KEYS
from runtime.records.login import Consent, Login, Session, UserChange, UserGrant
from runtime.records.mcp import Exchange, Principal, Task
from runtime.records.oauth import Client, FetchedDocument, Grant, ReplacedToken
from runtime.storage.clients import DynamoDBClients
from runtime.storage.counters import DynamoDBCounters
from runtime.storage.cutoff import DynamoDBCutoff
from runtime.storage.documents import exchange_store, task_store
from runtime.storage.fetched import DynamoDBFetched
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.initial_tokens import DynamoDBInitialTokens
from runtime.storage.levels import DynamoDBLevels
from runtime.storage.logins import DynamoDBLogins, DynamoDBPushedRequests, DynamoDBSessions
from runtime.storage.marks import DynamoDBOneTimeIds, DynamoDBRevocations
from runtime.storage.table import Table
from runtime.storage.users import DynamoDBUsers

NOW = 1_900_000_000
LATER = NOW + 3600
ISSUER = "https://idp.example.com"
HASH = "ab" * 32
OWNER = Principal("client-1", "user-1")
# An authorization request, as ``asdict`` turns it into members. Tests compare them with the fields of the class.
REQUEST = {
    "client_id": "client-1",
    "client_name": "Tools",
    "redirect_uri": "https://client.example/callback",
    "state": "state",
    "scope": "mcp",
    "resource": "https://mcp.example.com/mcp",
    "code_challenge": "c" * 43,
    "prompt": "login",
    "provable": True,
    "lasting": True,
    "pushed": HASH,
}
GRANT = Grant(
    grant_id="grant-1",
    client_id="client-1",
    client_name="Tools",
    subject="user-1",
    scope="mcp offline_access",
    resource="https://mcp.example.com/mcp",
    redirect_uri="https://client.example/callback",
    code_challenge="c" * 43,
    code_hash=HASH,
    code_expires_at=NOW + 60,
    created_at=NOW,
    absolute_expires_at=LATER,
    expires_at=LATER,
)


def clock() -> float:
    """Return the moment at which everything is written and read."""
    return float(NOW)


def write(table: Table) -> None:
    """Write one item of each kind, and two where a later step changes it."""
    _write_clients(table)
    _write_grants(table)
    _write_logins(table)
    _write_requests(table)


def read(table: Table) -> dict[str, Any]:
    """Return what the stores make of the items that ``write`` has written, as plain JSON values."""
    clients, grants = DynamoDBClients(table, clock), DynamoDBGrants(table, clock, ISSUER)
    logins, sessions = DynamoDBLogins(table, ISSUER), DynamoDBSessions(table, ISSUER)
    found = {
        "client": clients.get("client-1"),
        "public client": clients.get("client-2"),
        "initial token": DynamoDBInitialTokens(table).is_valid(HASH, NOW),
        "revocation": DynamoDBRevocations(table).is_revoked("token-1"),
        "cutoff": DynamoDBCutoff(table).get(),
        "keys": DynamoDBFetched(table, CLIENT_KEYS).get(HASH, NOW),
        "document": DynamoDBFetched(table, CLIENT_DOCUMENTS).get(HASH, NOW),
        "grant": grants.get("grant-1"),
        "used grant": grants.get("grant-2"),
        "user": DynamoDBUsers(table, ISSUER).get("user-1"),
        "pushed request": DynamoDBPushedRequests(table).get("pushed", NOW),
        "used pushed request": DynamoDBPushedRequests(table).get("used", NOW),
        "login": logins.consume("login", "browser", NOW),
        "account login": logins.consume("account", "browser", NOW),
        "session": sessions.get("session", NOW),
        "exchange": exchange_store(table).get("exchange-1", NOW),
        "level": DynamoDBLevels(table).get(OWNER),
        "task": task_store(table).get("task-1", NOW),
        "count": DynamoDBCounters(table).count("dcr", LATER, 100),
    }
    return {name: plain(value) for name, value in found.items()}


def plain(value: Any) -> Any:
    """Return a record as JSON holds it."""
    members = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    return msgspec.json.decode(msgspec.json.encode(members))


def _write_clients(table: Table) -> None:
    clients = DynamoDBClients(table, clock)
    metadata = {"client_name": "Tools", "grant_types": ["client_credentials"], "scope": "mcp"}
    clients.add(
        Client(
            "client-1",
            HASH,
            HASH,
            metadata,
            stated_auth_method=True,
            issued_at=NOW,
            secret_expires_at=LATER,
            expires_at=LATER,
            stated_scope=False,
            invited=True,
        )
    )
    clients.add(Client("client-2", None, HASH, metadata, stated_auth_method=False, issued_at=NOW))
    DynamoDBInitialTokens(table).add(HASH, LATER)
    DynamoDBCounters(table).count("dcr", LATER, 100)
    DynamoDBOneTimeIds(table).consume("client-1", "assertion-1", LATER, NOW)
    fetched = FetchedDocument({"keys": [{"kty": "RSA", "kid": "1"}]}, NOW, LATER)
    for prefix in (CLIENT_KEYS, CLIENT_DOCUMENTS):
        DynamoDBFetched(table, prefix).put(HASH, fetched)


def _write_grants(table: Table) -> None:
    grants, users = DynamoDBGrants(table, clock, ISSUER), DynamoDBUsers(table, ISSUER)
    consent = Consent("client-1", "Tools", "https://client.example/callback", "mcp", NOW, LATER)
    change = UserChange(
        consents={"consent-1": consent},
        grants={"grant-1": UserGrant("client-1", NOW, LATER)},
        without_consents=[],
        without_grants=[],
        expires_at=LATER,
        email="user@example.com",
    )
    users.add_grant(GRANT, change)
    used = Grant(**{**asdict(GRANT), "grant_id": "grant-2", "replaced": ()})
    users.add_grant(used, change)
    grants.redeem("grant-2", HASH, "first", LATER)
    redeemed = grants.get("grant-2")
    if redeemed is None:
        raise RuntimeError("the grant was not stored")
    grants.rotate(redeemed, "second", (ReplacedToken("first", "salt", NOW),), LATER)
    DynamoDBRevocations(table).revoke("token-1", LATER)
    DynamoDBCutoff(table).advance(NOW - 1)


def _write_logins(table: Table) -> None:
    pushed, logins = DynamoDBPushedRequests(table), DynamoDBLogins(table, ISSUER)
    for name in ("pushed", "used"):
        pushed.add(name, REQUEST, NOW + 60, LATER)
    pushed.consume("used", "transaction", NOW)
    logins.add("login", Login("browser", "nonce", "verifier", REQUEST, True, LATER, "user-1"))
    logins.add("account", Login("browser", "nonce", "verifier", None, False, LATER))
    DynamoDBSessions(table, ISSUER).add("session", Session("user-1", "Ann", "user@example.com", NOW, LATER))


def _write_requests(table: Table) -> None:
    exchange = Exchange(
        id="exchange-1",
        owner=OWNER,
        request={"id": 1, "method": "tools/call", "params": {"name": "greet", "arguments": {}}},
        revision="2025-11-25",
        capabilities={"elicitation": {}},
        expires_at=LATER,
        pending={"exchange-1.1": "name"},
        answers={"color": {"action": "decline"}},
        refused={"model": "no"},
        events=({"jsonrpc": "2.0", "id": "exchange-1.1", "method": "elicitation/create", "params": {}},),
        notified=1,
        lease=NOW,
        scopes=("mcp",),
        needs=("mcp",),
    )
    exchange_store(table).put(exchange)
    task = Task(
        id="task-1",
        owner=OWNER,
        status="input_required",
        request={
            "tool": "greet",
            "arguments": {},
            "scopes": ["mcp"],
            "needs": [],
            "capabilities": {},
            "requestId": "1",
        },
        created_at=NOW + 0.5,
        updated_at=NOW + 0.5,
        expires_at=LATER,
        lease=NOW + 60,
        questions={"input-1": {"method": "elicitation/create", "params": {}}},
        answers={},
        names={"input-1": "name"},
        status_message="waits",
        claimed=True,
    )
    task_store(table).put(task)
    DynamoDBLevels(table).put(OWNER, "debug", LATER)
