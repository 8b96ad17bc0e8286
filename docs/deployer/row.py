"""What one type of resource needs from the policy of who deploys it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Need(NamedTuple):
    """Actions of one service on resources, given as patterns of ARNs."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Mapping[str, Any]


class Row(NamedTuple):
    """The needs of one type to create, read, update, delete and tag it, and those of settings that are off by default.

    ``source`` is the file below ``internal/service`` of the Terraform provider with the calls that it makes.
    """

    source: str
    always: tuple[Need, ...]
    by_setting: tuple[Need, ...] = ()


def need(service: str, actions: str, *resources: str, condition: Mapping[str, Any] | None = None) -> Need:
    """Return a need. ``actions`` are the names of actions without their service, with spaces between them."""
    return Need(tuple(f"{service}:{action}" for action in actions.split()), resources, condition or {})


def row(source: str, *needs: Need, by_setting: tuple[Need, ...] = ()) -> Row:
    return Row(source, needs, by_setting)


def optional(source: str, *needs: Need) -> Row:
    """Return the row of a type that the stacks ``dev`` and ``prod`` do not have as they are shipped."""
    return Row(source, (), needs)


def merged(needs: Iterator[Need]) -> list[dict[str, Any]]:
    """Return the statements of a policy for ``needs``: first one for all actions on a resource, then all its likes."""
    actions: dict[tuple[str, str, str], set[str]] = {}
    conditions: dict[str, Mapping[str, Any]] = {}
    for each in needs:
        condition = repr(sorted(each.condition.items()))
        conditions[condition] = each.condition
        for action in each.actions:
            for resource in each.resources:
                actions.setdefault((action.partition(":")[0], resource, condition), set()).add(action)
    resources: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for (_, resource, condition), allowed in sorted(actions.items()):
        resources.setdefault((tuple(sorted(allowed)), condition), []).append(resource)
    return [
        {"Effect": "Allow", "Action": list(allowed), "Resource": reached}
        | ({"Condition": dict(conditions[condition])} if conditions[condition] else {})
        for (allowed, condition), reached in sorted(resources.items())
    ]
