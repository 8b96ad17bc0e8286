"""A table that stores counters only, and remembers how many units each key was read and written with."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from boto3.dynamodb.conditions import ConditionBase

from runtime.prefixes import COUNTERS
from runtime.storage.table import Item, Put, Update


class HeatTable:
    """A ``Table`` in which nothing is found. All items are of one unit: those that are read here are small."""

    def __init__(self) -> None:
        self.reads: Counter[str] = Counter()
        self.writes: Counter[str] = Counter()

    def get(self, pk: str, operation: str) -> Item | None:
        self.reads[pk] += 1
        return None

    def get_together(self, pks: Collection[str], operation: str) -> Mapping[str, Item]:
        self.reads.update(pks)
        return {}

    def put(self, put: Put, operation: str) -> None:
        self.writes[put.item["pk"]] += 1

    def update(self, update: Update, operation: str) -> Item:
        self.writes[update.pk] += 1
        return {"events": self.writes[update.pk]} if update.pk.startswith(COUNTERS) else {}

    def delete(self, pk: str, operation: str, condition: ConditionBase | None = None) -> Item | None:
        self.writes[pk] += 1
        return None

    def write_together(self, writes: Sequence[Put | Update], operation: str) -> None:
        for write in writes:
            self.writes[write.item["pk"] if isinstance(write, Put) else write.pk] += 2
