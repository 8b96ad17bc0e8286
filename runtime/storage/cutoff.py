"""The cutoff in DynamoDB: the moment before which everything that was issued is revoked."""

import zlib
from collections.abc import Collection, Mapping
from typing import Final

from boto3.dynamodb.conditions import Attr

from runtime.prefixes import CUTOFF
from runtime.records.errors import AlreadyExists
from runtime.storage.table import ABSENT, ConditionFailed, Item, Put, Table

# Each check of a credential reads one copy. One item alone would serve 3,000 consistent reads a second, for all users.
COPIES: Final = 8


class DynamoDBCutoff:
    """A cutoff whose items, all alike, have the partition keys ``cutoff#0`` to ``cutoff#7``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self) -> int:
        """Return the cutoff in seconds since the epoch, 0 if nothing was ever revoked."""
        return _read(self._table.get(_copies()[0], "get cutoff"))

    def advance(self, moment: int) -> None:
        """Set the cutoff, in all copies or none; raises ``AlreadyExists`` unless ``moment`` is later than before.

        It never moves back: what was revoked would be valid again.
        """
        earlier = ABSENT | Attr("issued_before").lt(moment)
        puts = [Put({"pk": pk, "issued_before": moment}, earlier) for pk in _copies()]
        try:
            self._table.write_together(puts, "advance cutoff")
        except ConditionFailed as error:
            raise AlreadyExists("cutoff") from error


def get_with_cutoff(table: Table, pks: Collection[str], operation: str) -> tuple[Mapping[str, Item], int]:
    """Return the items that exist, by key, and the cutoff, in one round trip."""
    copies = _copies()
    # Records have random ids, so the copies are read equally often.
    copy = copies[zlib.crc32("".join(pks).encode("utf-8", "surrogatepass")) % COPIES]
    items = table.get_together([*pks, copy], operation)
    return items, _read(items.get(copy))


def _copies() -> list[str]:
    return [f"{CUTOFF}{number}" for number in range(COPIES)]


def _read(item: Item | None) -> int:
    return int(item["issued_before"]) if item else 0
