"""A table with clients and users."""

import time

import boto3
import pytest

from runtime.prefixes import CLIENT_DOCUMENTS, CLIENT_KEYS
from runtime.records.login import Consent, Login, Session, UserChange, UserGrant
from runtime.records.mcp import Exchange, Principal, Task
from runtime.records.oauth import Client, FetchedDocument, Grant
from runtime.storage.clients import DynamoDBClients
from runtime.storage.counters import DynamoDBCounters
from runtime.storage.cutoff import DynamoDBCutoff
from runtime.storage.documents import exchange_store, task_store
from runtime.storage.fetched import DynamoDBFetched
from runtime.storage.initial_tokens import DynamoDBInitialTokens
from runtime.storage.levels import DynamoDBLevels
from runtime.storage.logins import DynamoDBLogins, DynamoDBPushedRequests, DynamoDBSessions
from runtime.storage.marks import DynamoDBOneTimeIds, DynamoDBRevocations
from runtime.storage.table import DynamoDBTable, Item, Table
from runtime.storage.users import DynamoDBUsers
from tests.memory.table import MemoryTable

PROVIDER = "https://idp.example"
NOW = int(time.time())
END = NOW + 3600
EDITOR, ROBOT = "e" * 32, "r" * 32
URL = "https://app.example/client.json"
USER_CLIENT = {
    "client_name": "An editor",
    "grant_types": ["authorization_code", "refresh_token"],
    "scope": "mcp mcp:admin",
    "redirect_uris": ["https://app.example/callback"],
    "token_endpoint_auth_method": "none",
}
MACHINE = {"client_name": "robot", "grant_types": ["client_credentials"], "scope": "mcp"}


def grant_of(subject: str, client_id: str, grant_id: str, created_at: int = NOW) -> Grant:
    return Grant(
        grant_id=grant_id,
        client_id=client_id,
        client_name="An editor",
        subject=subject,
        scope="mcp",
        resource="https://mcp.example.com/mcp",
        redirect_uri="https://app.example/callback",
        code_challenge="x" * 43,
        code_hash="a hash of a code",
        code_expires_at=END,
        created_at=created_at,
        absolute_expires_at=END,
        expires_at=END,
    )


def add_user(table: Table, subject: str, email: str | None, *client_ids: str, provider: str = PROVIDER) -> None:
    """Store a user who has given clients access, and everything else that can name a user."""
    users = DynamoDBUsers(table, provider)
    for client_id in client_ids:
        grant_id = f"{subject}-{client_id[:5]}-{provider[-4:]}"
        consent = Consent(client_id, "An editor", "https://app.example/callback", "mcp", NOW, END)
        change = UserChange({grant_id: consent}, {grant_id: UserGrant(client_id, NOW, END)}, (), (), END, email)
        users.add_grant(grant_of(subject, client_id, grant_id), change)
        owner = Principal(client_id, subject)
        task_store(table).put(Task(f"task-{grant_id}", owner, "working", {}, 0, 0, END, 0, {}, {}, {}))
        exchange_store(table).put(Exchange(f"ex-{grant_id}", owner, {}, "2025-11-25", {}, END, {}, {}, {}, ()))
        DynamoDBLevels(table).put(owner, "info", END)
    session = Session(subject, subject.title(), email, NOW, END)
    DynamoDBSessions(table, provider).add(f"session-{subject}-{provider[-4:]}", session)
    login = Login("browser", "nonce", "verifier", None, approved=True, expires_at=END, subject=subject)
    DynamoDBLogins(table, provider).add(f"login-{subject}-{provider[-4:]}", login)


def add_clients(table: Table) -> None:
    clients = DynamoDBClients(table, time.time)
    clients.add(Client(EDITOR, None, "a hash of a token", USER_CLIENT, False, NOW, expires_at=END))
    clients.add(Client(ROBOT, "a hash of a secret", "a hash of a token", MACHINE, False, NOW, 0, END, invited=True))


def add_the_rest(table: Table) -> None:
    """Store one record of every kind that belongs to nobody."""
    DynamoDBCounters(table).count("c", END, 100)
    for prefix in (CLIENT_DOCUMENTS, CLIENT_KEYS):
        DynamoDBFetched(table, prefix).put("hash", FetchedDocument({}, 0, END))
    DynamoDBInitialTokens(table).add("hash", END)
    DynamoDBOneTimeIds(table).consume("c", "jti", END, NOW)
    DynamoDBRevocations(table).revoke("jti", END)
    DynamoDBPushedRequests(table).add("pushed", {}, END, END)
    DynamoDBCutoff(table).advance(1)


@pytest.fixture(scope="session")
def records() -> list[Item]:
    """Return two clients, a client by its URL, users of two identity providers, and what belongs to nobody."""
    table = MemoryTable()
    add_clients(table)
    add_user(table, "alice", "alice@example.com", EDITOR, URL)
    add_user(table, "bob", "bob@example.com", EDITOR)
    add_user(table, "alice", "other@example.com", EDITOR, provider="https://idp.other")
    add_the_rest(table)
    return list(table.items.values())


@pytest.fixture
def filled(store: DynamoDBTable, records: list[Item]) -> DynamoDBTable:
    """Return a table with these records, all written at once because a single write takes moto long."""
    with boto3.resource("dynamodb").Table("table").batch_writer() as batch:
        for item in records:
            batch.put_item(Item=item)
    return store
