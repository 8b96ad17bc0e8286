"""Topics are encrypted."""

from collections.abc import Iterator

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Level, Maker, Settings


@Maker(
    name="sns-topic-encrypted",
    kinds=["aws:sns/topic:Topic"],
    level=Level.ADVISORY,
    controls=("SNS.1", "AwsSolutions-SNS2"),
)
def topic(topic: Resource, settings: Settings) -> Iterator[Finding]:
    """Topics are encrypted, which SNS does only with a KMS key."""
    if topic.value("kmsMasterKeyId") is None:
        yield Finding(
            topic,
            "kmsMasterKeyId",
            "is not set",
            "set it to a KMS key; if alarms publish to the topic, one of your own that CloudWatch may use",
        )
