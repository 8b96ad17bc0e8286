"""The CloudWatch metrics for the alarms and the dashboard of a stack."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

PERIOD_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Metric:
    """One CloudWatch metric, over ``PERIOD_SECONDS``. ``statistic`` is ``Sum`` or a percentile such as ``p99``."""

    namespace: str
    name: str
    dimensions: Mapping[str, pulumi.Input[str]]
    statistic: str = "Sum"


def function_metric(name: str, function_name: pulumi.Input[str], statistic: str = "Sum") -> Metric:
    """Return a metric of a Lambda function, over all its versions. Durations are in milliseconds."""
    return Metric("AWS/Lambda", name, {"FunctionName": function_name}, statistic)


def api_metric(name: str, api_name: pulumi.Input[str], stage_name: pulumi.Input[str], statistic: str = "Sum") -> Metric:
    """Return a metric of a stage of a REST API. Latencies are in milliseconds."""
    return Metric("AWS/ApiGateway", name, {"ApiName": api_name, "Stage": stage_name}, statistic)


def table_metric(name: str, table_name: pulumi.Input[str]) -> Metric:
    """Return a metric of a DynamoDB table."""
    return Metric("AWS/DynamoDB", name, {"TableName": table_name})
