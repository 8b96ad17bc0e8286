"""Processes that share a refresh token, and clients that lose a response: RFC 9700 4.14.2 allows for both."""

import base64
import hashlib
import hmac
from typing import Any

import jwt
import pytest

from runtime.oauth.grants.code import RefreshToken
from runtime.oauth.grants.refresh_token import MOST_REPLACED
from runtime.storage.clients import DynamoDBClients
from runtime.storage.grants import DynamoDBGrants
from tests.memory.audit_log import MemoryAuditLog
from tests.memory.table import MemoryTable
from tests.support.users import DAY, error_of, is_alive, post, redeem, refresh, register, rotate, store_grant
from tests.unit.conftest import CACHE_SECONDS, NOW, Clock, Send

GRACE = 60


def claims(answer: dict[str, Any]) -> dict[str, Any]:
    return dict(jwt.decode(answer["json"]["access_token"], options={"verify_signature": False}))


def test_every_use_within_the_grace_time_gives_the_same_successor(
    send: Send, client: dict[str, Any], first: str, clock: Clock
) -> None:
    following = rotate(send, client, first)
    assert following != first
    clock.now += GRACE - 1
    assert [rotate(send, client, first) for _ in range(3)] == [following] * 3
    assert rotate(send, client, following) != following


def test_processes_that_share_a_token_do_not_replay_each_other(
    send: Send, client: dict[str, Any], first: str, clock: Clock
) -> None:
    """Two processes start with one token. Whichever refreshes later, both end up with a valid token."""
    one, other = rotate(send, client, first), rotate(send, client, first)
    clock.now += 3600
    one, other = rotate(send, client, one), rotate(send, client, other)
    assert one == other
    clock.now += 3600
    assert rotate(send, client, other)


def test_a_late_use_within_the_grace_time_gives_the_newest_token_of_the_chain(
    send: Send, client: dict[str, Any], first: str, clock: Clock
) -> None:
    """The successor may itself have been replaced by then; returning it would make the next refresh a replay."""
    second = rotate(send, client, first)
    clock.now += 10
    third = rotate(send, client, second)
    clock.now += 10
    fourth = rotate(send, client, third)
    assert [rotate(send, client, token) for token in (first, second, third)] == [fourth] * 3
    clock.now += 3600
    assert rotate(send, client, fourth)


def test_each_token_has_a_grace_time_of_its_own(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], first: str, clock: Clock
) -> None:
    second = rotate(send, client, first)
    clock.now += GRACE - 1
    third = rotate(send, client, second)
    clock.now += 1
    assert rotate(send, client, second) == third
    assert error_of(refresh(send, client, first)) == (400, "invalid_grant")
    assert not is_alive(grants, first)


def test_a_late_use_does_not_extend_the_grace_time(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], first: str, clock: Clock
) -> None:
    rotate(send, client, first)
    for _ in range(2):
        clock.now += GRACE / 2 - 1
        rotate(send, client, first)
    clock.now += 2
    assert error_of(refresh(send, client, first)) == (400, "invalid_grant")
    assert not is_alive(grants, first)


def test_each_gets_an_access_token_of_its_own_that_ends_with_the_grant(
    send: Send, client: dict[str, Any], first: str, clock: Clock
) -> None:
    """RFC 6749 6: the requested scope applies to the access token, not to the shared refresh token."""
    one = refresh(send, client, first)
    clock.now += 10
    other = refresh(send, client, first, scope="mcp")
    assert one["json"]["refresh_token"] == other["json"]["refresh_token"]
    assert claims(one)["jti"] != claims(other)["jti"]
    assert (claims(one)["scope"], claims(other)["scope"]) == ("mcp mcp:admin", "mcp")
    assert (claims(one)["exp"], claims(other)["exp"]) == (NOW + 3600 + CACHE_SECONDS, NOW + 3610 + CACHE_SECONDS)
    assert claims(one)["grant_id"] == claims(other)["grant_id"]
    assert refresh(send, client, other["json"]["refresh_token"])["json"]["scope"] == "mcp mcp:admin"


@pytest.mark.parametrize(
    ("change", "error"),
    [({"scope": "everything"}, "invalid_scope"), ({"resource": "https://other.example.com"}, "invalid_target")],
)
def test_a_bad_request_with_a_used_token_revokes_nothing(
    send: Send, client: dict[str, Any], first: str, change: dict[str, str], error: str
) -> None:
    following = rotate(send, client, first)
    assert error_of(refresh(send, client, first, **change)) == (400, error)
    assert rotate(send, client, first) == following


def test_no_grace_reaches_beyond_the_absolute_end(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], clock: Clock
) -> None:
    code = store_grant(grants, client, absolute_expires_at=NOW + DAY)
    token = redeem(send, client, code)["json"]["refresh_token"]
    clock.now += DAY - 20
    rotate(send, client, token)
    clock.now += 10
    assert refresh(send, client, token)["json"]["expires_in"] == 10
    clock.now += 10
    assert error_of(refresh(send, client, token)) == (400, "invalid_grant")


