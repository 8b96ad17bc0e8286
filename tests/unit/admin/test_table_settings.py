"""The command that prepares a restored table."""

from typing import Any

import boto3
import pytest

from admin.__main__ import main
from admin.table_settings import GRACE_SECONDS, UnsuitableTable, prepare_table
from tests.support.aws import create_table

PREPARE = ("--table", "table", "prepare-table", "restored")
KEY = {"pk": "S"}


@pytest.fixture
def dynamodb(aws: None) -> Any:
    """Return a client of an account that has the table of a stack, with a tag."""
    create_table()
    client = boto3.client("dynamodb")
    arn = client.describe_table(TableName="table")["Table"]["TableArn"]
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "stack", "Value": "prod"}])
    return client


def restore(dynamodb: Any, keys: dict[str, str], roles: tuple[str, ...] = ("HASH", "RANGE")) -> str:
    """Create what a restore leaves: a table without any setting. Return its ARN."""
    made = dynamodb.create_table(
        TableName="restored",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": name, "KeyType": role} for name, role in zip(keys, roles, strict=False)],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in keys.items()],
    )
    return str(made["TableDescription"]["TableArn"])


def settings(dynamodb: Any, arn: str) -> dict[str, Any]:
    expiry = dynamodb.describe_time_to_live(TableName="restored")["TimeToLiveDescription"]
    backups = dynamodb.describe_continuous_backups(TableName="restored")["ContinuousBackupsDescription"]
    return {
        "expiry": (expiry["TimeToLiveStatus"], expiry.get("AttributeName")),
        "recovery": backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        "protected": dynamodb.describe_table(TableName="restored")["Table"]["DeletionProtectionEnabled"],
        # moto keeps a tag twice that is set twice; AWS overwrites it.
        "tags": {tag["Key"]: tag["Value"] for tag in dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"]},
    }


def test_a_restored_table_gets_all_settings_however_often_it_is_prepared(
    dynamodb: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    arn = restore(dynamodb, KEY)
    for _ in range(2):
        assert main([*PREPARE]) == 0
        assert settings(dynamodb, arn) == {
            "expiry": ("ENABLED", "expires_at"),
            "recovery": "ENABLED",
            "protected": True,
            "tags": {"stack": "prod"},
        }
        assert "Its items expire by expires_at.\n" in capsys.readouterr().err


def test_the_table_of_the_stack_may_be_gone(dynamodb: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """That is why it was restored."""
    arn = restore(dynamodb, KEY)
    dynamodb.delete_table(TableName="table")
    assert main([*PREPARE]) == 0
    assert settings(dynamodb, arn)["tags"] == {}
    assert "It has no tags of table, which does not exist." in capsys.readouterr().err


@pytest.mark.parametrize("keys", [{"id": "S"}, {"pk": "N"}, {"pk": "S", "sk": "S"}], ids=str)
def test_a_table_with_another_key_is_refused_and_left_alone(
    keys: dict[str, str], dynamodb: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    arn = restore(dynamodb, keys)
    before = settings(dynamodb, arn)
    assert main([*PREPARE]) == 1
    assert capsys.readouterr().err.startswith("error: restored cannot be used: its key is not pk (S) alone")
    assert settings(dynamodb, arn) == before


def test_a_table_whose_items_expire_otherwise_is_refused(dynamodb: Any, capsys: pytest.CaptureFixture[str]) -> None:
    restore(dynamodb, KEY)
    other = {"Enabled": True, "AttributeName": "ttl"}
    dynamodb.update_time_to_live(TableName="restored", TimeToLiveSpecification=other)
    assert main([*PREPARE]) == 1
    assert "its items expire by ttl, not by expires_at" in capsys.readouterr().err


def test_the_command_needs_the_table_of_the_stack(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["prepare-table", "restored"])
    assert "this command needs --table, or --stack\n" in capsys.readouterr().err


class Clock:
    """Lets no time pass, and says what a table is: what was planned, then what AWS says."""

    def __init__(self, dynamodb: Any, *statuses: str) -> None:
        self.pauses: list[float] = []
        self._statuses = list(statuses)
        dynamodb.meta.events.register("after-call.dynamodb.DescribeTable", self._answer)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def _answer(self, parsed: dict[str, Any], **_more: object) -> None:
        if self._statuses and "Table" in parsed:
            parsed["Table"]["TableStatus"] = self._statuses.pop(0)


def test_the_command_says_what_it_waits_for_while_the_restore_runs(dynamodb: Any) -> None:
    restore(dynamodb, KEY)
    clock = Clock(dynamodb, "CREATING", "CREATING", "UPDATING")
    said = prepare_table(dynamodb, "restored", "table", clock.pause)
    assert next(said) == "Waiting for restored: CREATING."
    assert clock.pauses == []
    assert list(said)[:2] == ["Waiting for restored: UPDATING.", "Its items expire by expires_at."]
    assert len(clock.pauses) == 3


def test_a_table_that_is_not_there_is_refused_within_seconds(
    dynamodb: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("admin.__main__.time.sleep", pauses.append)
    assert main([*PREPARE]) == 1
    assert capsys.readouterr().err == (
        "Waiting for restored: there is no such table yet.\n"
        "error: restored cannot be used: there is no table of this name in eu-central-1; check the spelling\n"
    )
    assert sum(pauses) == GRACE_SECONDS


def test_a_table_whose_restore_was_asked_for_a_moment_ago_is_waited_for(dynamodb: Any) -> None:
    """DynamoDB may answer from before the restore for a moment."""

    def restore_meanwhile(_seconds: float) -> None:
        restore(dynamodb, KEY)

    said = prepare_table(dynamodb, "restored", "table", restore_meanwhile)
    assert [next(said), next(said)] == [
        "Waiting for restored: there is no such table yet.",
        "Its items expire by expires_at.",
    ]


def test_a_restore_that_does_not_end_is_not_waited_for_forever(dynamodb: Any) -> None:
    restore(dynamodb, KEY)
    clock = Clock(dynamodb, *["CREATING"] * 415)
    with pytest.raises(UnsuitableTable, match="it is still CREATING after 6 hours"):
        list(prepare_table(dynamodb, "restored", "table", clock.pause))
    assert sum(clock.pauses) == 6 * 60 * 60


@pytest.mark.parametrize("status", ["DELETING", "INACCESSIBLE_ENCRYPTION_CREDENTIALS"])
def test_a_table_that_waiting_does_not_help_is_refused_at_once(dynamodb: Any, status: str) -> None:
    restore(dynamodb, KEY)
    clock = Clock(dynamodb, status)
    with pytest.raises(UnsuitableTable, match=f"it is {status}"):
        list(prepare_table(dynamodb, "restored", "table", clock.pause))
    assert clock.pauses == []
