"""Of many attempts at the same thing at once, as many win as may: by the condition of one write, over the emulator.

The stores are called with no function in between, since 64 functions at once are more than a small machine runs. The
unit tests' AWS is not atomic when several threads call it, so what is contested is tested here.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import boto3
import pytest

from local.aws import Aws
from local.state import State
from runtime.oauth.errors import TooManyRequests
from runtime.oauth.rate_limit import HOUR, RateLimit
from runtime.records.errors import AlreadyExists, NotThere
from runtime.records.login import Login, UserChange, UserGrant
from runtime.records.oauth import Client, Grant
from runtime.storage.clients import DynamoDBClients
from runtime.storage.counters import DynamoDBCounters
from runtime.storage.logins import DynamoDBLogins, DynamoDBPushedRequests
from runtime.storage.marks import DynamoDBOneTimeIds
from runtime.storage.table import DynamoDBTable
from runtime.storage.users import DynamoDBUsers
from tests.e2e.conftest import Server

ATTEMPTS = 64


@pytest.fixture
def table(server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The deployment's table, which boto3 reaches while the test runs."""
    state = State.load(server.directory)
    assert state is not None
    for name, value in Aws(state.emulator_port, state.region).environment().items():
        monkeypatch.setenv(name, value)
    # A session that an earlier test made knows other credentials.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return str(state.outputs["table_name"])


def wins(attempt: Callable[[int], object], refusal: type[Exception]) -> list[int]:
    """Which of the attempts, all begun at the same moment, were not refused."""
    start = threading.Barrier(ATTEMPTS)

    def won(number: int) -> bool:
        start.wait()
        try:
            attempt(number)
        except refusal:
            return False
        return True

    with ThreadPoolExecutor(ATTEMPTS) as threads:
        return [number for number, outcome in enumerate(threads.map(won, range(ATTEMPTS))) if outcome]


def test_a_one_time_id_is_used_once(table: str) -> None:
    """RFC 7523 3, item 7."""
    stores = [DynamoDBOneTimeIds(DynamoDBTable(table)) for _ in range(ATTEMPTS)]
    now = int(time.time())
    winners = wins(lambda number: stores[number].consume("client", "contested", now + 60, now), AlreadyExists)
    assert len(winners) == 1


def test_of_many_updates_with_one_registration_access_token_one_is_made(table: str) -> None:
    """RFC 7592 5: the registration access token is replaced with every update."""
    stores = [DynamoDBClients(DynamoDBTable(table), time.time) for _ in range(ATTEMPTS)]
    client = Client("contested", None, "first", {"client_name": "before"}, stated_auth_method=True, issued_at=0)
    stores[0].add(client)

    def update(number: int) -> None:
        after = replace(client, registration_token_hash=f"token {number}", metadata={"client_name": f"after {number}"})
        stores[number].replace(after, "first")

    [winner] = wins(update, NotThere)
    kept = stores[0].get("contested")
    assert kept is not None
    assert (kept.registration_token_hash, kept.metadata["client_name"]) == (f"token {winner}", f"after {winner}")


def test_of_many_callbacks_with_one_state_one_ends_the_login(table: str) -> None:
    """OpenID Connect Core 1.0, 3.1.2.5: replayed, the answer of the identity provider is worth nothing."""
    stores = [DynamoDBLogins(DynamoDBTable(table)) for _ in range(ATTEMPTS)]
    now = int(time.time())
    stores[0].add("contested", Login("browser", "nonce", "verifier", None, approved=True, expires_at=now + 60))
    assert len(wins(lambda number: stores[number].consume("contested", "browser", now), NotThere)) == 1


def test_of_many_forms_for_one_pushed_request_one_uses_it(table: str) -> None:
    """RFC 9126 4."""
    stores = [DynamoDBPushedRequests(DynamoDBTable(table)) for _ in range(ATTEMPTS)]
    now = int(time.time())
    stores[0].add("contested", {}, now + 60, now + 60)
    assert len(wins(lambda number: stores[number].consume("contested", f"form {number}", now), NotThere)) == 1


def test_what_a_user_grants_at_the_same_moment_is_all_kept(table: str) -> None:
    """A grant that is missing here could not be taken back."""
    stores = [DynamoDBUsers(DynamoDBTable(table)) for _ in range(ATTEMPTS)]

    def grant(number: int) -> None:
        given = UserGrant(f"client {number}", number, 2**31)
        made = Grant(str(number), f"client {number}", "", "contested", "mcp", "", "", "", "", 1, 0, 2**31, 2**31)
        stores[number].add_grant(made, UserChange({}, {str(number): given}, (), (), 2**31))

    assert len(wins(grant, NotThere)) == ATTEMPTS
    assert len(stores[0].get("contested").grants) == ATTEMPTS


def test_exactly_as_many_events_pass_as_are_allowed(table: str) -> None:
    now = time.time()
    counters = [DynamoDBCounters(DynamoDBTable(table)) for _ in range(ATTEMPTS)]
    limits = [RateLimit("contested", 10, HOUR, counter, lambda: now) for counter in counters]
    assert len(wins(lambda number: limits[number].count("somebody"), TooManyRequests)) == 10
