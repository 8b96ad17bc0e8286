"""Names of tools and of their arguments that every client accepts."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from runtime.openapi.selection import Named

# The APIs of OpenAI and Anthropic; MCP allows more.
LONGEST: Final = 64
PREFIX: Final = re.compile(r"[A-Za-z0-9_-]{0,32}")
_NOT_IN_TOOLS: Final = re.compile(r"[^A-Za-z0-9_-]+")
_NOT_IN_ARGUMENTS: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_EDGES: Final = "_.-"


def tool_names(operations: Sequence[Named], prefix: str) -> list[str]:
    """Return a name for each operation: its id, else its method and path, after ``prefix``.

    A name that is too long, or that another operation would have too, ends with a hash of method and path. So a name
    depends on no other selection of operations.
    """
    wanted = [prefix + _clean(operation) for operation in operations]
    count = Counter(wanted)
    return [
        name if count[name] == 1 and len(name) <= LONGEST else _distinguish(name, operation)
        for name, operation in zip(wanted, operations, strict=True)
    ]


class ArgumentNames:
    """The names of the arguments of one tool, each of them once."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def take(self, name: str, place: str) -> str:
        """Return a name for a parameter or a member of the body. One that is used already starts with the place."""
        clean = _NOT_IN_ARGUMENTS.sub("_", name).strip(_EDGES)[:LONGEST] or place
        candidates = [clean, f"{place}_{clean}"[:LONGEST]]
        candidates += [f"{place}_{number}_{clean}"[:LONGEST] for number in range(2, len(self._used) + 3)]
        chosen = next(candidate for candidate in candidates if candidate not in self._used)
        self._used.add(chosen)
        return chosen


def _clean(operation: Named) -> str:
    stated = operation.id or f"{operation.method.lower()}{operation.path}"
    return _NOT_IN_TOOLS.sub("_", stated).strip(_EDGES) or operation.method.lower()


def _distinguish(name: str, operation: Named) -> str:
    digest = hashlib.sha256(f"{operation.method} {operation.path}".encode()).hexdigest()[:6]
    return f"{name[: LONGEST - 7]}_{digest}"
