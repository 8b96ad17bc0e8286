"""Counters in DynamoDB."""

from typing import Final

from runtime.prefixes import COUNTERS
from runtime.storage.table import Table, Update

# Enough for the sources of a flood that one function instance sees, in less than a megabyte.
MOST_REMEMBERED: Final = 4096


class DynamoDBCounters:
    """A ``CounterStore`` whose items have the partition key ``rate#<key>``.

    A counter is one item, which takes 1,000 writes a second. So each function instance remembers which counters have
    exceeded their limit, and does not write them again: a flood costs one write for each instance and window.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        # In the order of insertion. A key names its window, so it is never asked for again once that has ended.
        self._exceeded: dict[str, None] = {}

    def count(self, key: str, expires_at: int, limit: int) -> int:
        """Add one to a counter that expires at ``expires_at``, in seconds since the epoch, and return the new count.

        It is one atomic write. Past ``limit``, the result only says that the count is greater, and may be no write.
        """
        if key in self._exceeded:
            return limit + 1
        update = Update(f"{COUNTERS}{key}", set={"expires_at": expires_at}, add={"events": 1})
        item = self._table.update(update, "count")
        events = int(item["events"])
        if events > limit:
            self._remember(key)
        return events

    def _remember(self, key: str) -> None:
        if len(self._exceeded) >= MOST_REMEMBERED:
            del self._exceeded[next(iter(self._exceeded))]
        self._exceeded[key] = None
