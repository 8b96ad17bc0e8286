"""The contract of tables: the one in memory must behave like DynamoDB."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from boto3.dynamodb.conditions import Attr

from runtime.storage.table import ABSENT, LONGEST_ID_BYTES, PRESENT, ConditionFailed, Put, Table, Update, key

ITEM = {
    "pk": "client#1",
    "name": "é\U0001f600",
    "at": 7,
    "flag": True,
    "nothing": None,
    "inner": {"n": 1, "l": ["a", 2]},
}
READ = {**ITEM, "at": Decimal(7), "inner": {"n": Decimal(1), "l": ["a", Decimal(2)]}}


def test_an_item_is_read_as_it_was_written_with_numbers_as_decimals(table: Table) -> None:
    table.put(Put(ITEM), "put")
    assert table.get("client#1", "get") == READ
    assert table.get("client#2", "get") is None


def test_what_was_read_is_a_copy(table: Table) -> None:
    table.put(Put(ITEM), "put")
    read = table.get("client#1", "get")
    assert read is not None
    read["inner"]["n"] = 9
    assert table.get("client#1", "get") == READ


def test_a_put_replaces_the_whole_item(table: Table) -> None:
    table.put(Put(ITEM), "put")
    table.put(Put({"pk": "client#1", "other": "x"}), "put")
    assert table.get("client#1", "get") == {"pk": "client#1", "other": "x"}


def test_an_update_sets_adds_and_removes(table: Table) -> None:
    table.put(Put(ITEM), "put")
    changed = table.update(Update("client#1", set={"a b#c": "x"}, add={"at": 2}, remove=["flag", "unknown"]), "update")
    expected = {**READ, "at": Decimal(9), "a b#c": "x"}
    del expected["flag"]
    assert changed == expected == table.get("client#1", "get")


def test_an_update_makes_an_item_where_there_is_none(table: Table) -> None:
    assert table.update(Update("rate#x", set={"at": 1}, add={"events": 1}), "count")["events"] == 1
    assert table.get("rate#x", "get") == {"pk": "rate#x", "at": Decimal(1), "events": Decimal(1)}


def test_a_delete_returns_what_was_there(table: Table) -> None:
    table.put(Put(ITEM), "put")
    assert table.delete("client#1", "delete") == READ
    assert table.delete("client#1", "delete") is None


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (PRESENT, True),
        (ABSENT, False),
        (Attr("at").eq(7), True),
        (Attr("at").eq("7"), False),
        (Attr("at").gt(7), False),
        (Attr("at").lte(7), True),
        (Attr("flag").eq(True), True),
        (Attr("nothing").eq(None), True),
        (Attr("unknown").gt(0), False),
        (Attr("unknown").not_exists() | Attr("unknown").gt(0), True),
        (PRESENT & Attr("at").lt(8) & Attr("name").eq("é\U0001f600"), True),
        (PRESENT & Attr("at").lt(7), False),
    ],
)
def test_a_write_is_made_exactly_where_its_condition_holds(table: Table, condition: Attr, holds: bool) -> None:
    table.put(Put(ITEM), "put")
    writes: tuple[Callable[[], object], ...] = (
        lambda: table.put(Put(ITEM, condition), "put"),
        lambda: table.update(Update("client#1", set={"at": 7}, condition=condition), "update"),
        lambda: table.write_together([Update("client#1", set={"at": 7}, condition=condition)], "write"),
        lambda: table.delete("client#1", "delete", condition),
    )
    for write in writes:
        if holds:
            write()
        else:
            with pytest.raises(ConditionFailed):
                write()
    assert (table.get("client#1", "get") is None) == holds


def test_writes_together_are_all_made_or_none(table: Table) -> None:
    table.put(Put({"pk": "grant#1"}), "put")
    update = Update("person#1", set={"grant#2": {"n": 1}})
    with pytest.raises(ConditionFailed):
        table.write_together([update, Put({"pk": "grant#1"}, ABSENT)], "write")
    assert table.get("person#1", "get") is None
    table.write_together([update, Put({"pk": "grant#2"}, ABSENT)], "write")
    assert table.get("person#1", "get") == {"pk": "person#1", "grant#2": {"n": Decimal(1)}}
    assert table.get("grant#2", "get") == {"pk": "grant#2"}


@pytest.mark.parametrize("made_up", ["x" * (LONGEST_ID_BYTES + 1), "é" * 600, "\ud800" * 400])
def test_an_id_that_dynamodb_would_refuse_has_no_key(made_up: str) -> None:
    assert key("client#", made_up) is None
    assert key("client#", "x" * LONGEST_ID_BYTES) == "client#" + "x" * LONGEST_ID_BYTES
