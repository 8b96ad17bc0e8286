"""Counters in DynamoDB."""

from runtime.prefixes import COUNTERS
from runtime.storage.table import Table, Update


class DynamoDBCounters:
    """A ``CounterStore`` whose items have the partition key ``rate#<key>``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def count(self, key: str, expires_at: int) -> int:
        """Count one more under a key that is needed until a time, in seconds since the epoch; how many there are now.

        One write, which DynamoDB does in one step however many come at once.
        """
        counted = Update(f"{COUNTERS}{key}", set={"expires_at": expires_at}, add={"events": 1})
        return int(self._table.update(counted, "count")["events"])
