"""Limits for the sets and dicts that Python builds from a request.

Python seeds the hashes of strings, but not of numbers or UUIDs. An attacker can send thousands with the same hash, and
Python then compares each with all before it.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

MOST_ITEMS = 1000
_UNSEEDED = (int, float, Decimal, UUID, timedelta, tuple)


def limit_sets(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JSON Schema that limits every set of other values than text to ``MOST_ITEMS``, unless it has a limit."""
    bounded = {name: _limit(part) for name, part in schema.items()}
    is_open_set = bounded.get("uniqueItems") is True and "maxItems" not in bounded
    return {**bounded, "maxItems": MOST_ITEMS} if is_open_set and not _is_text(bounded.get("items", {})) else bounded


def keys_without_seed(kind: Any) -> Iterator[type]:
    """Yield the types of dict keys, anywhere in a type, that Python hashes without a seed."""
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


def _limit(part: Any) -> Any:
    if isinstance(part, list):
        return [_limit(inner) for inner in part]
    return limit_sets(part) if isinstance(part, Mapping) else part


def _is_text(items: Mapping[str, Any]) -> bool:
    return items.get("enum") is not None or (items.get("type") == "string" and "format" not in items)
