"""Scopes and their hierarchy: a broader scope implies narrower ones."""

from collections.abc import Iterable, Mapping, Sequence

Implications = Mapping[str, Sequence[str]]


def scope_list(scope: str) -> list[str]:
    """Return the distinct scopes of a ``scope`` value. RFC 6749 3.3: they are separated by spaces, nothing else."""
    return list(dict.fromkeys(filter(None, scope.split(" "))))


def expand_scopes(scopes: Iterable[str], implies: Implications) -> frozenset[str]:
    """Return the scopes and those that they imply. ``implies`` must include the indirect ones."""
    literal = frozenset(scopes)
    return literal.union(*(implies.get(scope, ()) for scope in literal))


def expand_hierarchy(implies: Implications) -> dict[str, list[str]]:
    """Return every scope with all scopes that it implies, directly or indirectly, in alphabetical order.

    A scope implies itself only if the hierarchy is circular.
    """
    expanded = {}
    for scope in implies:
        reached: set[str] = set()
        ahead = list(implies[scope])
        while ahead:
            following = ahead.pop()
            if following not in reached:
                reached.add(following)
                ahead += implies.get(following, [])
        expanded[scope] = sorted(reached)
    return expanded


def find_unknown(implies: Implications, known: Mapping[str, str]) -> list[str]:
    """Return the scopes of a hierarchy that are not ``known``."""
    scopes = {*implies, *(scope for implied in implies.values() for scope in implied)}
    return sorted(scopes - known.keys())


def find_circular(implies: Implications) -> list[str]:
    """Return the scopes that imply themselves, directly or indirectly."""
    return [scope for scope, implied in expand_hierarchy(implies).items() if scope in implied]
