"""Counters in both tables: exact up to their limit, and not written any more past it."""

from typing import Any

import pytest

from runtime.storage import counters as module
from runtime.storage.counters import DynamoDBCounters
from runtime.storage.table import Item, Table, Update

LATER = 2_000_000_000


class Watched:
    """A table that remembers the keys of its updates."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.written: list[str] = []

    def update(self, update: Update, operation: str) -> Item:
        self.written.append(update.pk)
        return self._table.update(update, operation)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)


@pytest.fixture
def watched(table: Table) -> Any:
    return Watched(table)


def test_counts_up_to_the_limit_are_exact(watched: Any) -> None:
    counters = DynamoDBCounters(watched)
    assert [counters.count("a", LATER, 3) for _ in range(4)] == [1, 2, 3, 4]
    assert counters.count("b", LATER, 3) == 1


def test_a_counter_past_its_limit_is_not_written_again(watched: Any) -> None:
    counters = DynamoDBCounters(watched)
    assert [counters.count("a", LATER, 2) > 2 for _ in range(100)] == [False] * 2 + [True] * 98
    assert watched.written == ["rate#a"] * 3


def test_each_instance_finds_out_with_one_write(watched: Any) -> None:
    for _ in range(3):
        DynamoDBCounters(watched).count("a", LATER, 1)
    late = DynamoDBCounters(watched)
    assert [late.count("a", LATER, 1) for _ in range(5)] == [4, 2, 2, 2, 2]
    assert len(watched.written) == 4


def test_what_is_remembered_is_bounded(watched: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_REMEMBERED", 2)
    counters = DynamoDBCounters(watched)
    for key in ("a", "b", "c"):
        counters.count(key, LATER, 0)
    assert counters.count("c", LATER, 0) == 1
    # The oldest was forgotten, so it is counted again.
    assert counters.count("a", LATER, 0) == 2
    assert watched.written == ["rate#a", "rate#b", "rate#c", "rate#a"]
