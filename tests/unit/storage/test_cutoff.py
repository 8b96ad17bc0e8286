"""The moment before which everything that was issued is revoked."""

from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import Stubber

from runtime.prefixes import CUTOFF
from runtime.records.errors import AlreadyExists, StoreUnavailable
from runtime.records.login import Session
from runtime.records.oauth import Grant
from runtime.storage.cutoff import COPIES, DynamoDBCutoff, get_with_cutoff
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.logins import DynamoDBSessions
from runtime.storage.table import ATTEMPTS, DynamoDBTable, Table
from tests.memory.table import MemoryTable
from tests.support.grants import add_grant
from tests.unit.conftest import NOW

GRANT = Grant("g", "c", "", "alice", "mcp", "", "", "", "", NOW + 60, NOW, NOW + 60, NOW + 60)


@pytest.fixture
def cutoff(table: Table) -> DynamoDBCutoff:
    return DynamoDBCutoff(table)


def test_a_grant_ends_if_it_was_issued_before_and_not_at_the_moment_or_after(
    cutoff: DynamoDBCutoff, grants: DynamoDBGrants
) -> None:
    add_grant(grants, GRANT)
    add_grant(grants, replace(GRANT, grant_id="later", created_at=NOW + 1))
    assert (cutoff.get(), grants.get("g")) == (0, GRANT)
    cutoff.advance(NOW)
    assert grants.get("g") == GRANT
    cutoff.advance(NOW + 1)
    assert cutoff.get() == NOW + 1
    assert grants.get("g") is None
    assert grants.get("later") is not None


def test_a_session_ends_if_it_began_before(table: Table, cutoff: DynamoDBCutoff) -> None:
    sessions = DynamoDBSessions(table)
    sessions.add("early", Session("alice", None, None, NOW - 1, NOW + 60))
    sessions.add("late", Session("alice", None, None, NOW, NOW + 60))
    cutoff.advance(NOW)
    assert sessions.get("early", NOW) is None
    assert sessions.get("late", NOW) is not None


def test_it_never_moves_back(cutoff: DynamoDBCutoff) -> None:
    """What was revoked would be valid again."""
    cutoff.advance(NOW)
    for moment in (NOW - 1, NOW):
        with pytest.raises(AlreadyExists):
            cutoff.advance(moment)
    assert cutoff.get() == NOW


def test_every_copy_is_read_and_all_are_alike(table: Table, cutoff: DynamoDBCutoff) -> None:
    cutoff.advance(NOW)
    seen = [get_with_cutoff(table, [f"grant#{number}"], "get grant") for number in range(100)]
    assert {moment for _, moment in seen} == {NOW}


def test_reads_spread_over_the_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """One item serves 3,000 consistent reads a second, and each token of each user causes one."""
    read: list[str] = []

    def remember(_table: MemoryTable, pks: list[str], _operation: str) -> dict[str, Any]:
        read.extend(pk for pk in pks if pk.startswith(CUTOFF))
        return {}

    monkeypatch.setattr(MemoryTable, "get_together", remember)
    for number in range(100):
        get_with_cutoff(MemoryTable(), [f"grant#{number}"], "get grant")
    assert len(read) == 100
    assert len(set(read)) == COPIES


PAGE = {"pk": {"S": "grant#g"}}
LEFT = {"table": {"Keys": [{"pk": {"S": "revoked#j"}}], "ConsistentRead": True}}


def test_what_dynamodb_leaves_out_of_a_batch_is_read_again(aws: None) -> None:
    """A revocation that is left out would look like a token that was never revoked. Moto leaves out nothing."""
    table = DynamoDBTable("table")
    with Stubber(table._client) as stubber:
        stubber.add_response("batch_get_item", {"Responses": {"table": [PAGE]}, "UnprocessedKeys": LEFT})
        stubber.add_response(
            "batch_get_item", {"Responses": {"table": [{"pk": {"S": "revoked#j"}}]}}, {"RequestItems": LEFT}
        )
        assert set(table.get_together(["grant#g", "revoked#j"], "get")) == {"grant#g", "revoked#j"}
        stubber.assert_no_pending_responses()


def test_a_batch_that_stays_incomplete_is_a_failure(aws: None) -> None:
    table = DynamoDBTable("table")
    with Stubber(table._client) as stubber:
        for _ in range(ATTEMPTS):
            stubber.add_response("batch_get_item", {"Responses": {"table": [PAGE]}, "UnprocessedKeys": LEFT})
        with pytest.raises(StoreUnavailable):
            table.get_together(["grant#g", "revoked#j"], "get")
