"""Tables are not deleted by mistake."""

from collections.abc import Iterator

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Level, Maker, Settings


@Maker(
    name="dynamodb-deletion-protection",
    kinds=["aws:dynamodb/table:Table"],
    level=Level.ADVISORY,
    controls=("DynamoDB.6",),
)
def table_deletion(table: Resource, settings: Settings) -> Iterator[Finding]:
    """Tables refuse to be deleted."""
    if table.is_off("deletionProtectionEnabled"):
        yield Finding(table, "deletionProtectionEnabled", "is not true", "set it to true")
