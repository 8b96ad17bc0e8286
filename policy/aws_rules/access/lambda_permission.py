"""Who may invoke a function."""

from collections.abc import Iterator

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Settings


@Maker(
    name="lambda-permission-names-the-source",
    kinds=["aws:lambda/permission:Permission"],
    controls=("Lambda.1",),
)
def lambda_permission(permission: Resource, settings: Settings) -> Iterator[Finding]:
    """Permissions to invoke a function say for which account or resource a service may do so, and admit nobody else."""
    principal = permission.value("principal")
    narrowed = {key for key in ("sourceArn", "sourceAccount", "eventSourceToken") if permission.value(key) is not None}
    if principal == "*" and permission.value("principalOrgId") is None and not narrowed:
        yield Finding(
            permission, "principal", "lets everybody invoke the function", "name a service, an account or a role"
        )
    elif principal == "s3.amazonaws.com" and "sourceAccount" not in narrowed:
        # Lambda.1: the ARN of a bucket has no account, and whoever makes a deleted bucket again has its name.
        yield Finding(
            permission, "sourceAccount", "is not set for a bucket", "set it to the account that owns the bucket"
        )
    elif isinstance(principal, str) and principal.endswith((".amazonaws.com", ".amazonaws.com.cn")) and not narrowed:
        yield Finding(
            permission,
            "sourceArn",
            f"is not set, so {principal} may invoke the function for any account",
            "set it to the ARN of the API, rule, topic or bucket",
        )
