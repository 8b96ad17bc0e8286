"""Text for a terminal: much of it was chosen by clients and users, who may be hostile."""

import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

LONGEST_CELL = 60


def printable(text: str) -> str:
    """Replace what could steer a terminal, such as escape sequences, line breaks and marks that reverse text."""
    return "".join(char if char.isprintable() else "?" for char in text)


def write_line(text: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(f"{printable(text)}\n")


def write_note(text: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(f"{printable(text)}\n")


def write_json(value: Mapping[str, Any]) -> None:
    """Write one JSON object as a line to standard output. It is ASCII, so nothing in it steers a terminal."""
    sys.stdout.write(f"{json.dumps(value)}\n")


def write_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows below heads, each column as wide as its widest cell."""
    cells = [[_shorten(printable(cell)) for cell in row] for row in [heads, *rows]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(f"{line.rstrip()}\n")


def as_text(value: Any) -> str:
    """Return a value of JSON for a reader: the members of a list separated by spaces, and ``-`` for nothing."""
    if isinstance(value, list):
        return " ".join(map(as_text, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)


def moment(seconds: int) -> str:
    """Return a time in UTC, as ISO 8601; ``-`` for 0, which stands for never."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds)) if seconds else "-"


def _shorten(cell: str) -> str:
    return cell if len(cell) <= LONGEST_CELL else f"{cell[: LONGEST_CELL - 1]}…"
