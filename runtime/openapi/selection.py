"""Names operations of an OpenAPI document: by id, by tag, or by method and path."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

TAG = "tag:"
# Without a selection, a larger document is an error: a model chooses badly among that many tools.
MOST_UNSELECTED = 50


class Named(Protocol):
    """What an operation can be named by."""

    @property
    def id(self) -> str: ...

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def tags(self) -> Sequence[str]: ...


Chosen = TypeVar("Chosen", bound=Named)


def matches(selector: str, operation: Named) -> bool:
    """Whether a selector names an operation.

    It is an operation id, ``tag:`` and a tag, or a method and a path in which ``*`` stands for any text:
    ``GET /tickets/{id}``, ``GET /tickets*``, ``* /tickets``.
    """
    if selector.startswith(TAG):
        return selector.removeprefix(TAG) in operation.tags
    if selector == operation.id:
        return True
    pattern = ".*".join(map(re.escape, selector.split("*")))
    return " " in selector and bool(re.fullmatch(pattern, f"{operation.method} {operation.path}", re.DOTALL))


def is_exact(selector: str) -> bool:
    """Whether a selector names one operation and no group of them."""
    return not selector.startswith(TAG) and "*" not in selector


def select(operations: Iterable[Chosen], selectors: Sequence[str]) -> list[Chosen]:
    """Return the selected operations in the order of the document, all of them if there are no selectors.

    Raise ``ValueError`` for a selector that names nothing, and for too many operations without a selector.
    """
    all_of_them = list(operations)
    if not selectors:
        if len(all_of_them) > MOST_UNSELECTED:
            raise ValueError(
                f"it has {len(all_of_them)} operations, and {MOST_UNSELECTED} at most become tools unless you say "
                "which: operations=[...]"
            )
        return all_of_them
    for selector in selectors:
        if not any(matches(selector, operation) for operation in all_of_them):
            raise ValueError(f"it has no operation {selector!r}")
    return [one for one in all_of_them if any(matches(selector, one) for selector in selectors)]
