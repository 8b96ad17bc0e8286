"""Scopes as they are written, and their hierarchy: a broader one implies narrower ones."""

from collections.abc import Iterable, Mapping, Sequence


def scope_list(scope: str) -> list[str]:
    """The scopes in a ``scope`` value, one by one and each once: RFC 6749 3.3 has spaces between them, nothing else."""
    return list(dict.fromkeys(filter(None, scope.split(" "))))


def expanded(scopes: Iterable[str], implies: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The scopes and those that they imply. ``implies`` names for each scope all of them, also the indirect ones."""
    literal = frozenset(scopes)
    return literal.union(*(implies.get(scope, ()) for scope in literal))
