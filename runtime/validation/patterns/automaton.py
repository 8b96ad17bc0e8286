"""The position automaton of a regular expression (Glushkov 1961): a state for each set of characters in it."""

import re
import re._constants as op
import re._parser as parser
from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from runtime.validation.patterns.alphabet import Alphabet

# Counted repetitions up to this are copied out; larger ones count as endless.
MOST_COPIES = 16
MOST_POSITIONS = 300
# Two ways are as good as more.
MANY = 2
_REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}
_BEGINNINGS = {op.AT_BEGINNING, op.AT_BEGINNING_STRING}

Ways = Mapping[int, int]
NOWHERE: Ways = MappingProxyType({})


class Unknown(Exception):
    """A pattern that cannot be analysed: it has a backreference, or is too large."""


class Part(NamedTuple):
    """Part of a pattern: in how many ways it matches the empty text, and the positions it can begin and end with."""

    empty: int = 1
    first: Ways = NOWHERE
    last: Ways = NOWHERE


class Automaton:
    """State 0 is before the first character. ``labels`` are the characters that lead into a state, ``ways`` in how many
    ways a state follows another.

    Raises ``re.error`` for an invalid pattern, and ``Unknown``.
    """

    def __init__(self, pattern: str) -> None:
        parsed = parser.parse(pattern)
        self._flags = parsed.state.flags | _inner_flags(parsed)
        self._alphabet = Alphabet(parsed, self._flags)
        self.labels = [self._alphabet.everything]
        self.ways: dict[int, dict[int, int]] = defaultdict(dict)
        part = self._sequence(_without_tail(list(parsed)))
        self._connect({0: 1}, part.first)
        if not self._is_anchored(list(parsed)):
            # ``re.search`` begins at every character.
            self._connect({0: 1}, {0: 1})

    def _sequence(self, items: Iterable[tuple[Any, Any]]) -> Part:
        whole = Part()
        for kind, value in items:
            whole = self._join(whole, self._item(kind, value))
        return whole

    def _item(self, kind: Any, value: Any) -> Part:
        if kind in _REPEATS:
            return self._repeat(*value)
        if kind in {op.SUBPATTERN, op.ATOMIC_GROUP}:
            return self._sequence(value[3] if kind is op.SUBPATTERN else value)
        if kind is op.BRANCH:
            parts = [self._sequence(branch) for branch in value[1]]
            empty = min(MANY, sum(part.empty for part in parts))
            return Part(empty, _sum(*((part.first, 1) for part in parts)), _sum(*((part.last, 1) for part in parts)))
        if kind in {op.ASSERT, op.ASSERT_NOT, op.AT, op.FAILURE}:
            # A lookahead reads beside the rest and leads no further. A lookbehind has a fixed length.
            ahead = kind in {op.ASSERT, op.ASSERT_NOT} and value[0] > 0
            return Part(first=self._sequence(value[1]).first) if ahead else Part()
        return self._position(kind, value)

    def _position(self, kind: Any, value: Any) -> Part:
        members = {
            op.LITERAL: lambda: self._alphabet.members([(op.LITERAL, value)]),
            op.NOT_LITERAL: lambda: self._alphabet.members([(op.NEGATE, None), (op.LITERAL, value)]),
            op.ANY: lambda: self._alphabet.everything,
            op.IN: lambda: self._alphabet.members(value),
        }.get(kind)
        if members is None or len(self.labels) > MOST_POSITIONS:
            raise Unknown
        self.labels.append(members())
        here = {len(self.labels) - 1: 1}
        return Part(0, here, here)

    def _repeat(self, least: int, most: Any, items: Any) -> Part:
        if most is not op.MAXREPEAT and most <= MOST_COPIES:
            optional = Part()
            for _ in range(most - least):
                more = self._join(self._sequence(items), optional)
                optional = more._replace(empty=min(MANY, more.empty + 1))
            return self._join(self._copies(least, items), optional)
        once = self._sequence(items)
        self._connect(once.last, once.first, MANY if once.empty else 1)
        looped = once._replace(empty=MANY if once.empty else int(least == 0))
        return self._join(self._copies(least - 1 if least <= MOST_COPIES else 0, items), looped)

    def _copies(self, count: int, items: Any) -> Part:
        whole = Part()
        for _ in range(count):
            whole = self._join(whole, self._sequence(items))
        return whole

    def _join(self, one: Part, other: Part) -> Part:
        self._connect(one.last, other.first)
        return Part(
            min(MANY, one.empty * other.empty),
            _sum((one.first, 1), (other.first, one.empty)),
            _sum((other.last, 1), (one.last, other.empty)),
        )

    def _connect(self, before: Ways, after: Ways, times: int = 1) -> None:
        for source, out in before.items():
            follow = self.ways[source]
            for target, into in after.items():
                follow[target] = min(MANY, follow.get(target, 0) + out * into * times)

    def _is_anchored(self, items: list[tuple[Any, Any]]) -> bool:
        """Whether the pattern matches at the start of the text only."""
        if not items:
            return False
        kind, value = items[0]
        if kind is op.AT:
            return value in _BEGINNINGS and not (value is op.AT_BEGINNING and self._flags & re.MULTILINE)
        if kind is op.SUBPATTERN:
            return self._is_anchored(list(value[3]))
        return kind is op.BRANCH and all(self._is_anchored(list(branch)) for branch in value[1])


def _sum(*terms: tuple[Ways, int]) -> Ways:
    total: dict[int, int] = {}
    for ways, times in terms:
        for position, count in ways.items():
            if times:
                total[position] = min(MANY, total.get(position, 0) + count * times)
    return total


def _without_tail(items: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return the pattern without optional repetition at its very end: nothing after it can fail there."""
    while items:
        kind, value = items[-1]
        if kind is op.SUBPATTERN:
            items = [*items[:-1], *value[3]]
        elif kind in _REPEATS and value[0] == 0:
            items = items[:-1]
        elif kind in _REPEATS and value[0] != value[1]:
            return [*items[:-1], (kind, (value[0], value[0], value[2]))]
        else:
            break
    return items


def _inner_flags(parsed: Any) -> int:
    """Return the flags of groups, which count as flags of the whole. Raise ``Unknown`` if that would be wrong."""
    found = 0
    for item in parsed:
        match item:
            case (op.SUBPATTERN, (_, int(added), int(removed), inner)):
                if (added | removed) & re.ASCII:
                    raise Unknown
                found |= added | _inner_flags(inner)
            case _ if not isinstance(item, int | str) and item is not None and hasattr(item, "__getitem__"):
                found |= _inner_flags(item)
    return found
