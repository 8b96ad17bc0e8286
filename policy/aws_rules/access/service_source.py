"""On whose behalf a service may use a resource."""

from collections.abc import Iterator

from aws_rules.iam.conditions import names_source
from aws_rules.iam.document import RESOURCE, allowing
from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Settings


@Maker(name="resource-policy-names-the-source", kinds=RESOURCE)
def service_source(resource: Resource, settings: Settings) -> Iterator[Finding]:
    """Policies that admit a service say for which account or resource: it also works for everybody else's."""
    for statement in allowing(resource, RESOURCE):
        services = [value for kind, value in statement.principals if kind == "Service"]
        if services and not names_source(statement):
            yield Finding(
                resource,
                f"{statement.place}.Condition",
                f"lets {services[0]} act for any account",
                "add a condition on aws:SourceArn or aws:SourceAccount",
                services[0],
            )
