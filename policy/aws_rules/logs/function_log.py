"""Functions write into log groups that somebody declared."""

from collections.abc import Iterator, Sequence

from aws_rules.resource import UNKNOWN, Resource, of_kind
from aws_rules.rule import Finding, Maker, Settings

FUNCTION = "aws:lambda/function:Function"
GROUP = "aws:cloudwatch/logGroup:LogGroup"


@Maker(name="lambda-log-group-declared", kinds=[FUNCTION]).of_stack
def function_log(resources: Sequence[Resource], settings: Settings) -> Iterator[Finding]:
    """Functions write into a declared log group, since the one that Lambda makes is kept for ever."""
    groups = list(of_kind(resources, GROUP))
    for function in of_kind(resources, FUNCTION):
        # A group that is named may be one of another stack.
        chosen = function.value("loggingConfig", "logGroup") is not None
        if not chosen and not any(_is_default(group, function) for group in groups):
            yield Finding(
                function,
                "loggingConfig.logGroup",
                "is not set, and no log group in this stack has the name /aws/lambda/ and that of the function",
                "declare a log group with a retention, and name it here",
            )


def _is_default(group: Resource, function: Resource) -> bool:
    """Return whether a group is the one that Lambda writes into, or may be it once the names are known."""
    name, own = group.value("name"), function.value("name")
    if isinstance(name, str):
        return name == f"/aws/lambda/{own}" or (own in (None, UNKNOWN) and name.startswith("/aws/lambda/"))
    return name is UNKNOWN and (not group.references.get("name") or function.urn in group.references["name"])
