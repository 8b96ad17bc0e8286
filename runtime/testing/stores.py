"""The stores of the mcp function in memory: they keep what DynamoDB keeps, as long as the process lives."""

import threading
from typing import Generic, TypeVar

import msgspec

from runtime.records.mcp import LARGEST_DOCUMENT_BYTES, Changed, Exchange, Principal, Task, TooLarge

Record = TypeVar("Record", Exchange, Task)


class MemoryDocuments(Generic[Record]):
    """An ``ExchangeStore`` or a ``TaskStore``. It stores JSON, so a record comes back as it would from DynamoDB."""

    def __init__(self, record: type[Record]) -> None:
        self._decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(record)
        self._documents: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def get(self, record_id: str, now: int) -> Record | None:
        """Return the record, or ``None`` if it is unknown or has expired."""
        document = self._documents.get(record_id)
        record = self._decoder.decode(document) if document else None
        return record if record and record.expires_at > now else None

    def put(self, record: Record) -> None:
        """Store a record in place of its previous version. Version 0 is a new record.

        Raise ``Changed`` or ``TooLarge``.
        """
        document = msgspec.json.encode(record)
        if len(document) > LARGEST_DOCUMENT_BYTES:
            raise TooLarge(record.id)
        with self._lock:
            stored = self._documents.get(record.id)
            if (self._decoder.decode(stored).version if stored else -1) != record.version - 1:
                raise Changed(record.id)
            self._documents[record.id] = document


class MemoryLevels:
    """A ``LevelStore``."""

    def __init__(self) -> None:
        self._levels: dict[Principal, str] = {}

    def get(self, owner: Principal) -> str | None:
        """Return the level, or ``None`` if none is set."""
        return self._levels.get(owner)

    def put(self, owner: Principal, level: str, _expires_at: int) -> None:
        """Set the level until the process ends."""
        self._levels[owner] = level
