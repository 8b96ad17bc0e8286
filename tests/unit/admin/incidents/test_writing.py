"""What an operator changes in an incident: asked first, and in the audit log before it happens."""

import time

import boto3
import pytest

from runtime.records.oauth import Client
from runtime.storage.clients import DynamoDBClients
from runtime.storage.cutoff import DynamoDBCutoff
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.table import DynamoDBTable
from tests.support.aws import audit_events
from tests.unit.admin.conftest import OPERATOR, Run
from tests.unit.admin.incidents.conftest import EDITOR, NOW, PROVIDER, URL

# Longer than the tests that run before it in the same process.
DAY = 86_400

# Each command that changes something, as an operator types it.
WRITING = [
    ("disable-client", EDITOR),
    ("enable-client", URL),
    ("remove-user", "--email", "alice@example.com"),
    ("revoke-issued-before", "now"),
    ("rotate-signing-key",),
]
GRANT_ID = f"bob-{EDITOR[:5]}-mple"


@pytest.fixture
def signing_key(store: DynamoDBTable) -> str:
    return str(boto3.client("secretsmanager").create_secret(Name="key", SecretString="k" * 86)["ARN"])


@pytest.fixture
def change(run: Run, filled: DynamoDBTable, signing_key: str) -> Run:
    """Run a command on a stack where a URL is disabled, and one address belongs to one user."""
    DynamoDBClients(filled, time.time).disable(URL)
    return lambda *arguments, **more: run("--signing-key", signing_key, *arguments, **more)


@pytest.mark.parametrize(
    ("words", "answer"),
    [*((words, "no\n") for words in WRITING), *((WRITING[0], answer) for answer in (None, "", "n\n", "maybe\n"))],
)
def test_without_a_clear_yes_nothing_changes(
    change: Run, words: tuple[str, ...], answer: str | None, filled: DynamoDBTable
) -> None:
    before = boto3.client("dynamodb").scan(TableName="table")["Items"]
    said = change(*words, answer=answer)
    assert said.status == 1
    assert "error: nothing was changed" in said.err
    assert audit_events() == []
    assert boto3.client("dynamodb").scan(TableName="table")["Items"] == before


@pytest.mark.parametrize("words", WRITING, ids=lambda words: words[0])
def test_each_change_is_one_line_that_says_who_made_it(change: Run, words: tuple[str, ...]) -> None:
    said = change(*words, answer="y\n")
    assert said.status == 0, said.err
    [event] = audit_events()
    assert event["operator"] == OPERATOR


@pytest.mark.parametrize("words", WRITING, ids=lambda words: words[0])
def test_without_the_line_in_the_audit_log_nothing_changes(change: Run, words: tuple[str, ...]) -> None:
    boto3.client("logs").delete_log_group(logGroupName="audit")
    before = boto3.client("dynamodb").scan(TableName="table")["Items"]
    said = change(*words, "--yes")
    assert said.status == 1
    assert "error: nothing was changed: cannot write to the audit log" in said.err
    assert boto3.client("dynamodb").scan(TableName="table")["Items"] == before


def test_a_change_that_fails_leaves_a_line_that_says_so(change: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DynamoDBClients, "disable", lambda *_: boto3.client("dynamodb").describe_table(TableName="no"))
    assert change("disable-client", EDITOR, "--yes").status == 1
    assert [event["event"] for event in audit_events()] == ["client_disabled", "command_failed"]
    assert (audit_events()[1]["command"], audit_events()[1]["operator"]) == ("disable-client", OPERATOR)


def test_a_client_is_disabled_and_enabled_again(change: Run, filled: DynamoDBTable) -> None:
    clients = DynamoDBClients(filled, time.time)
    assert (
        "Disabled. Its access tokens are denied within authorizerCacheSeconds."
        in change("disable-client", EDITOR, "--yes").err
    )
    assert clients.get(EDITOR) is None
    assert change("disable-client", EDITOR, "--yes").err == "The client is disabled already.\n"
    assert change("enable-client", EDITOR, "--yes").status == 0
    assert clients.get(EDITOR) is not None
    assert change("enable-client", EDITOR, "--yes").status == 1
    assert [event["event"] for event in audit_events()] == ["client_disabled", "client_enabled"]


