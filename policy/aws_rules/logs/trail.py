"""Trails can be trusted."""

from collections.abc import Iterator

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Settings


@Maker(name="cloudtrail-validated", kinds=["aws:cloudtrail/trail:Trail"], controls=("CloudTrail.4",))
def trail_validation(trail: Resource, settings: Settings) -> Iterator[Finding]:
    """Trails sign their files, so that a change of them is noticed."""
    if trail.is_off("enableLogFileValidation"):
        yield Finding(trail, "enableLogFileValidation", "is not true", "set it to true")
