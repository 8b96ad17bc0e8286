"""Keys that set one member of an object: ``upstream.issuer`` sets ``issuer`` in ``upstream``.

The prompts of ``pulumi new`` can set such a key, and ``pulumi config set`` without ``--path`` does.
"""

from collections.abc import Iterator, Mapping
from typing import Any


def rule_of(key: str, rules: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the rule of the schema for a key, or for the member of an object that it names. ``{}`` if none is."""
    head, _, member = key.partition(".")
    rule = rules.get(head, {})
    return rule.get("properties", {}).get(member, {}) if member else rule


def nest_members(given: Mapping[str, Any], rules: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the values with each member that has a key of its own put into its object.

    A key whose object the schema does not have stays as it is. A member that the object has too keeps its own value.
    """
    nested = {key: value for key, value in given.items() if not _is_member(key, rules)}
    for key, value in given.items():
        if _is_member(key, rules):
            head, _, member = key.partition(".")
            whole = nested.get(head) or {}
            if isinstance(whole, dict):
                nested[head] = {member: value, **whole}
    return nested


def members_set_twice(given: Mapping[str, Any], rules: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Report members that have a key of their own and are set in their object, too."""
    for key in given:
        head, _, member = key.partition(".")
        whole = given.get(head)
        if _is_member(key, rules) and isinstance(whole, dict) and member in whole:
            yield f"{key} is set twice, as a key of its own and in {head}; remove the first: pulumi config rm {key}"


def _is_member(key: str, rules: Mapping[str, Mapping[str, Any]]) -> bool:
    head, _, member = key.partition(".")
    return bool(member) and "properties" in rules.get(head, {})
