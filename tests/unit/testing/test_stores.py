"""The stores in memory behave like those on DynamoDB."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from runtime.records.mcp import LARGEST_DOCUMENT_BYTES, Changed, LevelStore, Principal, Task, TaskStore, TooLarge
from runtime.storage.documents import task_store
from runtime.storage.levels import DynamoDBLevels
from runtime.testing.stores import MemoryDocuments, MemoryLevels
from tests.memory.table import MemoryTable

OWNER = Principal("client-1", "user-1")
TASK = Task("task-1", OWNER, "working", {"arguments": {"a": [1, None]}}, 1.5, 2.5, 100, 50, {}, {}, {})
STORES: list[Callable[[], TaskStore]] = [lambda: MemoryDocuments(Task), lambda: task_store(MemoryTable())]


@pytest.mark.parametrize("make", STORES, ids=["memory", "table"])
def test_a_record_comes_back_until_it_expires(make: Callable[[], TaskStore]) -> None:
    store = make()
    store.put(TASK)
    assert store.get("task-1", 99) == TASK
    assert store.get("task-1", 100) is None
    assert store.get("task-2", 0) is None


@pytest.mark.parametrize("make", STORES, ids=["memory", "table"])
@pytest.mark.parametrize("version", [0, 2])
def test_only_the_next_version_of_a_record_is_stored(make: Callable[[], TaskStore], version: int) -> None:
    store = make()
    store.put(TASK)
    with pytest.raises(Changed):
        store.put(replace(TASK, version=version))
    store.put(replace(TASK, version=1, status="failed"))
    stored: Any = store.get("task-1", 0)
    assert (stored.version, stored.status) == (1, "failed")


@pytest.mark.parametrize("make", STORES, ids=["memory", "table"])
def test_a_record_that_is_too_large_is_refused(make: Callable[[], TaskStore]) -> None:
    with pytest.raises(TooLarge):
        make().put(replace(TASK, status_message="x" * LARGEST_DOCUMENT_BYTES))


@pytest.mark.parametrize("store", [MemoryLevels(), DynamoDBLevels(MemoryTable())], ids=["memory", "table"])
def test_a_level_is_kept_for_its_owner(store: LevelStore) -> None:
    store.put(OWNER, "debug", 100)
    assert store.get(OWNER) == "debug"
    assert store.get(Principal("client-2", "user-1")) is None
