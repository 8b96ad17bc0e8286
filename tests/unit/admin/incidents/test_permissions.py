"""What an operator needs: the statements in docs/operations.md, no more and no less."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient

from admin.__main__ import main
from runtime.storage.table import DynamoDBTable
from tests.infra.policies import permits
from tests.unit.admin.conftest import Run
from tests.unit.admin.incidents.conftest import EDITOR, URL

PAGE = Path(__file__).resolve().parents[4] / "docs" / "operations.md"
# Another block of the page is a single statement, for the policy of a topic.
[DOCUMENT] = [text for text in re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL) if '"Statement"' in text]
STATEMENTS: list[dict[str, Any]] = json.loads(DOCUMENT)["Statement"]
# Secrets Manager invokes the rotation function for the operator; everybody may ask who they are.
OF_OTHERS = "lambda:InvokeFunction"
FREE = "sts:GetCallerIdentity"


def calls_in(service: str, operation: str, params: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return what a call of AWS does, as an action and the keys of its items."""
    if operation == "TransactWriteItems":
        # DynamoDB checks each write as its own action.
        for item in params["TransactItems"]:
            [(kind, parts)] = item.items()
            yield from calls_in(service, f"{kind}Item", parts)
        return
    key = params.get("Key") or params.get("Item")
    yield f"{service}:{operation}", (key["pk"]["S"],) if isinstance(key, dict) else ()


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, tuple[str, ...]]]:
    """Return what is called from now on."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    call = BaseClient._make_api_call

    def watch(client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
        seen.update(calls_in(client.meta.service_model.signing_name, operation, params))
        return call(client, operation, params)

    monkeypatch.setattr(BaseClient, "_make_api_call", watch)
    return seen


@pytest.fixture
def run_every_command(run: Run, filled: DynamoDBTable, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    secrets = boto3.client("secretsmanager")
    secrets.create_secret(Name="key", SecretString="k" * 86)
    secrets.create_secret(Name="upstream")

    def every() -> None:
        for command in (
            ["list-clients"],
            ["list-access"],
            ["show-client", EDITOR],
            *(["disable-client", client, "--yes"] for client in (EDITOR, URL)),
            *(["enable-client", client, "--yes"] for client in (EDITOR, URL)),
            ["remove-user", "--email", "alice@example.com", "--yes"],
            ["revoke-issued-before", "now", "--yes"],
            ["rotate-signing-key", "--yes"],
        ):
            assert run("--signing-key", "key", *command).status == 0
        token = run("make-initial-token").out
        monkeypatch.setattr("admin.__main__._read_secret", lambda _question: token.strip())
        assert run("revoke-initial-token").status == 0
        assert run("set-upstream-secret", "upstream").status == 0
        monkeypatch.setattr("admin.app_secrets.read_value", lambda _question: "hush")
        assert run("set-secret", "TOKEN", "--arn", "upstream").status == 0
        assert main(["list-secrets"], {"app_secrets": {"TOKEN": "upstream"}}) == 0

    return every


def test_the_statements_permit_every_command_and_nothing_that_none_needs(
    run_every_command: Callable[[], None], called: set[tuple[str, tuple[str, ...]]]
) -> None:
    run_every_command()
    needed = {(action, keys) for action, keys in called if action != FREE}
    used = set()
    for action, keys in needed:
        context = {"dynamodb:LeadingKeys": list(keys)}
        permitting = [each["Sid"] for each in STATEMENTS if permits(each, action, context)]
        assert permitting, (action, keys)
        used |= {(sid, action) for sid in permitting}
    listed = {(each["Sid"], action) for each in STATEMENTS for action in each["Action"] if action != OF_OTHERS}
    assert used == listed
    prefixes = {key.partition("#")[0] for action, keys in needed if action != "dynamodb:GetItem" for key in keys}
    patterns = [
        pattern.removesuffix("#*")
        for each in STATEMENTS
        for pattern in each.get("Condition", {}).get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", ())
    ]
    assert sorted(patterns) == sorted(prefixes)
