"""Stored grants: the codes and refresh tokens of RFC 6749 1.3.1 and 1.5, in DynamoDB."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from runtime.oauth.credentials import digest
from runtime.oauth.grants.code import AuthorizationCode, RefreshToken
from runtime.records.errors import NotThere, StoreUnavailable
from runtime.records.oauth import Grant, ReplacedToken
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.table import DynamoDBTable, Table, Update
from tests.support.grants import add_grant
from tests.unit.conftest import NOW, PUBLIC_URL, Clock

GRANT = Grant(
    grant_id="g" * 32,
    client_id="c" * 32,
    client_name="An editor",
    subject="alice",
    scope="mcp mcp:admin",
    resource=f"{PUBLIC_URL}/mcp",
    redirect_uri="http://127.0.0.1:1234/callback",
    code_challenge="x" * 43,
    code_hash="code",
    code_expires_at=NOW + 60,
    created_at=NOW,
    absolute_expires_at=NOW + 90 * 86_400,
    expires_at=NOW + 60,
)
LATER = NOW + 1000
REPLACED = (ReplacedToken("zeroth", "grain", NOW - 5), ReplacedToken("first", "salt", NOW))


@pytest.fixture
def grants(table: Table, clock: Clock) -> DynamoDBGrants:
    grants = DynamoDBGrants(table, clock)
    add_grant(grants, GRANT)
    return grants


@pytest.fixture
def redeemed(grants: DynamoDBGrants) -> Grant:
    grants.redeem(GRANT.grant_id, "family", "first", LATER)
    return replace(GRANT, code_used=True, family_hash="family", refresh_hash="first", rotated_at=NOW, expires_at=LATER)


def item(table: Table) -> dict[str, Any]:
    grant = table.get(f"grant#{GRANT.grant_id}", "get")
    assert grant is not None
    return grant


def test_a_grant_comes_back_as_it_was(table: Table, grants: DynamoDBGrants) -> None:
    assert grants.get(GRANT.grant_id) == GRANT
    assert item(table)["pk"] == f"grant#{GRANT.grant_id}"


@pytest.mark.parametrize("grant_id", ["", "0" * 32, "x" * 5000, "é" * 1000, "\x00", "\ud800"])
def test_an_id_that_no_grant_has_is_of_no_grant(grants: DynamoDBGrants, grant_id: str) -> None:
    assert grants.get(grant_id) is None


def test_a_grant_past_its_time_is_gone_though_dynamodb_has_not_deleted_it(
    table: Table, grants: DynamoDBGrants, clock: Clock
) -> None:
    clock.now += 60
    assert grants.get(GRANT.grant_id) is None
    with pytest.raises(NotThere):
        grants.redeem(GRANT.grant_id, None, None, LATER)
    assert item(table)["code_used"] is False


def test_redeeming_the_code_starts_the_life_of_the_refresh_token(grants: DynamoDBGrants, redeemed: Grant) -> None:
    assert grants.get(GRANT.grant_id) == redeemed


def test_a_code_is_redeemed_once(grants: DynamoDBGrants, redeemed: Grant) -> None:
    """RFC 6749 4.1.2: the client must not use the code more than once."""
    with pytest.raises(NotThere):
        grants.redeem(GRANT.grant_id, "other", "second", LATER + 1)
    assert grants.get(GRANT.grant_id) == redeemed


def test_a_code_may_end_before_its_grant(table: Table, clock: Clock) -> None:
    """RFC 6749 4.1.2: a code expires shortly after it was issued."""
    grants = DynamoDBGrants(table, clock)
    add_grant(grants, replace(GRANT, expires_at=LATER))
    clock.now += 60
    with pytest.raises(NotThere):
        grants.redeem(GRANT.grant_id, "family", "first", LATER)


def test_a_grant_without_refresh_token_has_nothing_to_rotate(grants: DynamoDBGrants) -> None:
    grants.redeem(GRANT.grant_id, None, None, LATER)
    read = grants.get(GRANT.grant_id)
    assert read is not None
    assert read.refresh_hash is None


def test_a_rotation_puts_a_new_refresh_token_after_those_it_replaces(
    grants: DynamoDBGrants, redeemed: Grant, clock: Clock
) -> None:
    clock.now += 5
    grants.rotate(redeemed, "second", REPLACED, LATER + 5)
    assert grants.get(GRANT.grant_id) == replace(
        redeemed, refresh_hash="second", replaced=REPLACED, rotated_at=NOW + 5, expires_at=LATER + 5
    )


def test_of_two_rotations_that_read_the_same_one_is_made(grants: DynamoDBGrants, redeemed: Grant) -> None:
    grants.rotate(redeemed, "second", REPLACED, LATER)
    with pytest.raises(NotThere):
        grants.rotate(redeemed, "third", REPLACED, LATER)
    read = grants.get(GRANT.grant_id)
    assert read is not None
    assert read.refresh_hash == "second"


def test_a_grant_that_another_version_has_written_is_read(
    table: Table, grants: DynamoDBGrants, redeemed: Grant
) -> None:
    """A deployment must not end what users have granted."""
    table.update(Update(f"grant#{GRANT.grant_id}", set={"previous_refresh_hash": "other"}, remove=["replaced"]), "")
    assert grants.get(GRANT.grant_id) == redeemed
    grants.rotate(redeemed, "second", REPLACED, LATER)
    read = grants.get(GRANT.grant_id)
    assert read is not None
    assert read.replaced == REPLACED


def test_a_revoked_grant_is_gone_and_nothing_brings_it_back(grants: DynamoDBGrants, redeemed: Grant) -> None:
    for _ in range(2):
        grants.revoke(GRANT.grant_id)
    assert grants.get(GRANT.grant_id) is None
    with pytest.raises(NotThere):
        grants.rotate(redeemed, "second", REPLACED, LATER)
    with pytest.raises(NotThere):
        grants.redeem(GRANT.grant_id, "family", "first", LATER)
    assert grants.get(GRANT.grant_id) is None


def test_a_table_that_is_away_is_a_failure_and_not_an_absence(aws: None, clock: Clock) -> None:
    away = DynamoDBGrants(DynamoDBTable("none"), clock)
    operations: list[Callable[[], object]] = [
        lambda: away.get(GRANT.grant_id),
        lambda: away.redeem(GRANT.grant_id, None, None, LATER),
        lambda: away.rotate(GRANT, "second", (), LATER),
        lambda: away.revoke(GRANT.grant_id),
    ]
    for operation in operations:
        with pytest.raises(StoreUnavailable):
            operation()


def test_a_credential_names_its_grant_and_is_kept_as_a_hash() -> None:
    credential = AuthorizationCode.new(GRANT.grant_id)
    assert AuthorizationCode.read(str(credential)) == credential
    assert str(credential).startswith(f"{GRANT.grant_id}.")
    assert credential.hash == digest(credential.secret)
    assert credential.secret not in repr(credential)
    assert credential != AuthorizationCode.new(GRANT.grant_id)


@pytest.mark.parametrize("text", ["", ".", "x", "a.b.c", "é", "\x00"])
def test_whatever_a_client_presents_is_read(text: str) -> None:
    assert isinstance(AuthorizationCode.read(text).hash, str)
    assert isinstance(RefreshToken.read(text).family_hash, str)


def test_refresh_tokens_of_one_grant_have_a_part_in_common() -> None:
    first = RefreshToken.new(GRANT.grant_id)
    second = first.successor("salt")
    assert RefreshToken.read(str(second)) == second
    assert (first.grant_id, first.family_hash) == (second.grant_id, second.family_hash)
    assert first.hash != second.hash
    assert first.family_hash != RefreshToken.new(GRANT.grant_id).family_hash
    assert not {first.family, first.secret} & set(repr(first).split("'"))
