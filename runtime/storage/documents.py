"""JSON documents in DynamoDB under a partition key, with a version and a time to live."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError

from runtime.storage.records import Changed, Exchange, Principal, StoreUnavailable, Task, TooLarge

# DynamoDB refuses a partition key of more than 2048 bytes; no id of ours is anywhere near that.
LONGEST_ID_BYTES = 1024
# DynamoDB keeps items of up to 400 KB, names and the other attributes included.
LARGEST_DOCUMENT_BYTES = 390_000


class Documents:
    """Documents of one kind; the partition key is ``<kind>#<id>``."""

    def __init__(self, table_name: str, kind: str) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)
        self._kind = kind

    def get(self, document_id: str, now: int) -> dict[str, Any] | None:
        """The document, or ``None``: one past its time counts as gone, since DynamoDB deletes late."""
        if len(document_id.encode("utf-8", "surrogatepass")) > LONGEST_ID_BYTES:
            return None
        try:
            item = self._table.get_item(Key={"pk": f"{self._kind}#{document_id}"}, ConsistentRead=True).get("Item")
        except ClientError as error:
            raise StoreUnavailable(f"get {self._kind}") from error
        return json.loads(item["document"]) if item and item["expires_at"] > now else None

    def put(self, document_id: str, document: Mapping[str, Any], version: int, expires_at: int) -> None:
        """Keep a document in the place of its previous version; version 0 is a new one.

        Raises ``Changed`` or ``TooLarge``.
        """
        text = json.dumps(document)
        if len(text) > LARGEST_DOCUMENT_BYTES:
            raise TooLarge(self._kind)
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if version:
            condition = {
                "ConditionExpression": "#version = :previous",
                "ExpressionAttributeNames": {"#version": "version"},
                "ExpressionAttributeValues": {":previous": version - 1},
            }
        item = {
            "pk": f"{self._kind}#{document_id}",
            "document": text,
            "version": version,
            "expires_at": expires_at,
        }
        try:
            self._table.put_item(Item=item, **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise Changed(self._kind) from error
            raise StoreUnavailable(f"put {self._kind}") from error


class DynamoDBExchanges:
    """An ``ExchangeStore``."""

    def __init__(self, table_name: str) -> None:
        self._documents = Documents(table_name, "exchange")

    def get(self, exchange_id: str, now: int) -> Exchange | None:
        """The exchange, or ``None`` when there is none of this id or it has expired."""
        kept = self._documents.get(exchange_id, now)
        return (
            Exchange(**{**kept, "owner": Principal(**kept["owner"]), "events": tuple(kept["events"])}) if kept else None
        )

    def put(self, exchange: Exchange) -> None:
        """Keep an exchange whose ``version`` is one more than the kept one; raises ``Changed`` or ``TooLarge``."""
        self._documents.put(exchange.id, dataclasses.asdict(exchange), exchange.version, exchange.expires_at)


class DynamoDBTasks:
    """A ``TaskStore``."""

    def __init__(self, table_name: str) -> None:
        self._documents = Documents(table_name, "task")

    def get(self, task_id: str, now: int) -> Task | None:
        """The task, or ``None`` when there is none of this id or it has expired."""
        kept = self._documents.get(task_id, now)
        return Task(**{**kept, "owner": Principal(**kept["owner"])}) if kept else None

    def put(self, task: Task) -> None:
        """Keep a task whose ``version`` is one more than the kept one; raises ``Changed`` or ``TooLarge``."""
        self._documents.put(task.id, dataclasses.asdict(task), task.version, task.expires_at)
