"""Metrics that CloudWatch Logs makes of log lines: nothing on the path of a request counts anything."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.monitoring.metrics import Metric

NAMESPACE = "RemoteMcp"


@dataclass(frozen=True, slots=True)
class Counters:
    """Declares metric filters. The names of their metrics start with ``name``, which is another in each stack."""

    name: str
    opts: pulumi.ResourceOptions

    def count(
        self, key: str, pattern: str, log_groups: Mapping[str, pulumi.Input[str]], default: int | None = None
    ) -> Metric:
        """Declare a metric that counts the lines of log groups that match a pattern.

        ``default`` is its value in a minute with other lines only; without one, there is no value, which costs nothing.
        """
        metric = self._metric(key)
        for suffix, log_group_name in log_groups.items():
            self._declare_filter(f"{metric.name}-{suffix}", metric, pattern, log_group_name, "1", default)
        return metric

    def count_share(self, key: str, bad: str, good: str, log_group_name: pulumi.Input[str]) -> Metric:
        """Declare a metric that is 1 for each line that matches ``bad``, and 0 for each that matches ``good``.

        So its sum is the number of bad lines, its sample count that of all lines, and its average the share of the bad
        ones: one metric instead of two, which would cost twice as much. No line may match both patterns.
        """
        metric = self._metric(key)
        self._declare_filter(f"{metric.name}-bad", metric, bad, log_group_name, "1")
        self._declare_filter(f"{metric.name}-good", metric, good, log_group_name, "0")
        return metric

    def _metric(self, key: str) -> Metric:
        return Metric(NAMESPACE, f"{self.name}-{key}", {})

    def _declare_filter(
        self,
        name: str,
        metric: Metric,
        pattern: str,
        log_group_name: pulumi.Input[str],
        value: str,
        default: int | None = None,
    ) -> None:
        aws.cloudwatch.LogMetricFilter(
            name,
            log_group_name=log_group_name,
            pattern=pattern,
            metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                namespace=metric.namespace,
                name=metric.name,
                value=value,
                default_value=None if default is None else str(default),
                unit="Count",
            ),
            opts=self.opts,
        )
