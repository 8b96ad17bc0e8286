"""Grants in DynamoDB."""

from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import boto3
from botocore.exceptions import ClientError

from runtime.storage.records import AlreadyExists, Grant, NotThere, StoreUnavailable

# DynamoDB refuses a partition key of more than 2048 bytes; no grant has an id anywhere near that.
LONGEST_ID_BYTES = 1024
CONDITION_FAILED = "ConditionalCheckFailedException"
# DynamoDB deletes late: a grant past its time counts as gone.
THERE = "attribute_exists(pk) AND expires_at > :now"


class DynamoDBGrants:
    """A ``GrantStore`` whose items have the partition key ``grant#<grant_id>``.

    A grant is one item with all its credentials, so that each use of one, and the end of all, is one write.
    ``clock`` reads seconds since the epoch. ``identity_provider`` is whose users have given the grants, by its issuer;
    those of another one count as gone, since they may call somebody else by the same subject.
    """

    def __init__(self, table_name: str, clock: Callable[[], float], identity_provider: str | None = None) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)
        self._clock = clock
        self._identity_provider = identity_provider

    def add(self, grant: Grant) -> None:
        """Keep a new grant; raises ``AlreadyExists`` when its id is taken."""
        try:
            self._table.put_item(**put_new(grant, self._identity_provider))
        except ClientError as error:
            raise _failure(error, AlreadyExists("grant"), "add grant") from error

    def get(self, grant_id: str) -> Grant | None:
        """The grant, or ``None`` when there is none of this id: it has expired, or was revoked."""
        if len(grant_id.encode("utf-8", "surrogatepass")) > LONGEST_ID_BYTES:
            return None
        try:
            item = self._table.get_item(Key=_key(grant_id), ConsistentRead=True).get("Item")
        except ClientError as error:
            raise StoreUnavailable("get grant") from error
        if item is None or item.get("identity_provider") != self._identity_provider:
            return None
        grant = _grant(item)
        return grant if grant.expires_at > self._clock() else None

    def redeem(self, grant_id: str, family_hash: str | None, refresh_hash: str | None, expires_at: int) -> None:
        """Use up the code of a grant; raises ``NotThere`` unless it is unused and unexpired."""
        self._update(
            grant_id,
            "SET code_used = :true, family_hash = :family, refresh_hash = :refresh, rotated_at = :now, "
            "expires_at = :expires_at",
            "code_used = :false AND code_expires_at > :now",
            {
                ":true": True,
                ":false": False,
                ":family": family_hash,
                ":refresh": refresh_hash,
                ":expires_at": expires_at,
            },
        )

    def rotate(self, grant: Grant, refresh_hash: str, previous_refresh_hash: str | None, expires_at: int) -> None:
        """Give a grant a new refresh token; raises ``NotThere`` unless it still has the one that was read."""
        self._update(
            grant.grant_id,
            "SET refresh_hash = :new, previous_refresh_hash = :previous, rotated_at = :now, expires_at = :expires_at",
            "refresh_hash = :read",
            {
                ":new": refresh_hash,
                ":previous": previous_refresh_hash,
                ":read": grant.refresh_hash,
                ":expires_at": expires_at,
            },
        )

    def revoke(self, grant_id: str) -> None:
        """End a grant and everything that was issued under it; doing it again changes nothing."""
        try:
            self._table.delete_item(Key=_key(grant_id))
        except ClientError as error:
            raise StoreUnavailable("revoke grant") from error

    def _update(self, grant_id: str, update: str, condition: str, values: dict[str, Any]) -> None:
        """One conditional write to a grant that is there; raises ``NotThere`` where the condition does not hold."""
        try:
            self._table.update_item(
                Key=_key(grant_id),
                UpdateExpression=update,
                ConditionExpression=f"{THERE} AND {condition}",
                ExpressionAttributeValues={":now": int(self._clock()), **values},
            )
        except ClientError as error:
            raise _failure(error, NotThere("grant"), "update grant") from error


def put_new(grant: Grant, identity_provider: str | None) -> dict[str, Any]:
    """The write that keeps a new grant of a user of the provider, which is refused when its id is taken."""
    item = {**_key(grant.grant_id), **asdict(grant), "identity_provider": identity_provider}
    return {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}


def _failure(error: ClientError, refused: Exception, operation: str) -> Exception:
    """``refused`` when the condition of a write did not hold, else that the store failed."""
    if error.response["Error"]["Code"] == CONDITION_FAILED:
        return refused
    return StoreUnavailable(operation)


def _key(grant_id: str) -> dict[str, str]:
    return {"pk": f"grant#{grant_id}"}


def _grant(item: dict[str, Any]) -> Grant:
    members: dict[str, Any] = {
        name: int(value) if isinstance(value, Decimal) else value for name, value in item.items()
    }
    del members["pk"]
    members.pop("identity_provider", None)
    return Grant(**members)
