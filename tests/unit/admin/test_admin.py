"""The operator's commands."""

import io
import json
import time
from pathlib import Path

import boto3
import pytest

from admin.__main__ import main
from admin.initial_tokens import SECONDS_PER_DAY
from runtime.oauth.credentials import digest
from runtime.storage.audit_log import CloudWatchAuditLog
from runtime.storage.identity_provider_secret import SecretsManagerClientSecret
from runtime.storage.layout import without_layout
from tests.support.aws import audit_events, create_audit_log, create_table

STACK = ("--table", "table", "--audit-log", "audit")
SECRET = ("--audit-log", "audit", "set-upstream-secret")


@pytest.fixture
def table(aws: None) -> None:
    create_table()


@pytest.fixture
def audit(aws: None) -> CloudWatchAuditLog:
    return create_audit_log(time.time)


def items() -> list[dict[str, object]]:
    return list(boto3.resource("dynamodb").Table("table").scan()["Items"])


def test_a_token_is_printed_once_and_kept_as_a_hash_with_its_end(
    table: None, audit: CloudWatchAuditLog, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*STACK, "make-initial-token", "--days", "2"]) == 0
    token = capsys.readouterr().out.strip()
    assert len(token) >= 43
    [item] = items()
    assert set(without_layout(item)) == {"pk", "expires_at"}
    assert item["pk"] == f"initial#{digest(token)}"
    assert int(str(item["expires_at"])) % SECONDS_PER_DAY != 0
    [event] = audit_events()
    assert (event["event"], event["token_hash"]) == ("initial_token_made", digest(token))
    assert event["operator"].startswith("arn:aws:sts::")


@pytest.mark.parametrize(("days", "said"), [("1", "for 1 day."), ("2", "for 2 days.")])
def test_the_command_says_how_long_a_token_is_valid(
    days: str, said: str, table: None, audit: CloudWatchAuditLog, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*STACK, "make-initial-token", "--days", days]) == 0
    assert f"valid {said} It is shown only once:" in capsys.readouterr().err


def test_a_token_is_revoked_by_standard_input_and_only_once(
    table: None,
    audit: CloudWatchAuditLog,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    main([*STACK, "make-initial-token"])
    token = capsys.readouterr().out
    for status, said in ((0, "Revoked."), (1, "error: this token does not exist")):
        monkeypatch.setattr("sys.stdin", io.StringIO(token))
        assert main([*STACK, "revoke-initial-token"]) == status
        assert said in capsys.readouterr().err
        assert items() == []
    assert [event["event"] for event in audit_events()] == ["initial_token_made", "initial_token_revoked"]


def test_a_table_that_is_not_there_is_a_sentence_and_no_traceback(
    audit: CloudWatchAuditLog, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--table", "nowhere", "--audit-log", "audit", "make-initial-token"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: cannot use the table: ")
    assert [event["event"] for event in audit_events()] == ["initial_token_made", "command_failed"]


@pytest.mark.parametrize("days", ["0", "3651", "soon"])
def test_a_token_is_good_for_a_whole_number_of_days_within_ten_years(days: str) -> None:
    with pytest.raises(SystemExit):
        main([*STACK, "make-initial-token", "--days", days])


def test_the_providers_client_secret_is_kept_and_not_shown(
    audit: CloudWatchAuditLog, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    boto3.client("secretsmanager").create_secret(Name="upstream")
    monkeypatch.setattr("sys.stdin", io.StringIO(" hush\r\n"))
    assert main([*SECRET, "upstream"]) == 0
    assert SecretsManagerClientSecret("upstream").read() == "hush"
    assert "hush" not in "".join(capsys.readouterr())
    assert [event["event"] for event in audit_events()] == ["upstream_secret_set"]


@pytest.mark.parametrize(
    ("secret", "value"),
    [("upstream", "\n"), ("nowhere", "hush\n"), ("upstream", "hush\xa0\n"), ("upstream", "\u200bhush\n")],
)
def test_a_client_secret_that_is_none_or_one_with_no_place_is_a_sentence_and_no_traceback(
    secret: str,
    value: str,
    audit: CloudWatchAuditLog,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """RFC 6749 A.2: a client secret is printable ASCII."""
    boto3.client("secretsmanager").create_secret(Name="upstream")
    monkeypatch.setattr("sys.stdin", io.StringIO(value))
    assert main([*SECRET, secret]) == 1
    assert capsys.readouterr().err.startswith("error: ")
    told = ["upstream_secret_set", "command_failed"] if secret == "nowhere" else []
    assert [event["event"] for event in audit_events()] == told


@pytest.mark.parametrize(
    ("command", "needed"),
    [
        (["make-initial-token"], "--audit-log and --table"),
        (["--table", "table", "make-initial-token"], "--audit-log"),
        (["set-upstream-secret", "upstream"], "--audit-log"),
        (["--audit-log", "audit", "set-upstream-secret"], "SECRET"),
        (["prune-versions"], "--function"),
    ],
)
def test_a_command_needs_the_names_of_what_it_works_on(
    command: list[str], needed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(command)
    assert f"this command needs {needed}, or --stack\n" in capsys.readouterr().err


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a Pulumi CLI on the PATH that knows the outputs of the stack ``prod``."""
    outputs = {"table_name": "table", "audit_log": "audit", "region": "eu-west-3"}
    program = tmp_path / "pulumi"
    program.write_text(
        f"""#!/bin/sh
case "$*" in
"stack output --json --non-interactive --stack=prod") echo '{json.dumps(outputs)}' ;;
*) echo "error: no stack named '$5' found" >&2; exit 255 ;;
esac
"""
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


def test_a_stack_says_what_a_command_works_on_and_in_which_region(
    aws: None, pulumi: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as there:
        there.setenv("AWS_DEFAULT_REGION", "eu-west-3")
        there.setattr(boto3, "DEFAULT_SESSION", None)
        create_table()
        create_audit_log(time.time)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    assert main(["--stack", "prod", "make-initial-token"]) == 0
    assert boto3.client("dynamodb").meta.region_name == "eu-west-3"
    assert len(items()) == 1


def test_what_is_named_wins_over_what_the_stack_says(table: None, audit: CloudWatchAuditLog, pulumi: None) -> None:
    assert main(["--stack", "prod", "--region", "eu-central-1", "make-initial-token"]) == 0
    assert len(items()) == 1


def test_a_caller_that_knows_the_outputs_of_the_stack_passes_them(table: None, audit: CloudWatchAuditLog) -> None:
    assert main(["make-initial-token"], {"table_name": "table", "audit_log": "audit"}) == 0
    assert len(items()) == 1


def test_a_stack_that_pulumi_does_not_know_is_a_sentence_and_no_traceback(
    pulumi: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--stack", "other", "make-initial-token"]) == 1
    assert capsys.readouterr().err == "error: pulumi stack output failed: error: no stack named '--stack=other' found\n"


def test_without_the_pulumi_cli_a_stack_is_a_sentence_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["--stack", "prod", "make-initial-token"]) == 1
    assert capsys.readouterr().err.startswith("error: the Pulumi CLI is not on the PATH")
