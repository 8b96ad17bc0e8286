"""A ``Table`` in memory."""

import copy
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase

from runtime.records.errors import StoreUnavailable
from runtime.storage.layout import check_layout, with_layout, without_layout
from runtime.storage.table import ConditionFailed, Item, Put, Update

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class MemoryTable:
    """Items in a dictionary, with numbers as ``Decimal`` like DynamoDB. It fails while ``is_away``."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.is_away = False

    def get(self, pk: str, operation: str) -> Item | None:
        self._check_available(operation)
        item = copy.deepcopy(self.items.get(pk))
        return item and check_layout(item, operation)

    def get_together(self, pks: Collection[str], operation: str) -> Mapping[str, Item]:
        self._check_available(operation)
        found = {pk: copy.deepcopy(self.items[pk]) for pk in pks if pk in self.items}
        return {pk: check_layout(item, operation) for pk, item in found.items()}

    def put(self, put: Put, operation: str) -> None:
        self._check(put.item["pk"], put.condition, operation)
        self.items[put.item["pk"]] = {name: _as_stored(value) for name, value in with_layout(dict(put.item)).items()}

    def update(self, update: Update, operation: str) -> Item:
        self._check(update.pk, update.condition, operation)
        item = self.items.setdefault(update.pk, {"pk": update.pk})
        item |= {name: _as_stored(value) for name, value in update.set.items()}
        for name, value in update.add.items():
            item[name] = item.get(name, Decimal(0)) + value
        for name in update.remove:
            item.pop(name, None)
        return without_layout(copy.deepcopy(item))

    def delete(self, pk: str, operation: str, condition: ConditionBase | None = None) -> Item | None:
        self._check(pk, condition, operation)
        item = self.items.pop(pk, None)
        return item and without_layout(item)

    def write_together(self, writes: Sequence[Put | Update], operation: str) -> None:
        for write in writes:
            self._check(write.item["pk"] if isinstance(write, Put) else write.pk, write.condition, operation)
        for write in writes:
            if isinstance(write, Put):
                self.put(write, operation)
            else:
                self.update(write, operation)

    def _check_available(self, operation: str) -> None:
        if self.is_away:
            raise StoreUnavailable(operation)

    def _check(self, pk: str, condition: ConditionBase | None, operation: str) -> None:
        self._check_available(operation)
        if condition is not None and not _holds(condition, self.items.get(pk, {})):
            raise ConditionFailed(operation)


def _holds(condition: ConditionBase, item: Item) -> bool:
    """Whether an item meets a condition. In DynamoDB every comparison with an absent attribute is false."""
    expression = condition.get_expression()
    name, values = expression["operator"], expression["values"]
    if name == "AND":
        return all(_holds(part, item) for part in values)
    if name == "OR":
        return any(_holds(part, item) for part in values)
    attribute = values[0]
    assert isinstance(attribute, Attr)
    if name == "attribute_exists":
        return attribute.name in item
    if name == "attribute_not_exists":
        return attribute.name not in item
    return attribute.name in item and COMPARISONS[name](item[attribute.name], _as_stored(values[1]))


def _as_stored(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_stored(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_as_stored(item) for item in value]
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
