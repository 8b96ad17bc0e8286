"""Permissions one by one: a function, an action, and what it may be done to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

LEADING_KEYS = "dynamodb:LeadingKeys"
# What encrypts, for one thing that it encrypts.
THE_KEY = "the KMS key, for"
QUANTIFIER = "ForAllValues:StringLike"
Statement = Mapping[str, Any]
# What each ARN of a policy is, for people.
Labels = Mapping[str, str]


class Permission(NamedTuple):
    """One action of a role on one resource. On the table, ``target`` is the prefix of the keys of items.

    ``together`` is for the writes of a transaction only.
    """

    function: str
    action: str
    target: str
    together: bool = False


def permissions(function: str, statements: Sequence[Statement], labels: Labels) -> list[Permission]:
    """Return the permissions of a role, in the order of its policy."""
    return [permission for statement in statements for permission, _ in _split(function, statement, labels)]


def without(permission: Permission, statements: Sequence[Statement], labels: Labels) -> list[Statement]:
    """Return the statements of a role that permit all but one permission."""
    return [rest for statement in statements for rest in _rest(permission, statement, labels)]


def _rest(permission: Permission, statement: Statement, labels: Labels) -> Iterator[Statement]:
    found = dict(_split(permission.function, statement, labels))
    if permission not in found:
        yield statement
        return
    others = [action for action in statement["Action"] if action != permission.action]
    if others:
        yield {**statement, "Action": others}
    member, value = found[permission]
    if member == LEADING_KEYS:
        patterns = [pattern for pattern in statement["Condition"][QUANTIFIER][LEADING_KEYS] if pattern != value]
        condition = {**statement["Condition"], QUANTIFIER: {LEADING_KEYS: patterns}}
        remaining: Statement = {**statement, "Condition": condition}
    else:
        patterns = [resource for resource in statement["Resource"] if resource != value]
        remaining = {**statement, "Resource": patterns}
    if patterns:
        yield {**remaining, "Action": [permission.action]}


def _split(function: str, statement: Statement, labels: Labels) -> Iterator[tuple[Permission, tuple[str, str]]]:
    """Return each permission of a statement, with the member of the statement that has its target."""
    conditions = statement.get("Condition", {})
    keys = conditions.get(QUANTIFIER, {}).get(LEADING_KEYS, [])
    encrypted = [
        (name, value)
        for name, values in conditions.get("StringEquals", {}).items()
        for value in (values if name.startswith("kms:EncryptionContext:") else ())
    ]
    together = "dynamodb:EnclosingOperation" in str(conditions)
    for action in statement["Action"]:
        for pattern in keys:
            yield Permission(function, action, pattern.removesuffix("*"), together), (LEADING_KEYS, pattern)
        for name, value in encrypted:
            yield Permission(function, action, f"{THE_KEY} {labels.get(value, value)}"), (name, value)
        for resource in statement["Resource"] if not keys and not encrypted else ():
            yield Permission(function, action, labels.get(resource, resource)), ("Resource", resource)
