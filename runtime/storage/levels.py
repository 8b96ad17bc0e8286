"""The log levels of legacy clients in DynamoDB."""

from runtime.prefixes import LEVELS
from runtime.records.mcp import Principal
from runtime.storage.table import Put, Table


class DynamoDBLevels:
    """A ``LevelStore`` whose items have the partition key ``level#<client_id>#<subject>``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, owner: Principal) -> str | None:
        """Return the level, or ``None`` if none is set."""
        item = self._table.get(_key(owner), "get level")
        return str(item["level"]) if item else None

    def put(self, owner: Principal, level: str, expires_at: int) -> None:
        """Set the level until ``expires_at``, in seconds since the epoch."""
        self._table.put(Put({"pk": _key(owner), "level": level, "expires_at": expires_at}), "set level")


def _key(owner: Principal) -> str:
    return f"{LEVELS}{owner.client_id}#{owner.subject}"
