"""Reads the policy documents that the program declares."""

import json
from fnmatch import fnmatchcase
from typing import Any

from aws_rules.iam.wildcard_resource import WITHOUT_RESOURCE
from aws_rules.rule import Finding
from tests.infra.recorder import Stack, arn

# What these roles may reach beside the product's own resources is up to the owner of the tools.
RUN_TOOLS = ("-mcp-policy", "-worker-policy")
# The services that hold the product's records, secrets, logs and functions, and who may do what: never on "*".
GUARDED = ("dynamodb:", "iam:", "kms:", "lambda:", "logs:", "secretsmanager:", "sts:", "*")
KEY = arn("Secret", "remote-mcp-dev-signing-key")
TABLE = arn("Table", "remote-mcp-dev-store")


def is_owners(finding: Finding) -> bool:
    """Return whether a finding is about a permission that the owner gives to the tools, and may give."""
    return finding.resource.name.endswith(RUN_TOOLS) and not finding.subject.lower().startswith(GUARDED)


def statements(stack: Stack, policy: str) -> list[dict[str, Any]]:
    return list(json.loads(stack.one("iam/rolePolicy:RolePolicy", policy).inputs["policy"])["Statement"])


def permits(statement: dict[str, Any], action: str, context: dict[str, list[str]]) -> bool:
    """Whether a statement of a policy permits an action, as IAM evaluates conditions on keys with several values.

    ``ForAllValues`` is true of a key without values, and ``ForAnyValue`` is false of it.
    """
    if action not in statement["Action"]:
        return False
    for operator, keys in statement.get("Condition", {}).items():
        quantifier = {"ForAllValues:StringLike": all, "ForAnyValue:StringEquals": any}[operator]
        for key, patterns in keys.items():
            values = context.get(key, [])
            if not quantifier(any(fnmatchcase(value, pattern) for pattern in patterns) for value in values):
                return False
    return True


def allowed_resources(stack: Stack, policy: str) -> dict[str, list[str]]:
    """Return the resources of each action that a role's policy allows."""
    found: dict[str, list[str]] = {}
    for statement in statements(stack, policy):
        for action in statement["Action"]:
            found[action] = list(dict.fromkeys([*found.get(action, []), *statement["Resource"]]))
    return found


def allowed_on_ours(stack: Stack, policy: str) -> dict[str, list[str]]:
    """What a role's policy allows on the resources of this product: what else its tools may reach is the owner's."""
    names = [arn(resource.type.rpartition(":")[2], resource.name) for resource in stack.declared]
    found: dict[str, list[str]] = {}
    for action, resources in allowed_resources(stack, policy).items():
        # Who may have "*" at all is a test of its own.
        patterns = [one for one in resources if one != "*" or action in WITHOUT_RESOURCE]
        reached = [one for one in patterns if one == "*" or any(_reaches(one, name) for name in names)]
        if reached:
            found[action] = reached
    return found


def _reaches(pattern: str, name: str) -> bool:
    """Whether a resource of a policy names a resource of the stack, a part of it, or a pattern that it fits."""
    return pattern.startswith(name) or fnmatchcase(name, pattern)


def logging(function: str) -> dict[str, list[str]]:
    group = [arn("LogGroup", f"remote-mcp-dev-{function}-logs") + ":*"]
    return {"logs:CreateLogStream": group, "logs:PutLogEvents": group}


def auditing(function: str) -> dict[str, list[str]]:
    """Return the actions of a function that may only write its own log and the audit log."""
    own = logging(function)
    group = arn("LogGroup", "remote-mcp-dev-audit")
    return own | {"logs:PutLogEvents": [*own["logs:PutLogEvents"], f"{group}:log-stream:events"]}
