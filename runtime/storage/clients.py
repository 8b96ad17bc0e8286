"""Clients in DynamoDB."""

import json
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import ClientError

from runtime.storage.records import AlreadyExists, Client, NotThere, StoreUnavailable

# DynamoDB refuses a partition key of more than 2048 bytes; no client has an id anywhere near that.
LONGEST_ID_BYTES = 1024
CONDITION_FAILED = "ConditionalCheckFailedException"
# DynamoDB deletes late: a client past its time counts as gone.
THERE = "attribute_exists(pk) AND (attribute_not_exists(expires_at) OR expires_at > :now)"


class DynamoDBClients:
    """A ``ClientStore`` whose items have the partition key ``client#<client_id>``.

    The metadata is one JSON string: what a client sends comes back as it was, whatever DynamoDB makes of its types.
    ``clock`` reads seconds since the epoch.
    """

    def __init__(self, table_name: str, clock: Callable[[], float]) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)
        self._clock = clock

    def add(self, client: Client) -> None:
        """Keep a new client; raises ``AlreadyExists`` when its id is taken."""
        try:
            self._table.put_item(Item=_item(client), ConditionExpression="attribute_not_exists(pk)")
        except ClientError as error:
            raise _failure(error, AlreadyExists("client"), "add client") from error

    def get(self, client_id: str) -> Client | None:
        """The client, or ``None`` when there is none of this id or it has expired."""
        if len(client_id.encode("utf-8", "surrogatepass")) > LONGEST_ID_BYTES:
            return None
        try:
            item = self._table.get_item(Key=_key(client_id), ConsistentRead=True).get("Item")
        except ClientError as error:
            raise StoreUnavailable("get client") from error
        client = _client(item) if item else None
        return client if client and not 0 < client.expires_at <= self._clock() else None

    def replace(self, client: Client, registration_token_hash: str) -> None:
        """Put a client in the place of the one with the same id whose registration access token has this hash.

        Raises ``NotThere`` when that is gone.
        """
        try:
            self._table.put_item(
                Item=_item(client),
                ConditionExpression=f"{THERE} AND registration_token_hash = :token",
                ExpressionAttributeValues=self._now() | {":token": registration_token_hash},
            )
        except ClientError as error:
            raise _failure(error, NotThere("client"), "replace client") from error

    def renew(self, client_id: str, expires_at: int) -> None:
        """Put off when a client expires; raises ``NotThere`` when it is gone: nothing brings it back."""
        try:
            self._table.update_item(
                Key=_key(client_id),
                UpdateExpression="SET expires_at = :expires_at",
                ConditionExpression=THERE,
                ExpressionAttributeValues=self._now() | {":expires_at": expires_at},
            )
        except ClientError as error:
            raise _failure(error, NotThere("client"), "renew client") from error

    def delete(self, client_id: str) -> None:
        """Remove a client; raises ``NotThere`` when it is gone already."""
        try:
            self._table.delete_item(
                Key=_key(client_id), ConditionExpression=THERE, ExpressionAttributeValues=self._now()
            )
        except ClientError as error:
            raise _failure(error, NotThere("client"), "delete client") from error

    def _now(self) -> dict[str, Any]:
        return {":now": int(self._clock())}


def _failure(error: ClientError, refused: Exception, operation: str) -> Exception:
    """``refused`` when the condition of a write did not hold, else that the store failed."""
    if error.response["Error"]["Code"] == CONDITION_FAILED:
        return refused
    return StoreUnavailable(operation)


def _key(client_id: str) -> dict[str, str]:
    return {"pk": f"client#{client_id}"}


def _item(client: Client) -> dict[str, Any]:
    # The attribute is left out where there is no expiry: 0 is a time to DynamoDB.
    expiry = {"expires_at": client.expires_at} if client.expires_at else {}
    return {
        **_key(client.client_id),
        "secret_hash": client.secret_hash,
        "registration_token_hash": client.registration_token_hash,
        # As UTF-8: an item has 400 KB, and escaped text takes three times as much.
        "metadata": json.dumps(client.metadata, ensure_ascii=False),
        "stated_auth_method": client.stated_auth_method,
        "stated_scope": client.stated_scope,
        "invited": client.invited,
        "issued_at": client.issued_at,
        "secret_expires_at": client.secret_expires_at,
        **expiry,
    }


def _client(item: dict[str, Any]) -> Client:
    return Client(
        client_id=item["pk"].removeprefix("client#"),
        secret_hash=item["secret_hash"],
        registration_token_hash=item["registration_token_hash"],
        metadata=json.loads(item["metadata"]),
        stated_auth_method=item["stated_auth_method"],
        stated_scope=item.get("stated_scope", True),
        # Of a client from before this was written down nobody knows whether it was.
        invited=item.get("invited", False),
        issued_at=int(item["issued_at"]),
        secret_expires_at=int(item["secret_expires_at"]),
        expires_at=int(item.get("expires_at", 0)),
    )
