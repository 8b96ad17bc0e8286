"""Keywords of a decorator as its options."""

from collections.abc import Collection, Mapping
from typing import Any

from runtime.authoring.content import without_none
from runtime.authoring.definition import Function


def read_options(
    function: Function, decorator: str, known: Collection[str], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the options that the keywords of a decorator state, without those that are ``None``.

    Raise ``DefinitionError`` for a keyword that is not ``known`` and has no form here.
    """
    options = without_none(given)
    if not _has_other_forms(options, known):
        return options
    # Imported for keywords and values of other frameworks only.
    from runtime.authoring.keywords import read_keywords  # noqa: PLC0415

    return read_keywords(function, decorator, known, options)


def _has_other_forms(options: Mapping[str, Any], known: Collection[str]) -> bool:
    return (
        not options.keys() <= set(known)
        or isinstance(options.get("annotations"), Mapping)
        or isinstance(options.get("task"), bool)
        or any(isinstance(icon, Mapping) for icon in options.get("icons", ()))
    )
