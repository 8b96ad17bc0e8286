"""No wildcard in the actions that a policy allows."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from aws_rules.iam.document import IDENTITY, RESOURCE, Statement, allowing
from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Setting, Settings

ALLOWED = Setting(
    {"type": "array", "items": {"type": "string"}},
    [],
    "actions with a wildcard that are allowed, as policies write them, such as `s3:Get*`",
)


@Maker(
    name="iam-no-wildcard-action",
    kinds=IDENTITY.keys() | RESOURCE.keys(),
    controls=("IAM.1", "IAM.21", "AwsSolutions-IAM5"),
    settings={"allowedActions": ALLOWED},
)
def wildcard_action(resource: Resource, settings: Settings) -> Iterator[Finding]:
    """Policies allow actions by their names, without `*` and without `NotAction`."""
    for statement in allowing(resource, IDENTITY | RESOURCE):
        if "NotAction" in statement.not_:
            yield Finding(
                resource,
                f"{statement.place}.NotAction",
                "allows every action but some, so also those that AWS adds tomorrow",
                "list the actions that are needed in Action",
                "NotAction",
            )
        for action in statement.actions:
            if "*" not in action or action in settings["allowedActions"] or _administers(statement, action):
                continue
            yield Finding(
                resource,
                f"{statement.place}.Action",
                f"allows {action!r}",
                "list the actions that are needed, or add this one to the setting allowedActions",
                action,
            )


def _administers(statement: Statement, action: str) -> bool:
    """Return whether this is what AWS writes into the policy of a new key: IAM of the account decides."""
    roots = [value for kind, value in statement.principals if kind == "AWS" and fnmatchcase(value, "arn:*:root")]
    return action == "kms:*" and len(roots) == len(statement.principals) > 0
