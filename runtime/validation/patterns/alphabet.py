"""The characters that a regular expression distinguishes, as bits."""

import re
import re._constants as op
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

_ASCII = 128
# The characters beyond ASCII that \d, \w and \s match: the first kind, the first two, the last.
_KINDS = (str.isdecimal, str.isalnum, str.isspace)
_CATEGORIES = {"DIGIT": (0,), "WORD": (0, 1), "SPACE": (2,)}
_OF_ANY_KIND = range(len(_KINDS) + 1)


class Alphabet:
    """Sets of characters as sets of bits: one bit for each character of ASCII, and for the others one for each kind
    within each stretch between two characters that the pattern names."""

    def __init__(self, parsed: Any, flags: int) -> None:
        self._flags = flags
        self._starts = sorted({_ASCII, *(code for code in _boundaries(parsed) if code > _ASCII)})
        self.everything = (1 << self._bit(len(self._starts), 0)) - 1

    def members(self, items: Iterable[tuple[Any, Any]]) -> int:
        """Return the characters of a set in a parsed pattern, or a superset if the pattern ignores case."""
        items = list(items)
        found = reduce(or_, (self._item(kind, value) for kind, value in items if kind is not op.NEGATE), 0)
        if items[0][0] is op.NEGATE:
            return self.everything & ~found
        return self._in_any_case(found) if self._flags & re.IGNORECASE else found

    def _item(self, kind: Any, value: Any) -> int:
        if kind is op.CATEGORY:
            return self._category(str(value).removeprefix("CATEGORY_"))
        low, high = value if kind is op.RANGE else (value, value)
        bits = list(range(low, min(high, _ASCII - 1) + 1))
        within = (index for index, start in enumerate(self._starts) if max(low, _ASCII) <= start <= high)
        return _set(bits + [self._bit(index, kind) for index in within for kind in _OF_ANY_KIND])

    def _category(self, name: str) -> int:
        kinds = _CATEGORIES[name.removeprefix("NOT_")]
        bits = [code for code in range(_ASCII) if any(_KINDS[kind](chr(code)) for kind in kinds)]
        if "WORD" in name:
            bits.append(ord("_"))
        if not self._flags & re.ASCII:
            bits += [self._bit(index, kind) for index in range(len(self._starts)) for kind in kinds]
        return self.everything & ~_set(bits) if name.startswith("NOT_") else _set(bits)

    def _bit(self, index: int, kind: int) -> int:
        return _ASCII + index * len(_OF_ANY_KIND) + kind

    def _in_any_case(self, found: int) -> int:
        """Return the set with both cases of its ASCII letters, and all others: some of those have three cases."""
        letters = [chr(code) for code in range(_ASCII) if found >> code & 1 and chr(code).isalpha()]
        return found | _set(ord(letter.swapcase()) for letter in letters) | self.everything >> _ASCII << _ASCII


def _set(bits: Iterable[int]) -> int:
    return reduce(or_, (1 << bit for bit in bits), 0)


def _boundaries(parsed: Any) -> Iterator[int]:
    """Yield the characters where a set of the pattern begins, and those right after its end."""
    for item in parsed:
        match item:
            case (op.LITERAL | op.NOT_LITERAL, int(code)):
                yield from (code, code + 1)
            case (op.RANGE, (int(low), int(high))):
                yield from (low, high + 1)
            case _ if hasattr(item, "__iter__") or hasattr(item, "__getitem__"):
                yield from _boundaries(item)
