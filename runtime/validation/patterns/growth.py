"""How the time of a regular expression grows with the text, without running it.

``re`` tries one way through a pattern after another. So its time is the number of ways in which an automaton, with
every state accepting, can read the prefixes of a text. A word that leads from a state back to it in two ways makes that
number exponential. A word that leads from p to p, from p to q and from q to q makes it a power (Weber and Seidl 1991,
"On the degree of ambiguity of finite automata"). ``re`` can be faster than this, and is never slower.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from runtime.validation.patterns.automaton import MANY, Automaton, Unknown

# A pattern that takes longer to analyse counts as exponential.
MOST_STEPS = 200_000


def growth(pattern: str) -> int | None:
    """Return the power of the text length with which ``re.search`` grows: 1 is linear, ``None`` is exponential.

    Raise ``re.error`` for an invalid pattern.
    """
    try:
        ambiguity = _Ambiguity(Automaton(pattern))
        cycles = ambiguity.cycles()
        if any(map(ambiguity.is_exponential, cycles)):
            return None
        return 1 + ambiguity.power(cycles)
    except (Unknown, RecursionError):
        return None


class _Cycle(NamedTuple):
    """States that lead to each other, and all states that they lead to."""

    states: frozenset[int]
    reach: frozenset[int]


class _Ambiguity:
    def __init__(self, automaton: Automaton) -> None:
        self._ways = automaton.ways
        self._labels = automaton.labels
        self._steps = 0

    def cycles(self) -> list[_Cycle]:
        """Return the cycles, each after those that lead to it."""
        reach = {state: self._reachable(state) for state in range(len(self._labels))}
        own = {state: frozenset(other for other in reach[state] if state in reach[other]) for state in reach}
        found = {_Cycle(states, reach[state]) for state, states in own.items() if state in reach[state]}
        return sorted(found, key=lambda cycle: -len(cycle.reach))

    def is_exponential(self, cycle: _Cycle) -> bool:
        """Whether one word leads from a state of the cycle back to it in two ways."""
        inside = cycle.states
        if any(self._ways[state].get(target) == MANY for state in inside for target in inside):
            return True
        seen: set[tuple[int, ...]] = {(state, state) for state in inside}
        waiting = list(seen)
        while waiting:
            pair = waiting.pop()
            for following in self._following(pair, (inside, inside)):
                if pair[0] != pair[1] and following[0] == following[1]:
                    return True
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return False

    def power(self, cycles: list[_Cycle]) -> int:
        """Return the most cycles in a chain where one word can be divided between each and the next."""
        degrees: dict[_Cycle, int] = {}
        for later in cycles:
            before = [cycle for cycle in degrees if later.states <= cycle.reach]
            degrees[later] = max((degrees[cycle] + self._divides(cycle, later) for cycle in before), default=0)
        return max(degrees.values(), default=0)

    def _divides(self, early: _Cycle, later: _Cycle) -> bool:
        """Whether one word leads from p to p, from p to q and from q to q, for p in one cycle and q in the other."""
        between = frozenset(state for state in early.reach if later.states & ({state} | self._reachable(state)))
        places = (early.states, between, later.states)
        return any(self._leads((p, p, q), (p, q, q), places) for p, q in product(early.states, later.states))

    def _leads(self, start: tuple[int, ...], end: tuple[int, ...], places: tuple[frozenset[int], ...]) -> bool:
        seen = set()
        waiting = [start]
        while waiting:
            for following in self._following(waiting.pop(), places):
                if following == end:
                    return True
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return False

    def _following(self, states: tuple[int, ...], places: tuple[frozenset[int], ...]) -> Iterator[tuple[int, ...]]:
        """Yield where one character can lead from several states at once, within their places. Raise ``Unknown``."""
        choices = [self._ways[state].keys() & place for state, place in zip(states, places, strict=True)]
        for targets in product(*choices):
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise Unknown
            if self._share(targets):
                yield targets

    def _share(self, states: Iterable[int]) -> bool:
        common = -1
        for state in states:
            common &= self._labels[state]
        return common != 0

    def _reachable(self, state: int) -> frozenset[int]:
        seen: set[int] = set()
        waiting = [state]
        while waiting:
            for target in self._ways[waiting.pop()]:
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return frozenset(seen)
