"""The hierarchy of scopes: a broader one implies narrower ones."""

from collections.abc import Iterable, Mapping, Sequence


def expanded(scopes: Iterable[str], implies: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The scopes and those that they imply. ``implies`` names for each scope all of them, also the indirect ones."""
    literal = frozenset(scopes)
    return literal.union(*(implies.get(scope, ()) for scope in literal))
