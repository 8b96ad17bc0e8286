"""Reading the whole table, slowly enough for the functions that work on it."""

import sys
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

import boto3
from boto3.dynamodb.types import TypeDeserializer

from runtime.storage.layout import check_layout
from runtime.storage.table import Item

# A table on demand takes 12,000 read units a second from the start (4 KB each); the functions have the rest.
DEFAULT_RATE: Final = 500
PROGRESS_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Scan:
    """Reads all items of some kinds, page by page, and tells on standard error how far it is.

    ``rate`` is how many read units it uses in a second, on average. ``pause`` waits, and ``clock`` reads seconds.
    """

    table: str
    rate: int
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def items(self, prefixes: Collection[str]) -> Iterator[Item]:
        """Return the items whose keys start with one of ``prefixes``.

        Expired ones are among them, since DynamoDB deletes them late. Reads are consistent. Raises what boto3 raises,
        and ``LaterLayout`` for an item of a later version of this program.
        """
        deserialize = TypeDeserializer().deserialize
        pages = (
            boto3.client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=self.table,
                ConsistentRead=True,
                ReturnConsumedCapacity="TOTAL",
                **_filter(prefixes),
            )
        )
        read, units, told_at, started_at = 0, 0.0, self.clock(), self.clock()
        for page in pages:
            for item in page["Items"]:
                yield check_layout({name: deserialize(value) for name, value in item.items()}, "scan")
            read += page["ScannedCount"]
            # Without the number, as if every item took a unit.
            units += page.get("ConsumedCapacity", {}).get("CapacityUnits", page["ScannedCount"])
            if self.clock() - told_at >= PROGRESS_SECONDS:
                told_at = self.clock()
                sys.stderr.write(f"Read {read} items so far.\n")
            ahead = units / self.rate - (self.clock() - started_at)
            if "LastEvaluatedKey" in page and ahead > 0:
                self.pause(ahead)
        sys.stderr.write(f"Read {read} items.\n")


def _filter(prefixes: Collection[str]) -> dict[str, Any]:
    """Return the parts of a scan that have DynamoDB send these kinds only."""
    kinds = " OR ".join(f"begins_with(pk, :kind{number})" for number, _ in enumerate(prefixes))
    values = {f":kind{number}": {"S": prefix} for number, prefix in enumerate(prefixes)}
    return {"FilterExpression": kinds, "ExpressionAttributeValues": values}
