"""A user's record changes together with the grant that is added, or not at all."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from botocore.stub import Stubber

from runtime.login.request import AuthorizationRequest
from runtime.login.users import MOST_CLEARED, change_for_grant, grants_to_revoke
from runtime.records.errors import AlreadyExists, StoreUnavailable
from runtime.records.login import UserChange, UserGrant, UserRecord
from runtime.records.oauth import Grant
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.table import ATTEMPTS, DynamoDBTable, Table
from runtime.storage.users import DynamoDBUsers, user_key
from tests.unit.conftest import NOW, Clock

GRANT = Grant("g", "c", "", "alice", "mcp", "", "", "", "", NOW + 60, NOW, NOW + 60, NOW + 60)
CHANGE = UserChange({}, {"g": UserGrant("c", NOW, NOW + 60)}, (), (), NOW + 60)

REQUEST = AuthorizationRequest("c", "", "https://a.example/", None, "mcp", "", "", "", provable=True, lasting=True)


@pytest.fixture
def users(table: Table) -> DynamoDBUsers:
    return DynamoDBUsers(table)


@pytest.fixture
def dynamodb(aws: None) -> Iterator[tuple[DynamoDBUsers, Stubber]]:
    """Responses of DynamoDB in order: moto has no conflicts between transactions."""
    table = DynamoDBTable("table")
    with Stubber(table._client) as stubber:
        yield DynamoDBUsers(table), stubber


def cancel(dynamodb: Stubber, *reasons: str) -> None:
    said = {"CancellationReasons": [{"Code": reason} for reason in reasons]}
    dynamodb.add_client_error("transact_write_items", "TransactionCanceledException", modeled_fields=said)


def test_a_grant_and_its_line_on_the_list_are_one_write(users: DynamoDBUsers, grants: DynamoDBGrants) -> None:
    users.add_grant(GRANT, CHANGE)
    assert (grants.get("g"), list(users.get("alice").grants)) == (GRANT, ["g"])


def test_a_record_says_whose_it_is(table: Table) -> None:
    """Its key is a hash, and an operator has only a name."""
    users = DynamoDBUsers(table, "https://idp.example")
    users.add_grant(GRANT, replace(CHANGE, email="alice@example.com"))
    item = table.get(user_key("https://idp.example", "alice"), "get user") or {}
    who = (item["subject"], item["identity_provider"], item["email"])
    assert who == ("alice", "https://idp.example", "alice@example.com")


def test_a_grant_that_cannot_be_kept_is_not_listed(users: DynamoDBUsers, grants: DynamoDBGrants) -> None:
    """Otherwise one user could list, and revoke, the grant of another."""
    users.add_grant(GRANT, CHANGE)
    with pytest.raises(AlreadyExists):
        users.add_grant(replace(GRANT, subject="bob"), CHANGE)
    assert users.get("bob") == UserRecord()
    assert grants.get("g") == GRANT


def test_another_providers_user_of_the_same_subject_is_somebody_else(
    table: Table, users: DynamoDBUsers, clock: Clock
) -> None:
    """OpenID Connect Core 1.0, 5.7: only ``iss`` and ``sub`` together identify a user."""
    others = [DynamoDBUsers(table, issuer) for issuer in ("https://a.example", "https://b.example")]
    others[0].add_grant(GRANT, CHANGE)
    assert list(others[0].get("alice").grants) == ["g"]
    assert users.get("alice") == others[1].get("alice") == UserRecord()
    others[1].remove("alice", (), ["g"])
    assert list(others[0].get("alice").grants) == ["g"]
    assert [DynamoDBGrants(table, clock, issuer).get("g") for issuer in ("https://a.example", None)] == [GRANT, None]


def give_many(users: DynamoDBUsers, names: list[str]) -> None:
    """List grants, fifty in one write."""
    for start in range(0, len(names), 50):
        grants = dict.fromkeys(names[start : start + 50], CHANGE.grants["g"])
        users.add_grant(replace(GRANT, grant_id=names[start]), replace(CHANGE, grants=grants))


def test_any_number_is_forgotten_although_one_write_takes_a_hundred(users: DynamoDBUsers) -> None:
    """DynamoDB takes 4 KB of an expression."""
    give_many(users, [str(number) for number in range(250)])
    users.remove("alice", [f"consent {number}" for number in range(50)], [str(number) for number in range(249)])
    assert list(users.get("alice").grants) == ["249"]


def test_what_is_over_goes_with_what_comes(users: DynamoDBUsers) -> None:
    """As much at a time as one write takes."""
    give_many(users, [str(number) for number in range(MOST_CLEARED + 10)])
    for left in (10, 0):
        change = change_for_grant(users.get("alice"), REQUEST, GRANT, NOW + 60, NOW + 600)
        assert grants_to_revoke(users.get("alice"), change, NOW + 60) == []
        users.add_grant(replace(GRANT, grant_id=f"new {left}"), replace(change, grants={}))
        assert len(users.get("alice").grants) == left


def test_two_logins_of_one_user_at_the_same_moment_both_count(dynamodb: tuple[DynamoDBUsers, Stubber]) -> None:
    """DynamoDB cancels a transaction whose items another one is writing, and boto3 does not retry it."""
    users, stubber = dynamodb
    cancel(stubber, "TransactionConflict", "None")
    stubber.add_response("transact_write_items", {})
    users.add_grant(GRANT, CHANGE)
    stubber.assert_no_pending_responses()


def test_a_store_that_stays_busy_says_so(dynamodb: tuple[DynamoDBUsers, Stubber]) -> None:
    users, stubber = dynamodb
    for _ in range(ATTEMPTS):
        cancel(stubber, "TransactionConflict", "None")
    with pytest.raises(StoreUnavailable):
        users.add_grant(GRANT, CHANGE)
    stubber.assert_no_pending_responses()
