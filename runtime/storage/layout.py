"""The layout of items: what their members mean. A version of this program reads its own layout and all before it.

A new member needs no new layout: older code ignores it, and newer code gives it a value where it is missing. Only if an
older version would do harm with an item, such as let somebody in, the item gets a later layout. Until the older version
is gone, it answers 503 for such an item, and so logs nobody out and lets nobody in.
"""

from typing import Any, Final

from boto3.dynamodb.conditions import Attr

from runtime.records.errors import StoreUnavailable

LAYOUT: Final = 1
# Items without it have the layout 1: those of the first versions, and those that begin with an update, such as a user.
# What an update adds to an item has a name of its own, so a new meaning is a new name.
ATTRIBUTE: Final = "layout"
# The condition that this version may read an item, for a write that reads at once.
READABLE: Final = Attr(ATTRIBUTE).not_exists() | Attr(ATTRIBUTE).lte(LAYOUT)


class LaterLayout(StoreUnavailable):
    """An item was written by a later version of this program, for code that knows its layout."""


def with_layout(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item as it is written."""
    return {**item, ATTRIBUTE: LAYOUT}


def check_layout(item: dict[str, Any], operation: str) -> dict[str, Any]:
    """Return an item that was read, without its layout. Raise ``LaterLayout`` if this version must not read it."""
    if int(item.get(ATTRIBUTE, 1)) > LAYOUT:
        raise LaterLayout(operation)
    return without_layout(item)


def without_layout(item: dict[str, Any]) -> dict[str, Any]:
    """Return what the stores have put into an item."""
    return {name: value for name, value in item.items() if name != ATTRIBUTE}
