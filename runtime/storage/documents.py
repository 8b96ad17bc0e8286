"""The records of requests in progress in DynamoDB: one JSON document each, with a version and a time to live."""

from typing import Any, Generic, TypeVar

import boto3
import msgspec
from botocore.exceptions import ClientError

from runtime.storage.records import StoreUnavailable
from runtime.storage.work import Changed, Exchange, Task, TooLarge

# DynamoDB refuses a partition key of more than 2048 bytes; no id of ours is anywhere near that.
LONGEST_ID_BYTES = 1024
# DynamoDB keeps items of up to 400 KB, names and the other attributes included.
LARGEST_DOCUMENT_BYTES = 390_000

Record = TypeVar("Record", Exchange, Task)


class DynamoDBDocuments(Generic[Record]):
    """Records of one type, which is an ``ExchangeStore`` or a ``TaskStore``; the partition key is ``<kind>#<id>``."""

    def __init__(self, table_name: str, kind: str, record: type[Record]) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)
        self._kind = kind
        self._decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(record)

    def get(self, record_id: str, now: int) -> Record | None:
        """The record, or ``None``: one past its time counts as gone, since DynamoDB deletes late."""
        if len(record_id.encode("utf-8", "surrogatepass")) > LONGEST_ID_BYTES:
            return None
        try:
            item = self._table.get_item(Key={"pk": f"{self._kind}#{record_id}"}, ConsistentRead=True).get("Item")
        except ClientError as error:
            raise StoreUnavailable(f"get {self._kind}") from error
        return self._decoder.decode(item["document"]) if item and item["expires_at"] > now else None

    def put(self, record: Record) -> None:
        """Keep a record in the place of its previous version; version 0 is a new one.

        Raises ``Changed`` or ``TooLarge``.
        """
        document = msgspec.json.encode(record)
        if len(document) > LARGEST_DOCUMENT_BYTES:
            raise TooLarge(self._kind)
        item = {
            "pk": f"{self._kind}#{record.id}",
            "document": document.decode(),
            "version": record.version,
            "expires_at": record.expires_at,
        }
        try:
            self._table.put_item(Item=item, **_follows(record.version))
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise Changed(self._kind) from error
            raise StoreUnavailable(f"put {self._kind}") from error


def exchange_store(table_name: str) -> DynamoDBDocuments[Exchange]:
    """The ``ExchangeStore`` on a table."""
    return DynamoDBDocuments(table_name, "exchange", Exchange)


def task_store(table_name: str) -> DynamoDBDocuments[Task]:
    """The ``TaskStore`` on a table."""
    return DynamoDBDocuments(table_name, "task", Task)


def _follows(version: int) -> dict[str, Any]:
    """The condition that nobody has written this version or a later one."""
    if version == 0:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "#version = :previous",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":previous": version - 1},
    }
