"""How long a log is kept."""

from collections.abc import Iterator

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Setting, Settings

MINIMUM = Setting({"type": "integer", "minimum": 1}, 7, "the fewest days that a log is kept")
FOREVER = Setting({"type": "boolean"}, False, "whether a log may be kept for ever")


@Maker(
    name="log-group-retention",
    kinds=["aws:cloudwatch/logGroup:LogGroup"],
    controls=("CloudWatch.16",),
    settings={"minimumDays": MINIMUM, "allowForever": FOREVER},
)
def retention(group: Resource, settings: Settings) -> Iterator[Finding]:
    """Log groups say how long they keep their lines, and that is long enough."""
    days = group.value("retentionInDays")
    # The engine sends every number as one with a fraction.
    minimum = int(settings["minimumDays"])
    if days in (None, 0):
        if not settings["allowForever"]:
            yield Finding(
                group,
                "retentionInDays",
                "is not set, so its lines are kept, and billed, for ever",
                f"set it to {minimum} or more",
            )
    elif isinstance(days, int | float) and days < minimum:
        yield Finding(group, "retentionInDays", f"is {days:.0f}", f"set it to {minimum} or more")
