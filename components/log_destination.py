"""Where the logs of a stack may go besides CloudWatch Logs."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Self

from components.config_checks import problem
from components.location import Place

FIREHOSE, KINESIS, LAMBDA, LOGS = "firehose", "kinesis", "lambda", "logs"


class LogDestination(NamedTuple):
    """The parts of a destination's ARN. ``service`` is ``firehose``, ``kinesis``, ``lambda`` or ``logs``."""

    arn: str
    service: str
    region: str
    account_id: str

    @classmethod
    def parse(cls, arn: str) -> Self:
        """Return the parts of an ARN that the schema allows."""
        _, _, service, region, account_id, _ = arn.split(":", 5)
        return cls(arn, service, region, account_id)

    @property
    def function(self) -> tuple[str, str | None]:
        """The name and the qualifier of a Lambda function: its version or alias, if the ARN names one."""
        name, _, qualifier = self.arn.partition(":function:")[2].partition(":")
        return name, qualifier or None


def wrong_log_destination(values: Mapping[str, Any], place: Place) -> Iterator[str]:
    """Report a destination that CloudWatch Logs cannot deliver to."""
    arn = values["logDestinationArn"]
    if arn is None:
        return
    destination = LogDestination.parse(arn)
    if destination.region != place.region():
        allowed = f"a destination in {place.region()}: CloudWatch Logs delivers within its region only"
        yield problem("logDestinationArn", arn, allowed)
    if destination.service != LOGS and destination.account_id != place.account_id():
        allowed = (
            f"a stream or function in the account {place.account_id()} of the stack; for one in another account, "
            "create a destination of CloudWatch Logs there and give its ARN"
        )
        yield problem("logDestinationArn", arn, allowed)