def test_a_revoked_grant_stays_revoked_within_the_grace_time(
    send: Send, grants: DynamoDBGrants, clients: DynamoDBClients, client: dict[str, Any], first: str
) -> None:
    """RFC 7009 2.1, and the deletion of the client."""
    rotate(send, client, first)
    assert post(send, "/revoke", client, token=first)["statusCode"] == 200
    assert error_of(refresh(send, client, first)) == (400, "invalid_grant")
    again = redeem(send, client, store_grant(grants, client))["json"]["refresh_token"]
    rotate(send, client, again)
    clients.delete(client["client_id"])
    assert error_of(refresh(send, client, again)) == (401, "invalid_client")


def test_a_used_token_keeps_the_client_registered_too(
    send: Send, clients: DynamoDBClients, client: dict[str, Any], first: str, clock: Clock
) -> None:
    rotate(send, client, first)
    clients.renew(client["client_id"], NOW + DAY)
    rotate(send, client, first)
    stored = clients.get(client["client_id"])
    assert stored is not None
    assert stored.expires_at == NOW + 90 * DAY


def test_another_client_gets_nothing_for_a_used_token_and_revokes_nothing(
    send: Send, client: dict[str, Any], first: str
) -> None:
    following = rotate(send, client, first)
    assert error_of(refresh(send, register(send), first)) == (400, "invalid_grant")
    assert rotate(send, client, first) == following


def test_without_a_grace_time_the_second_use_revokes_the_grant(
    send_to: Any, grants: DynamoDBGrants, client: dict[str, Any], first: str
) -> None:
    strict: Send = send_to(interactive=True, refresh_token_grace_seconds=0)
    rotate(strict, client, first)
    assert error_of(refresh(strict, client, first)) == (400, "invalid_grant")
    assert not is_alive(grants, first)


def test_reuse_after_the_grace_time_is_in_the_audit_log(
    audit: MemoryAuditLog, send: Send, client: dict[str, Any], first: str, clock: Clock
) -> None:
    rotate(send, client, first)
    rotate(send, client, first)
    assert "refresh_token_reused" not in [event["event"] for event in audit.events]
    clock.now += GRACE
    refresh(send, client, first)
    [reused] = [event for event in audit.events if event["event"] == "refresh_token_reused"]
    assert (reused["grant_id"], reused["client_id"]) == (first.split(".", maxsplit=1)[0], client["client_id"])


def test_the_stored_grant_does_not_grow_with_the_number_of_uses(
    send: Send, grants: DynamoDBGrants, client: dict[str, Any], first: str, clock: Clock
) -> None:
    chain = [first]
    for _ in range(MOST_REPLACED + 1):
        chain.append(rotate(send, client, chain[-1]))
    grant = grants.get(first.split(".", maxsplit=1)[0])
    assert grant is not None
    assert len(grant.replaced) == MOST_REPLACED
    assert rotate(send, client, chain[1]) == chain[-1]
    clock.now += GRACE
    chain.append(rotate(send, client, chain[-1]))
    grant = grants.get(first.split(".", maxsplit=1)[0])
    assert grant is not None
    assert len(grant.replaced) == 1
    assert rotate(send, client, chain[-2]) == chain[-1]


def test_the_table_alone_yields_no_token(table: MemoryTable, send: Send, client: dict[str, Any], first: str) -> None:
    """Only hashes and salts are stored: without an issued token, nothing can be derived."""
    chain = [first]
    for _ in range(3):
        chain.append(rotate(send, client, chain[-1]))
    items = list(table.items.values())
    [grant] = [item for item in items if item["pk"].startswith("grant#")]
    secrets = {RefreshToken.read(token).secret for token in chain}
    assert len(secrets) == 4
    assert not any(secret in str(items) for secret in secrets)
    kept = [grant["refresh_hash"], *(token[name] for token in grant["replaced"] for name in ("hash", "salt"))]
    for key in kept:
        for message in kept:
            made = hmac.digest(key.encode(), f"following\0{message}".encode(), hashlib.sha256)
            assert base64.urlsafe_b64encode(made).decode().rstrip("=") not in secrets


def test_a_successor_is_as_long_as_a_new_token_and_differs_with_every_salt() -> None:
    first = RefreshToken.new("g")
    following = first.successor("salt")
    assert following == first.successor("salt")
    assert len(following.secret) == len(first.secret) == 43
    others = {first.successor("other").secret, RefreshToken.new("g").successor("salt").secret, first.secret}
    assert following.secret not in others
    assert (following.grant_id, following.family) == (first.grant_id, first.family)
