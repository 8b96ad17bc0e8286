"""A user who leaves has no access any more, and nothing that names them stays."""

from typing import Any

import boto3
import pytest

from admin.incidents.offboarding import ATTEMPTS
from admin.incidents.user_data import BELONGS, OF_NOBODY
from runtime import prefixes
from runtime.records.login import UserChange, UserGrant
from runtime.storage.table import DynamoDBTable, Item
from runtime.storage.users import DynamoDBUsers, user_key
from tests.support.aws import audit_events
from tests.unit.admin.conftest import Run
from tests.unit.admin.incidents.conftest import EDITOR, END, NOW, PROVIDER, add_user, grant_of

KINDS = {value for name, value in vars(prefixes).items() if name.isupper()}


def items() -> list[dict[str, Any]]:
    return list(boto3.resource("dynamodb").Table("table").scan()["Items"])


def keys() -> set[str]:
    return {str(item["pk"]) for item in items()}


def test_every_kind_of_record_is_known_to_name_a_user_or_nobody() -> None:
    """Add a new kind of record to ``BELONGS``, or to ``OF_NOBODY`` with the reason, and to the fixture ``filled``."""
    assert BELONGS.keys() | OF_NOBODY.keys() == KINDS
    assert not BELONGS.keys() & OF_NOBODY.keys()


def test_nothing_that_names_the_user_stays_and_everything_else_does(run: Run, filled: DynamoDBTable) -> None:
    """The walk goes over a record of every kind: whatever holds the name, in a key or inside, is the user's."""
    assert {f"{key.partition('#')[0]}#" for key in keys()} == KINDS
    add_user(filled, "zoë", "zoe@example.com", EDITOR)
    before, user = keys(), user_key(PROVIDER, "zoë")
    named = {item["pk"] for item in items() if "zoë" in str(item) or item["pk"] == user}
    assert {f"{key.partition('#')[0]}#" for key in named} == set(BELONGS)
    said = run("remove-user", "--email", "zoe@example.com", "--yes")
    assert said.status == 0, said.err
    assert "Deleted: 1 exchange, 1 grant, 1 level, 1 login, 1 person, 1 session, 1 task." in said.err
    assert keys() == before - named
    assert "zoë" not in str(items())


def test_a_user_of_the_same_subject_elsewhere_keeps_their_access(run: Run, filled: DynamoDBTable) -> None:
    """OpenID Connect Core 1.0, 5.7. Only what the mcp function holds names no issuer, and ends for both."""
    shared = ("task#", "exchange#", "level#")
    others = {key for key in keys() if "ther" in key or key == user_key("https://idp.other", "alice")}
    assert run("--identity-provider", PROVIDER, "remove-user", "--subject", "alice", "--yes").status == 0
    assert {key for key in others if not key.startswith(shared)} <= keys()
    assert DynamoDBUsers(filled, "https://idp.other").get("alice").grants
    assert not DynamoDBUsers(filled, PROVIDER).get("alice").grants
    [event] = audit_events()
    assert (event["subject"], event["identity_provider"]) == ("alice", PROVIDER)


def test_a_user_of_whom_nothing_is_found_is_an_error_with_a_line_in_the_audit_log(
    run: Run, filled: DynamoDBTable
) -> None:
    """The subject may be misspelled, and then the access of the one who leaves goes on."""
    before = keys()
    said = run("--identity-provider", PROVIDER, "remove-user", "--subject", "alcie", "--yes")
    assert said.status == 1
    assert "error: there is no user with this subject; check the spelling" in said.err
    assert "Deleted" not in said.err
    assert keys() == before
    assert [event["event"] for event in audit_events()] == ["user_removed"]


def test_a_user_is_removed_once(run: Run, filled: DynamoDBTable) -> None:
    remove = ("--identity-provider", PROVIDER, "remove-user", "--subject", "alice", "--yes")
    assert [run(*remove).status for _ in range(2)] == [0, 1]


def test_a_user_is_found_by_the_address_however_it_is_written_and_only_if_it_is_one(
    run: Run, filled: DynamoDBTable
) -> None:
    assert "no user with this address has signed in" in run("remove-user", "--email", "nobody@x.example", "--yes").err
    add_user(filled, "bob2", "BOB@example.com", EDITOR)
    said = run("remove-user", "--email", "bob@EXAMPLE.com", "--yes")
    assert said.status == 1
    assert "several users have this address" in said.err
    assert "bob of https://idp.example; bob2 of https://idp.example" in said.err
    assert audit_events() == []


def test_a_subject_needs_its_issuer(run: Run, filled: DynamoDBTable) -> None:
    said = run("remove-user", "--subject", "alice", "--yes")
    assert (said.status, "name --identity-provider" in said.err) == (1, True)


def test_the_question_says_whose_access_ends_and_how_much_of_it(run: Run, filled: DynamoDBTable) -> None:
    said = run("--identity-provider", PROVIDER, "remove-user", "--subject", "alice", answer="n\n")
    assert "the user alice of https://idp.example (2 grants to 2 clients)" in said.err


@pytest.mark.parametrize("times", [1, ATTEMPTS])
def test_a_sign_in_that_ends_while_the_table_is_read_is_ended_too(
    run: Run, filled: DynamoDBTable, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """The scan may be past the place where the new grant is written."""
    delete, left = DynamoDBTable.delete, [times]
    record = user_key(PROVIDER, "carol")

    def sign_in_meanwhile(table: DynamoDBTable, pk: str, operation: str) -> Item | None:
        deleted = delete(table, pk, operation)
        if pk == record and left[0]:
            left[0] -= 1
            grant_id = f"carol-{left[0]}"
            change = UserChange({}, {grant_id: UserGrant(EDITOR, NOW, END)}, (), (), END)
            DynamoDBUsers(table, PROVIDER).add_grant(grant_of("carol", EDITOR, grant_id), change)
        return deleted

    add_user(filled, "carol", "carol@example.com", EDITOR)
    monkeypatch.setattr(DynamoDBTable, "delete", sign_in_meanwhile)
    monkeypatch.setattr("admin.incidents.scan.Scan.items", lambda *_args, **_more: iter(()))
    said = run("--identity-provider", PROVIDER, "remove-user", "--subject", "carol", "--yes")
    assert not [key for key in keys() if key.startswith("grant#carol")]
    assert said.status == (0 if times < ATTEMPTS else 1)


def test_the_access_ends_before_the_table_is_read(
    run: Run, filled: DynamoDBTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading a large table takes long."""
    monkeypatch.setattr("admin.incidents.scan.Scan.items", lambda *_args, **_more: iter(()))
    assert run("--identity-provider", PROVIDER, "remove-user", "--subject", "bob", "--yes").status == 0
    assert not [key for key in keys() if key.startswith("grant#bob")]
