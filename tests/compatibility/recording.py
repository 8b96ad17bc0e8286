"""What one version writes, and how it reads that: as a value, and as the recorded file."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from tests.compatibility import carried, stored
from tests.memory.table import MemoryTable

FILE = Path(__file__).with_name("recorded.json")


@dataclass(frozen=True)
class Recording:
    """Items as DynamoDB has them, by key; what is carried, by name; and what the same version reads in both."""

    items: dict[str, Any]
    records: dict[str, Any]
    carried: dict[str, Any]
    values: dict[str, Any]

    @classmethod
    def make(cls) -> Self:
        """Record this version."""
        table = MemoryTable()
        stored.write(table)
        # Reading consumes some items.
        items = to_json(table)
        values = carried.write(table)
        return cls(items, stored.read(table_of(items)), values, carried.read(table_of(items), values))

    @classmethod
    def load(cls) -> Self:
        """Return the recording of the version before."""
        return cls(**json.loads(FILE.read_bytes()))

    def save(self) -> None:
        FILE.write_text(json.dumps(asdict(self), indent=1, sort_keys=True) + "\n")


def to_json(table: MemoryTable) -> dict[str, Any]:
    """Return the items of a table in the JSON of DynamoDB, which states the type of each value."""
    serialize = TypeSerializer().serialize
    return {pk: {name: serialize(value) for name, value in item.items()} for pk, item in sorted(table.items.items())}


def table_of(items: dict[str, Any]) -> MemoryTable:
    """Return a table with these items."""
    deserialize = TypeDeserializer().deserialize
    table = MemoryTable()
    table.items = {pk: {name: deserialize(value) for name, value in item.items()} for pk, item in items.items()}
    return table
