"""Marks in DynamoDB: that an id has been used, that a token no longer counts. Each lasts as long as it is needed."""

from typing import Any

import boto3
from botocore.exceptions import ClientError

from runtime.storage.records import AlreadyExists, StoreUnavailable

CONDITION_FAILED = "ConditionalCheckFailedException"


class DynamoDBOneTimeIds:
    """A ``OneTimeStore`` whose items have the partition key ``once#<client_id>#<id>``."""

    def __init__(self, table_name: str) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)

    def use(self, client_id: str, one_time_id: str, expires_at: int, now: int) -> None:
        """Use an id up until a time; raises ``AlreadyExists`` when it was used before."""
        try:
            self._table.put_item(
                Item={"pk": f"once#{client_id}#{one_time_id}", "expires_at": expires_at},
                # DynamoDB deletes late: a mark past its time counts as gone.
                ConditionExpression="attribute_not_exists(pk) OR expires_at <= :now",
                ExpressionAttributeValues={":now": now},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == CONDITION_FAILED:
                raise AlreadyExists("one-time id") from error
            raise StoreUnavailable("put one-time id") from error


class DynamoDBRevocations:
    """A ``RevocationStore`` whose items have the partition key ``revoked#<jti>``."""

    def __init__(self, table_name: str) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)

    def revoke(self, token_id: str, expires_at: int) -> None:
        """Remember that a token is revoked until it expires; doing it again changes nothing."""
        try:
            self._table.put_item(Item={**_revoked(token_id), "expires_at": expires_at})
        except ClientError as error:
            raise StoreUnavailable("put revocation") from error

    def is_revoked(self, token_id: str) -> bool:
        """Whether a token was revoked. Nothing is said of one that has expired."""
        try:
            return "Item" in self._table.get_item(Key=_revoked(token_id), ConsistentRead=True)
        except ClientError as error:
            raise StoreUnavailable("get revocation") from error


def _revoked(token_id: str) -> dict[str, Any]:
    return {"pk": f"revoked#{token_id}"}
