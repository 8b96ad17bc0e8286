"""What a feature needs, and how it is tried."""

from collections.abc import Callable
from typing import NamedTuple

from runtime.storage.audit_log import NOT_DELIVERED
from tests.e2e.privilege.permission import Permission
from tests.e2e.privilege.world import AUDIT_LOG, World

OWN_LOG_ACTIONS = "CreateLogStream PutLogEvents"
NO_LINE = "the log has no line"
# Raises an error unless the feature works.
Probe = Callable[[World], None]


class Need(NamedTuple):
    """A permission, and a feature that fails without it.

    ``fresh``: what the permission gives, or what its lack teaches, stays in memory, so the function has to start anew.
    ``sign`` is what the log of the function says without it, if that is not the refusal in the words of AWS.
    """

    permission: Permission
    feature: str
    probe: Probe
    fresh: bool = False
    sign: str = ""


def item(function: str, actions: str, prefix: str, feature: str, probe: Probe) -> list[Need]:
    """Return the needs for actions on items of the table: ``GetItem PutItem``."""
    return [Need(Permission(function, f"dynamodb:{name}", prefix), feature, probe) for name in actions.split()]


def together(function: str, actions: str, prefix: str, feature: str, probe: Probe) -> list[Need]:
    """Return the needs for actions inside of a transaction."""
    return [Need(Permission(function, f"dynamodb:{name}", prefix, True), feature, probe) for name in actions.split()]


def secret(function: str, actions: str, target: str, feature: str, probe: Probe) -> list[Need]:
    """Return the needs for actions on a secret, whose value a function keeps in memory."""
    return [
        Need(Permission(function, f"secretsmanager:{name}", target), feature, probe, fresh=True)
        for name in actions.split()
    ]


def log(function: str, actions: str, target: str, feature: str, probe: Probe) -> list[Need]:
    """Return the needs for actions on a log group or on one of its streams."""
    return [Need(Permission(function, f"logs:{name}", target), feature, probe) for name in actions.split()]


def audit(function: str, feature: str, probe: Probe) -> Need:
    """Return the need for the audit log. Without it, the request succeeds, and a function stops trying for a while."""
    permission = Permission(function, "logs:PutLogEvents", AUDIT_LOG)
    return Need(permission, feature, probe, fresh=True, sign=NOT_DELIVERED)
