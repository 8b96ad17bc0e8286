"""No wildcard for the resources that a policy allows to reach."""

import re
from collections.abc import Iterator

from aws_rules.iam.document import IDENTITY, Statement, allowing
from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Setting, Settings

# Service Authorization Reference: these have no resource to name.
WITHOUT_RESOURCE = [
    "cloudwatch:GetMetricData",
    "cloudwatch:ListMetrics",
    "cloudwatch:PutMetricData",
    "ec2:DescribeNetworkInterfaces",
    "ecr:GetAuthorizationToken",
    "s3:ListAllMyBuckets",
    "sts:GetCallerIdentity",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
]
ALLOWED = Setting(
    {"type": "array", "items": {"type": "string"}},
    WITHOUT_RESOURCE,
    "actions that may have `*` as their resource, because AWS has no resource to name for them",
)
# Everything of a service: arn:aws:s3:::*, arn:aws:logs:*:*:*
EVERYTHING = re.compile(r"\*|arn:[^:]*:[^:]*:\*?:\*?:\*")
NARROWING = re.compile(
    r"[a-z0-9-]+:(resourcetag/.*|requesttag/.*|resourceaccount|resourceorgid)|cloudwatch:namespace|ecs:cluster"
)


@Maker(
    name="iam-no-wildcard-resource",
    kinds=IDENTITY,
    controls=("KMS.1", "KMS.2", "AwsSolutions-IAM5"),
    settings={"allowedActions": ALLOWED},
)
def wildcard_resource(resource: Resource, settings: Settings) -> Iterator[Finding]:
    """Policies allow actions on resources that they name, not on `*` and without `NotResource`."""
    for statement in allowing(resource, IDENTITY):
        if _is_narrowed(statement):
            continue
        actions = [action for action in statement.actions if action not in settings["allowedActions"]]
        wide = [each for each in statement.resources if EVERYTHING.fullmatch(each)]
        member = "Resource" if wide else "NotResource" if "NotResource" in statement.not_ else ""
        for action in actions if member else ():
            yield Finding(
                resource,
                f"{statement.place}.{member}",
                f"allows {action!r} on {wide[0]!r}" if wide else f"allows {action!r} on every resource but some",
                "name the resources, or add the action to the setting allowedActions if AWS has none to name for it",
                action,
            )


def _is_narrowed(statement: Statement) -> bool:
    """Return whether a condition on tags, the account or the like chooses among all resources."""
    return any(NARROWING.fullmatch(key) and "*" not in values for key, values in statement.conditions.items())
