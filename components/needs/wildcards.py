"""Warns of permissions that reach further than what they name."""

from collections.abc import Sequence

import pulumi

from components.needs.checks import WILDCARD

# The services that hold this server's own records, secrets, logs and functions.
OURS = frozenset({"*", "dynamodb", "iam", "kms", "lambda", "logs", "secretsmanager", "sts"})
# arn, partition, service, region, account, resource.
PARTS = 6


def warn_of_wildcards(where: str, actions: Sequence[str], resources: Sequence[pulumi.Input[str]]) -> None:
    """Warn of actions with a wildcard, and of resources that are all of a service, once they are known."""
    for action in actions:
        if WILDCARD.search(action):
            pulumi.log.warn(f"{where} permits {action}, also what AWS adds later; name the actions")
    for resource in resources:
        pulumi.Output.from_input(resource).apply(lambda arn: _warn_of_resource(where, actions, arn))


def _warn_of_resource(where: str, actions: Sequence[str], arn: str) -> None:
    if not _is_every(arn):
        return
    reached = OURS & {action.partition(":")[0].lower() for action in actions}
    also = ", also on this server's own" if reached else ""
    pulumi.log.warn(f"{where} permits {', '.join(actions)} on {arn}: on every resource{also}; name the resources")


def _is_every(arn: str) -> bool:
    """Return whether an ARN, or a pattern of some, fits all resources of a service."""
    parts = arn.split(":", PARTS - 1)
    return arn == "*" or (len(parts) == PARTS and not parts[-1].strip("*?"))
