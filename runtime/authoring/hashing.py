"""How many values of a request Python puts into one set or dict.

The hash of a text is seeded, that of a number is not: anybody can make up thousands of numbers, or UUIDs, that have one
hash, and each is then compared with all before it.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

MOST_ITEMS = 1000
_UNSEEDED = (int, float, Decimal, UUID, timedelta, tuple)


def with_bounded_sets(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON Schema in which a set of anything but text says that it takes at most ``MOST_ITEMS``, unless it says what
    else it takes."""
    bounded = {name: _bounded(part) for name, part in schema.items()}
    is_open_set = bounded.get("uniqueItems") is True and "maxItems" not in bounded
    return {**bounded, "maxItems": MOST_ITEMS} if is_open_set and not _is_text(bounded.get("items", {})) else bounded


def unseeded_keys(kind: Any) -> Iterator[type]:
    """The types of dict keys anywhere in a type that Python hashes without a seed."""
    seen: dict[int, Any] = {}
    waiting = [kind]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen[id(one)] = one
        arguments = get_args(one)
        origin = get_origin(one)
        if isinstance(origin, type) and issubclass(origin, Mapping) and arguments:
            key = get_args(arguments[0])[0] if hasattr(arguments[0], "__metadata__") else arguments[0]
            if isinstance(key, type) and issubclass(key, _UNSEEDED):
                yield key
        waiting += arguments
        if isinstance(one, type) and getattr(one, "__annotations__", None):
            waiting += get_type_hints(one, include_extras=True).values()


def _bounded(part: Any) -> Any:
    if isinstance(part, list):
        return [_bounded(inner) for inner in part]
    return with_bounded_sets(part) if isinstance(part, Mapping) else part


def _is_text(items: Mapping[str, Any]) -> bool:
    return items.get("enum") is not None or (items.get("type") == "string" and "format" not in items)
