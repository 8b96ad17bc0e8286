"""MCP requests in progress in DynamoDB: one JSON document each, with a version and a time to live."""

from typing import Generic, TypeVar

import msgspec
from boto3.dynamodb.conditions import Attr

from runtime.prefixes import EXCHANGES, TASKS
from runtime.records.mcp import LARGEST_DOCUMENT_BYTES, Changed, Exchange, Task, TooLarge
from runtime.storage.table import ABSENT, ConditionFailed, Put, Table, key

Record = TypeVar("Record", Exchange, Task)


class DynamoDBDocuments(Generic[Record]):
    """An ``ExchangeStore`` or a ``TaskStore`` whose items have the partition key ``<prefix><id>``."""

    def __init__(self, table: Table, prefix: str, record: type[Record]) -> None:
        self._table = table
        self._prefix = prefix
        self._decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(record)

    def get(self, record_id: str, now: int) -> Record | None:
        """Return the record, or ``None`` if it is unknown or has expired: DynamoDB deletes expired items late."""
        pk = key(self._prefix, record_id)
        item = self._table.get(pk, f"get {self._prefix}") if pk else None
        return self._decoder.decode(item["document"]) if item and item["expires_at"] > now else None

    def put(self, record: Record) -> None:
        """Store a record in place of its previous version. Version 0 is a new record.

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
    """Return the ``ExchangeStore`` on a table."""
    return DynamoDBDocuments(table, EXCHANGES, Exchange)


def task_store(table: Table) -> DynamoDBDocuments[Task]:
    """Return the ``TaskStore`` on a table."""
    return DynamoDBDocuments(table, TASKS, Task)
