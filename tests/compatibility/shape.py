"""What a reader finds in what was written: the members and their types."""

import json
from collections.abc import Iterator
from typing import Any


def lost(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Return the paths of members that ``before`` has, and ``after`` has not or with another type.

    Both are JSON values. Text that is a JSON object counts as one: some attributes of items are documents.
    """
    old, new = _document(before), _document(after)
    if _kind(old) != _kind(new):
        yield f"{path or 'the value'} is {_kind(new)} instead of {_kind(old)}"
    elif isinstance(old, dict):
        for name, value in old.items():
            if name not in new:
                yield f"{path}/{name} is missing"
            else:
                yield from lost(value, new[name], f"{path}/{name}")
    elif isinstance(old, list):
        for index, (value, other) in enumerate(zip(old, new, strict=False)):
            yield from lost(value, other, f"{path}/{index}")


def contradicted(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Return the paths at which ``after`` does not say what ``before`` says. It may say more."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name, value in before.items():
            yield from contradicted(value, after.get(name), f"{path}/{name}")
    elif before != after:
        yield f"{path or 'the value'} is {after!r} instead of {before!r}"


def _document(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def _kind(value: Any) -> str:
    # JSON and DynamoDB have one type of numbers.
    return "a number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
