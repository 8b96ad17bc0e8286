"""The CloudWatch metrics that alarms and the dashboard of a stack show."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

PERIOD_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Metric:
    """One CloudWatch metric.

    ``statistic`` is a simple one, such as ``Sum``, ``Average``, ``Maximum`` or ``SampleCount``, or a percentile, such
    as ``p99``.
    """

    namespace: str
    name: str
    dimensions: Mapping[str, pulumi.Input[str]]
    statistic: str = "Sum"

    def by(self, statistic: str) -> "Metric":
        """Return the same metric with another statistic."""
        return dataclasses.replace(self, statistic=statistic)


@dataclass(frozen=True, slots=True)
class Formula:
    """Metric math: an expression over ``metrics``, which it names by their keys.

    In CloudWatch, a missing value counts as 0 beside a value of another metric. Where all values are missing, and after
    a division by 0, there is no result. All functions are in upper case.
    """

    expression: str
    metrics: Mapping[str, Metric]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A metric, and the values that CloudWatch expects of it (anomaly detection).

    ``deviations`` is how many standard deviations the metric may be away from what it usually is at this time of the
    day and of the week.
    """

    metric: Metric
    deviations: int


def function_metric(name: str, function_name: pulumi.Input[str], statistic: str = "Sum") -> Metric:
    """Return a metric of a Lambda function, over all its versions. Durations are in milliseconds."""
    return Metric("AWS/Lambda", name, {"FunctionName": function_name}, statistic)


def api_metric(name: str, api_name: pulumi.Input[str], stage_name: pulumi.Input[str], statistic: str = "Sum") -> Metric:
    """Return a metric of a stage of a REST API. Latencies are in milliseconds."""
    return Metric("AWS/ApiGateway", name, {"ApiName": api_name, "Stage": stage_name}, statistic)


def table_metric(name: str, table_name: pulumi.Input[str]) -> Metric:
    """Return a metric of a DynamoDB table."""
    return Metric("AWS/DynamoDB", name, {"TableName": table_name})


def logs_metric(name: str, log_group_name: pulumi.Input[str]) -> Metric:
    """Return a metric of a log group."""
    return Metric("AWS/Logs", name, {"LogGroupName": log_group_name})
