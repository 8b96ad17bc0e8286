"""APIs log who called them."""

from collections.abc import Iterator

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Settings


@Maker(
    name="api-access-log",
    kinds=["aws:apigateway/stage:Stage", "aws:apigatewayv2/stage:Stage"],
    controls=("APIGateway.9", "AwsSolutions-APIG1"),
)
def access_log(stage: Resource, settings: Settings) -> Iterator[Finding]:
    """Stages of APIs write an access log."""
    if stage.value("accessLogSettings", "destinationArn") is None:
        yield Finding(
            stage, "accessLogSettings.destinationArn", "is not set", "set it to the ARN of a log group or a stream"
        )
