"""The records of requests in progress in DynamoDB: one JSON document each, with a version and a time to live."""

from typing import Generic, TypeVar

import msgspec
from boto3.dynamodb.conditions import Attr

from runtime.prefixes import EXCHANGES, TASKS
from runtime.records.mcp import Changed, Exchange, Task, TooLarge
from runtime.storage.table import ABSENT, ConditionFailed, Put, Table, key

# DynamoDB keeps items of up to 400 KB, names and the other attributes included.
LARGEST_DOCUMENT_BYTES = 390_000

Record = TypeVar("Record", Exchange, Task)


class DynamoDBDocuments(Generic[Record]):
    """Records of one type, which is an ``ExchangeStore`` or a ``TaskStore``; the partition key is ``<prefix><id>``."""

    def __init__(self, table: Table, prefix: str, record: type[Record]) -> None:
        self._table = table
        self._prefix = prefix
        self._decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(record)

    def get(self, record_id: str, now: int) -> Record | None:
        """The record, or ``None``: one past its time counts as gone, since DynamoDB deletes late."""
        pk = key(self._prefix, record_id)
        item = self._table.get(pk, f"get {self._prefix}") if pk else None
        return self._decoder.decode(item["document"]) if item and item["expires_at"] > now else None

    def put(self, record: Record) -> None:
        """Keep a record in the place of its previous version; version 0 is a new one.

        Raises ``Changed`` or ``TooLarge``.
        """
        document = msgspec.json.encode(record)
        if len(document) > LARGEST_DOCUMENT_BYTES:
            raise TooLarge(self._prefix)
        item = {
            "pk": f"{self._prefix}{record.id}",
            "document": document.decode(),
            "version": record.version,
            "expires_at": record.expires_at,
        }
        unchanged = Attr("version").eq(record.version - 1) if record.version else ABSENT
        try:
            self._table.put(Put(item, unchanged), f"put {self._prefix}")
        except ConditionFailed as error:
            raise Changed(self._prefix) from error


def exchange_store(table: Table) -> DynamoDBDocuments[Exchange]:
    """The ``ExchangeStore`` on a table."""
    return DynamoDBDocuments(table, EXCHANGES, Exchange)


def task_store(table: Table) -> DynamoDBDocuments[Task]:
    """The ``TaskStore`` on a table."""
    return DynamoDBDocuments(table, TASKS, Task)