def test_a_client_that_nobody_knows_is_not_disabled(change: Run) -> None:
    assert change("disable-client", "unknown", "--yes").err == "error: there is no such client\n"
    assert change("disable-client", "x" * 2000, "--yes").status == 1
    assert audit_events() == []


def test_a_url_is_disabled_before_anybody_uses_it(change: Run, filled: DynamoDBTable) -> None:
    url = "https://new.example/client.json"
    assert change("disable-client", url, "--yes").status == 0
    assert DynamoDBClients(filled, time.time).is_disabled(url)


def test_everything_issued_so_far_is_revoked_by_the_clock_of_aws(change: Run, filled: DynamoDBTable) -> None:
    grants = DynamoDBGrants(filled, time.time, PROVIDER)
    assert grants.get(GRANT_ID) is not None
    said = change("revoke-issued-before", "now", "--yes")
    assert said.status == 0
    assert grants.get(GRANT_ID) is None
    assert abs(DynamoDBCutoff(filled).get() - time.time()) < 60


@pytest.mark.parametrize(
    ("moment", "complaint"),
    [
        ("2026-01-31T12:00:00", "must end with Z"),
        ("yesterday", "must be like 2026"),
        ("2999-01-01T00:00:00Z", "is in the future"),
        ("\x1b[2J", "must be like 2026"),
    ],
)
def test_a_moment_says_its_zone_and_is_in_the_past(change: Run, moment: str, complaint: str) -> None:
    said = change("revoke-issued-before", moment, "--yes")
    assert (said.status, complaint in said.err) == (1, True)
    assert audit_events() == []


def test_what_is_revoked_stays_revoked(change: Run, filled: DynamoDBTable) -> None:
    for moment in ("2026-01-31T12:00:00Z", "2026-01-31T11:00:00+01:00", "2026-01-31T13:00:00+01:00"):
        assert change("revoke-issued-before", moment, "--yes").status == 0
    [event] = audit_events()
    assert event["issued_before"] == "2026-01-31T12:00:00Z"


def test_the_key_is_rotated_and_said_which_one_still_verifies(change: Run, signing_key: str) -> None:
    def stages() -> dict[str, str]:
        versions = boto3.client("secretsmanager").describe_secret(SecretId=signing_key)["VersionIdsToStages"]
        return {stage: version for version, labels in versions.items() for stage in labels}

    first = stages()["AWSCURRENT"]
    said = change("rotate-signing-key", "--yes")
    second = stages()["AWSCURRENT"]
    assert said.status == 0
    assert first != second
    assert f"The key {second} signs, and the key {first} is the previous one." in said.err
    assert "stay valid until they expire" in said.err
    said = change("rotate-signing-key", "--twice", "--yes")
    assert said.status == 0
    assert "No earlier key verifies any more" in said.err
    assert second not in stages().values()
    assert [event["event"] for event in audit_events()] == ["signing_key_rotation_started"] * 3


def test_a_rotation_that_does_not_come_to_an_end_is_a_failure(change: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("admin.incidents.command.time.sleep", pauses.append)
    monkeypatch.setattr("admin.incidents.keys._find_current", lambda *_: "the same")
    said = change("rotate-signing-key", "--yes")
    assert said.status == 1
    assert "the key the same still signs after 120 seconds" in said.err
    assert sum(pauses) == 120
    assert [event["event"] for event in audit_events()] == ["signing_key_rotation_started", "command_failed"]


def test_a_disabled_client_that_expires_cannot_be_enabled(
    change: Run, filled: DynamoDBTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = DynamoDBClients(filled, time.time)
    clients.add(Client("x" * 32, None, "hash", {}, False, NOW, expires_at=NOW + DAY))
    assert change("disable-client", "x" * 32, "--yes").status == 0
    monkeypatch.setattr("admin.incidents.command.time.time", lambda: NOW + DAY)
    assert "has expired meanwhile" in change("enable-client", "x" * 32, "--yes").err
