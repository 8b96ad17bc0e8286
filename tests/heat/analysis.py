"""What is hot: the hottest item of each kind, and the hottest partition, against what DynamoDB serves."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from tests.heat.table import HeatTable

# What one partition, and so one item, serves each second (docs/scaling.md has the source).
LIMITS = {"read": 3000, "write": 1000}


class Heat(NamedTuple):
    """The load of one kind of item in a second, and of the hottest of them. ``limit`` is that of one item."""

    kind: str
    access: str
    units: int
    hottest: int
    limit: int

    @property
    def headroom(self) -> float:
        """How many times this load the hottest item serves."""
        return self.limit / self.hottest


def heats(table: HeatTable) -> list[Heat]:
    """Return the heat of each kind of item, the one that gives way first in front."""
    found = [*_heats(table.reads, "read"), *_heats(table.writes, "write")]
    return sorted(found, key=lambda heat: (heat.headroom, heat.kind))


def _heats(units: Counter[str], access: str) -> Iterator[Heat]:
    kinds: dict[str, Counter[str]] = {}
    for pk, number in units.items():
        kinds.setdefault(pk.partition("#")[0], Counter())[pk] += number
    for kind, items in kinds.items():
        yield Heat(kind, access, items.total(), items.most_common(1)[0][1], LIMITS[access])


def unevenness(table: HeatTable, partitions: int, *, without: frozenset[str]) -> float:
    """Return the load of the hottest of some partitions as a multiple of the average one.

    Keys are spread by a hash, as DynamoDB does with one of its own. ``without`` are kinds to leave out.
    """
    load = [0.0] * partitions
    for units, limit in ((table.reads, LIMITS["read"]), (table.writes, LIMITS["write"])):
        for pk, number in units.items():
            if pk.partition("#")[0] not in without:
                digest = hashlib.md5(pk.encode(), usedforsecurity=False).digest()
                load[int.from_bytes(digest[:8]) % partitions] += number / limit
    return max(load) / (sum(load) / partitions)
