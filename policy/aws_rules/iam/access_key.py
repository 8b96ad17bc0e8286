"""No long-lived credentials."""

from collections.abc import Iterator

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Level, Maker, Settings


@Maker(
    name="iam-no-access-key",
    kinds=["aws:iam/accessKey:AccessKey"],
    level=Level.ADVISORY,
    controls=("IAM.3",),
)
def access_key(key: Resource, settings: Settings) -> Iterator[Finding]:
    """No program makes access keys of users: they do not expire, and the secret is in the state."""
    yield Finding(
        key, "secret", "is a credential without an end", "let the user's program assume a role, for example with OIDC"
    )
