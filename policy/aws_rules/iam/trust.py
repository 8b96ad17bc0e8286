"""Who may assume a role."""

from collections.abc import Iterator

from aws_rules.iam.conditions import names_caller
from aws_rules.iam.document import TRUST, allowing
from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Settings


@Maker(name="iam-trust-names-its-principals", kinds=TRUST)
def trust(role: Resource, settings: Settings) -> Iterator[Finding]:
    """Trust policies name who may assume the role, without `*` and without `NotPrincipal`."""
    for statement in allowing(role, TRUST):
        if "NotPrincipal" in statement.not_:
            yield Finding(
                role,
                f"{statement.place}.NotPrincipal",
                "lets everybody but some assume the role",
                "name who may assume it in Principal",
            )
        everybody = [value for kind, value in statement.principals if value == "*" and kind in ("*", "AWS")]
        if everybody and not names_caller(statement):
            yield Finding(
                role,
                f"{statement.place}.Principal",
                "lets every AWS account assume the role",
                "name the account, role or service, or add a condition such as aws:PrincipalOrgID",
            )
