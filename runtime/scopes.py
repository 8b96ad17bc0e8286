"""Scopes as they are written, and their hierarchy: a broader one implies narrower ones."""

from collections.abc import Iterable, Mapping, Sequence

Implications = Mapping[str, Sequence[str]]


def scope_list(scope: str) -> list[str]:
    """The scopes in a ``scope`` value, one by one and each once: RFC 6749 3.3 has spaces between them, nothing else."""
    return list(dict.fromkeys(filter(None, scope.split(" "))))


def expanded(scopes: Iterable[str], implies: Implications) -> frozenset[str]:
    """The scopes and those that they imply. ``implies`` names for each scope all of them, also the indirect ones."""
    literal = frozenset(scopes)
    return literal.union(*(implies.get(scope, ()) for scope in literal))


def closed(implies: Implications) -> dict[str, list[str]]:
    """Every scope with all that it implies, by way of others too, in alphabetical order; itself only in a circle."""
    found = {}
    for scope in implies:
        reached: set[str] = set()
        ahead = list(implies[scope])
        while ahead:
            following = ahead.pop()
            if following not in reached:
                reached.add(following)
                ahead += implies.get(following, [])
        found[scope] = sorted(reached)
    return found


def unknown(implies: Implications, known: Mapping[str, str]) -> list[str]:
    """The scopes that a hierarchy names and that do not exist."""
    named = {*implies, *(scope for implied in implies.values() for scope in implied)}
    return sorted(named - known.keys())


def circular(implies: Implications) -> list[str]:
    """The scopes that imply themselves, be it by way of others."""
    return [scope for scope, implied in closed(implies).items() if scope in implied]
