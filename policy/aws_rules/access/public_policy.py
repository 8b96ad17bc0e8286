"""No resource policy for everybody."""

from collections.abc import Iterator

from aws_rules.iam.conditions import is_not_public
from aws_rules.iam.document import RESOURCE, allowing
from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Settings


@Maker(
    name="resource-policy-not-public",
    kinds=RESOURCE,
    controls=("KMS.5", "S3.2", "S3.3", "SNS.4", "SQS.3"),
)
def public_policy(resource: Resource, settings: Settings) -> Iterator[Finding]:
    """Policies of resources name who may use them: no `*` without a condition on the caller, no `NotPrincipal`."""
    for statement in allowing(resource, RESOURCE):
        if "NotPrincipal" in statement.not_:
            yield Finding(
                resource,
                f"{statement.place}.NotPrincipal",
                "admits everybody but some",
                "name who may use it in Principal",
            )
        everybody = any(value == "*" and kind in ("*", "AWS") for kind, value in statement.principals)
        if everybody and not is_not_public(statement):
            yield Finding(
                resource,
                f"{statement.place}.Principal",
                "admits everybody",
                "name accounts, roles or services, or add a condition such as aws:PrincipalOrgID or aws:SourceAccount",
            )
