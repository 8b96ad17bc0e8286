"""The schemas that the references of an author's schema name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012


class UnresolvableReference(ValueError):
    """A reference to something outside of the schema, or to nothing (MCP, $ref Resolution: nothing is fetched)."""


def resolver(document: Mapping[str, Any]) -> Callable[[str, Sequence[Mapping[str, Any]]], Any]:
    """Return what finds the target of a reference, given the schemas with an ``$id`` around it, the outermost first.

    It raises ``UnresolvableReference``.
    """
    root = Registry().resolver_with_root(DRAFT202012.create_resource(document))

    def resolve(reference: str, bases: Sequence[Mapping[str, Any]]) -> Any:
        found: Any = root
        try:
            for base in bases:
                found = found.in_subresource(DRAFT202012.create_resource(base))
            return found.lookup(reference).contents
        except (Unresolvable, ValueError, TypeError) as error:
            # A bad pointer raises ValueError or TypeError.
            raise UnresolvableReference(reference) from error

    return resolve
