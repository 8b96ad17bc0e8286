"""Clients in DynamoDB."""

import json
from typing import Any

import boto3
from botocore.exceptions import ClientError

from runtime.storage.records import AlreadyExists, Client, NotThere, StoreUnavailable

# DynamoDB refuses a partition key of more than 2048 bytes; no client has an id anywhere near that.
LONGEST_ID_BYTES = 1024
CONDITION_FAILED = "ConditionalCheckFailedException"


class DynamoDBClients:
    """A ``ClientStore`` whose items have the partition key ``client#<client_id>``.

    The metadata is one JSON string: what a client sends comes back as it was, whatever DynamoDB makes of its types.
    """

    def __init__(self, table_name: str) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)

    def add(self, client: Client) -> None:
        """Keep a new client; raises ``AlreadyExists`` when its id is taken."""
        if not self._put(client, "attribute_not_exists(pk)"):
            raise AlreadyExists("client")

    def get(self, client_id: str) -> Client | None:
        """The client, or ``None`` when there is none of this id."""
        if len(client_id.encode("utf-8", "surrogatepass")) > LONGEST_ID_BYTES:
            return None
        try:
            item = self._table.get_item(Key=_key(client_id), ConsistentRead=True).get("Item")
        except ClientError as error:
            raise StoreUnavailable("get client") from error
        return _client(item) if item else None

    def replace(self, client: Client) -> None:
        """Put a client in the place of the one with the same id; raises ``NotThere`` when that is gone."""
        if not self._put(client, "attribute_exists(pk)"):
            raise NotThere("client")

    def delete(self, client_id: str) -> None:
        """Remove a client; raises ``NotThere`` when it is gone already."""
        try:
            self._table.delete_item(Key=_key(client_id), ConditionExpression="attribute_exists(pk)")
        except ClientError as error:
            if _condition_failed(error):
                raise NotThere("client") from error
            raise StoreUnavailable("delete client") from error

    def _put(self, client: Client, condition: str) -> bool:
        """Write an item under a condition; ``False`` when the condition does not hold."""
        try:
            self._table.put_item(Item=_item(client), ConditionExpression=condition)
        except ClientError as error:
            if _condition_failed(error):
                return False
            raise StoreUnavailable("put client") from error
        return True


def _condition_failed(error: ClientError) -> bool:
    return bool(error.response["Error"]["Code"] == CONDITION_FAILED)


def _key(client_id: str) -> dict[str, str]:
    return {"pk": f"client#{client_id}"}


def _item(client: Client) -> dict[str, Any]:
    return {
        **_key(client.client_id),
        "secret_hash": client.secret_hash,
        "registration_token_hash": client.registration_token_hash,
        "metadata": json.dumps(client.metadata),
        "stated_auth_method": client.stated_auth_method,
        "issued_at": client.issued_at,
        "secret_expires_at": client.secret_expires_at,
    }


def _client(item: dict[str, Any]) -> Client:
    return Client(
        client_id=item["pk"].removeprefix("client#"),
        secret_hash=item["secret_hash"],
        registration_token_hash=item["registration_token_hash"],
        metadata=json.loads(item["metadata"]),
        stated_auth_method=item["stated_auth_method"],
        issued_at=int(item["issued_at"]),
        secret_expires_at=int(item["secret_expires_at"]),
    )
