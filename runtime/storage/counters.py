"""Counters in DynamoDB."""

from runtime.prefixes import COUNTERS
from runtime.storage.table import Table, Update


class DynamoDBCounters:
    """A ``CounterStore`` whose items have the partition key ``rate#<key>``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def count(self, key: str, expires_at: int) -> int:
        """Add one to a counter that expires at ``expires_at``, in seconds since the epoch, and return the new count.

        It is one atomic write.
        """
        update = Update(f"{COUNTERS}{key}", set={"expires_at": expires_at}, add={"events": 1})
        item = self._table.update(update, "count")
        return int(item["events"])
