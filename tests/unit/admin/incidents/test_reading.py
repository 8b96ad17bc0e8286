"""What an operator sees: clients, and who has access to what."""

import json
import time
from typing import Any

import boto3
import pytest

from admin.incidents import scan
from admin.incidents.scan import Scan
from runtime.records.oauth import Client
from runtime.storage.clients import DynamoDBClients
from runtime.storage.cutoff import DynamoDBCutoff
from runtime.storage.layout import ATTRIBUTE, LAYOUT
from runtime.storage.table import DynamoDBTable, Update
from tests.support.aws import audit_events
from tests.unit.admin.conftest import Run
from tests.unit.admin.incidents.conftest import EDITOR, END, NOW, PROVIDER, ROBOT, URL, USER_CLIENT, add_user

# An escape sequence that clears the screen, a line break, and a mark that reverses what follows.
HOSTILE = "\x1b[2Jgood\nclient\u202etneilc"


def test_clients_are_listed_with_what_they_are_and_whether_they_may_come_in(run: Run, filled: DynamoDBTable) -> None:
    run("disable-client", URL, "--yes")
    clients = {client["client_id"]: client for client in run("list-clients", "--json").lines()}
    assert set(clients) == {EDITOR, ROBOT, URL}
    assert clients[EDITOR]["metadata"] == USER_CLIENT
    assert (clients[ROBOT]["invited"], clients[ROBOT]["has_secret"], clients[EDITOR]["has_secret"]) == (
        True,
        True,
        False,
    )
    assert [clients[each]["disabled_at"] is None for each in (EDITOR, ROBOT, URL)] == [True, True, False]
    table = run("list-clients").out.splitlines()
    assert table[0].split()[:2] == ["CLIENT", "NAME"]
    assert any(line.startswith(EDITOR) and "An editor" in line and line.endswith("enabled") for line in table)


def test_no_secret_and_no_hash_is_shown(run: Run, filled: DynamoDBTable) -> None:
    for command in (["list-clients"], ["show-client", EDITOR], ["show-client", ROBOT], ["list-access"]):
        for form in ([], ["--json"]):
            said = run(*command, *form)
            assert said.status == 0
            assert "a hash of" not in said.out + said.err


def test_one_client_is_shown_with_its_users_and_its_last_use(run: Run, filled: DynamoDBTable) -> None:
    [shown] = run("show-client", EDITOR, "--json").lines()
    users = {(line["user"]["subject"], line["user"]["identity_provider"]) for line in shown["users"]}
    assert users == {("alice", PROVIDER), ("bob", PROVIDER), ("alice", "https://idp.other")}
    assert shown["last_used_at"] == time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW))
    assert "bob@example.com bob" in run("show-client", EDITOR).out
    [by_url] = run("show-client", URL, "--json").lines()
    assert (by_url["registered"], [line["user"]["email"] for line in by_url["users"]]) == (False, ["alice@example.com"])
    assert run("show-client", "unknown").err.endswith("error: there is no such client\n")


def test_who_has_access_to_what(run: Run, filled: DynamoDBTable) -> None:
    lines = run("--identity-provider", PROVIDER, "list-access", "--json").lines()
    seen = {(line["user"] and line["user"]["email"], line["client_id"], line["scope"]) for line in lines}
    assert seen == {
        ("alice@example.com", EDITOR, "mcp"),
        ("alice@example.com", URL, "mcp"),
        ("bob@example.com", EDITOR, "mcp"),
        (None, ROBOT, "mcp"),
    }
    table = run("list-access").out
    assert "other@example.com alice" in table
    assert "(machine)" in table


@pytest.mark.parametrize("end", ["client", "cutoff", "expiry"])
def test_access_that_has_ended_is_not_listed(
    run: Run, filled: DynamoDBTable, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if end == "client":
        DynamoDBClients(filled, time.time).delete(EDITOR)
    elif end == "cutoff":
        DynamoDBCutoff(filled).advance(NOW + 1)
    else:
        monkeypatch.setattr("admin.incidents.command.time.time", lambda: END)
    lines = run("list-access", "--json").lines()
    assert EDITOR not in {line["client_id"] for line in lines}


@pytest.mark.parametrize("command", [["list-clients"], ["list-access"], ["show-client", "h" * 32]])
def test_what_a_client_and_a_user_say_of_themselves_steers_no_terminal(
    run: Run, filled: DynamoDBTable, command: list[str]
) -> None:
    metadata = {**USER_CLIENT, "client_name": HOSTILE}
    DynamoDBClients(filled, time.time).add(Client("h" * 32, None, "hash", metadata, False, NOW, expires_at=END))
    add_user(filled, f"mallory{HOSTILE}", f"{HOSTILE}@example.com", "h" * 32)
    said = run(*command)
    assert said.status == 0
    assert all(char.isprintable() for char in said.out.replace("\n", ""))
    assert "?[2Jgood?client?tneilc" in said.out
    assert run(*command, "--json").out.isascii()


def test_a_scan_is_paged_and_keeps_to_its_rate(store: DynamoDBTable, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto counts no read units for a scan, so every item counts as one; a page of DynamoDB is 1 MB."""
    for number in range(8):
        metadata = {**USER_CLIENT, "client_name": "x" * 300_000}
        DynamoDBClients(store, time.time).add(Client(str(number), None, "hash", metadata, False, NOW))
    pauses: list[float] = []
    slow = Scan("table", rate=2, pause=pauses.append, clock=lambda: 0.0)
    assert len(list(slow.items(["client#"]))) == 8
    assert pauses
    assert pauses == sorted(pauses)
    assert pauses[-1] <= 8 / 2


def test_a_long_scan_says_how_far_it_is(
    store: DynamoDBTable, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = iter(range(0, 1000, scan.PROGRESS_SECONDS))
    list(Scan("table", 1, lambda _seconds: None, lambda: float(next(seconds))).items(["client#"]))
    assert capsys.readouterr().err == "Read 0 items so far.\nRead 0 items.\n"


def test_reading_changes_nothing_and_tells_the_audit_log_nothing(run: Run, filled: DynamoDBTable) -> None:
    def items() -> list[Any]:
        return sorted(boto3.client("dynamodb").scan(TableName="table")["Items"], key=json.dumps)

    before = items()
    for command in (["list-clients"], ["list-access"], ["show-client", EDITOR]):
        assert run(*command).status == 0
    assert (items(), audit_events()) == (before, [])


def test_a_table_of_a_later_version_is_left_to_that_version(run: Run, filled: DynamoDBTable) -> None:
    filled.update(Update(f"client#{EDITOR}", set={ATTRIBUTE: LAYOUT + 1}), "update")
    done = run("list-clients")
    assert (done.status, "run this command from that version" in done.err) == (1, True)
