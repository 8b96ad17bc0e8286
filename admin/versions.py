"""The published versions of functions. Each ``pulumi up`` that changes a function adds one, and Pulumi deletes none."""

from typing import Any

from admin.release.note import Note


def prune_versions(functions: Any, name: str, keep: int) -> list[str]:
    """Delete all published versions of a function but the newest ``keep`` and those that an alias names.

    An alias may share requests between two versions, and a release can go back to the version before. The newest are
    kept because the version that the alias has just left still answers requests. Return what was deleted.
    ``functions`` is a client of Lambda.
    """
    versions = [
        int(version["Version"])
        for page in functions.get_paginator("list_versions_by_function").paginate(FunctionName=name)
        for version in page["Versions"]
        if version["Version"] != "$LATEST"
    ]
    named = _versions_of_aliases(functions, name)
    old = [str(version) for version in sorted(versions)[:-keep] if str(version) not in named]
    for version in old:
        functions.delete_function(FunctionName=name, Qualifier=version)
    return old


def _versions_of_aliases(functions: Any, name: str) -> set[str]:
    aliases = [
        alias
        for page in functions.get_paginator("list_aliases").paginate(FunctionName=name)
        for alias in page["Aliases"]
    ]
    shared = [(alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {} for alias in aliases]
    notes = [note for alias in aliases if (note := Note.parse(alias.get("Description", "")))]
    return {alias["FunctionVersion"] for alias in aliases}.union(*shared, {note.old for note in notes})
