"""Tables can be restored."""

from collections.abc import Iterator

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Level, Maker, Settings


@Maker(
    name="dynamodb-point-in-time-recovery",
    kinds=["aws:dynamodb/table:Table"],
    level=Level.ADVISORY,
    controls=("DynamoDB.2", "AwsSolutions-DDB3"),
)
def table_recovery(table: Resource, settings: Settings) -> Iterator[Finding]:
    """Tables can be restored to any second of the last 35 days."""
    if table.is_off("pointInTimeRecovery", "enabled"):
        yield Finding(table, "pointInTimeRecovery.enabled", "is not true", "set it to true")
