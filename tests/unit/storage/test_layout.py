"""Items of a later version: older code that must not read them fails, and changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime.records.errors import NotThere, StoreUnavailable
from runtime.records.login import Login
from runtime.storage.layout import ATTRIBUTE, LAYOUT
from runtime.storage.logins import DynamoDBLogins
from runtime.storage.table import Put, Table, Update
from tests.unit.storage.test_table import ITEM

LATER = {ATTRIBUTE: LAYOUT + 1}
READS: dict[str, Callable[[Table], Any]] = {
    "get": lambda table: table.get("client#1", "get"),
    "get together": lambda table: table.get_together(["client#1"], "get"),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_an_item_of_a_later_layout_is_not_read(read: Callable[[Table], Any], table: Table) -> None:
    table.put(Put(ITEM), "put")
    assert read(table)
    table.update(Update("client#1", set=LATER), "update")
    with pytest.raises(StoreUnavailable):
        read(table)


def test_an_item_without_a_layout_is_one_of_the_first_versions(table: Table) -> None:
    table.put(Put(ITEM), "put")
    table.update(Update("client#1", set={}, remove=[ATTRIBUTE]), "update")
    assert table.get("client#1", "get")


def test_a_put_gives_the_layout_of_this_version(table: Table) -> None:
    """The older version puts a whole item, which is then one of its own."""
    table.put(Put({**ITEM, **LATER}), "put")
    assert table.get("client#1", "get")


def test_a_login_of_a_later_layout_is_not_consumed(table: Table) -> None:
    logins = DynamoDBLogins(table)
    logins.add("state", Login("browser", "nonce", "verifier", None, approved=True, expires_at=100))
    table.update(Update("login#state", set=LATER), "update")
    with pytest.raises(NotThere):
        logins.consume("state", "browser", now=1)
    table.update(Update("login#state", set={ATTRIBUTE: LAYOUT}), "update")
    assert logins.consume("state", "browser", now=1).nonce == "nonce"
