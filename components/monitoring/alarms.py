"""What an alarm is, and its declaration in CloudWatch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.monitoring.metrics import PERIOD_SECONDS, Band, Formula, Metric

ABOVE: Final = "GreaterThanThreshold"
AT_LEAST: Final = "GreaterThanOrEqualToThreshold"
ABOVE_BAND: Final = "GreaterThanUpperThreshold"
# Each alarm has a section on this page.
RUNBOOK: Final = "docs/runbook.md"
RESULT: Final = "result"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm that rings when what it watches passes ``threshold``, as ``comparison`` says.

    It must do so in each of the last ``periods`` periods of ``period`` seconds. ``section`` is its anchor in the
    runbook. An alarm that does not tell shows its state, but sends nothing. The threshold of a ``Band`` is the band.
    """

    name: str
    section: str
    description: str
    watched: Metric | Formula | Band
    threshold: float = 1
    comparison: str = AT_LEAST
    period: int = PERIOD_SECONDS
    periods: int = 1
    tells: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """An alarm that rings while all alarms in one of the groups of ``any_of`` ring. It names them by their names."""

    name: str
    section: str
    description: str
    any_of: Sequence[Sequence[str]]
    tells: bool = True


class AlarmBoard:
    """Declares the alarms of a stack. ``names`` and ``arns`` are those of the declared alarms, by ``Alarm.name``."""

    def __init__(
        self, name: str, topic_arn: pulumi.Input[str], tags: Mapping[str, str], opts: pulumi.ResourceOptions
    ) -> None:
        self.names: dict[str, pulumi.Output[str]] = {}
        self.arns: dict[str, pulumi.Output[str]] = {}
        self._name = name
        self._topic_arn = topic_arn
        self._tags = tags
        self._opts = opts

    def declare(self, alarm: Alarm | Composite) -> None:
        """Declare an alarm. Those that a composite alarm names must be declared before."""
        declared = self._declare_composite(alarm) if isinstance(alarm, Composite) else self._declare_metric_alarm(alarm)
        self.arns[alarm.name] = declared.arn

    def _declare_metric_alarm(self, alarm: Alarm) -> aws.cloudwatch.MetricAlarm:
        declared = aws.cloudwatch.MetricAlarm(
            f"{self._name}-{alarm.name}",
            aws.cloudwatch.MetricAlarmArgs(
                alarm_description=_describe(alarm),
                evaluation_periods=alarm.periods,
                comparison_operator=alarm.comparison,
                # Nobody calls: that is no failure.
                treat_missing_data="notBreaching",
                alarm_actions=self._actions(alarm),
                tags=self._tags,
                **_watch(alarm),
            ),
            self._opts,
        )
        self.names[alarm.name] = declared.name
        return declared

    def _declare_composite(self, alarm: Composite) -> aws.cloudwatch.CompositeAlarm:
        names = pulumi.Output.all(**{name: self.names[name] for group in alarm.any_of for name in group})
        declared = aws.cloudwatch.CompositeAlarm(
            f"{self._name}-{alarm.name}",
            alarm_name=f"{self._name}-{alarm.name}",
            alarm_description=_describe(alarm),
            alarm_rule=names.apply(lambda names: _rule(alarm, names)),
            alarm_actions=self._actions(alarm),
            tags=self._tags,
            opts=self._opts,
        )
        self.names[alarm.name] = declared.alarm_name
        return declared

    def _actions(self, alarm: Alarm | Composite) -> list[pulumi.Input[str]] | None:
        return [self._topic_arn] if alarm.tells else None


def _describe(alarm: Alarm | Composite) -> str:
    return f"{alarm.description} What to do: {RUNBOOK}#{alarm.section}"


def _rule(alarm: Composite, names: Mapping[str, str]) -> str:
    """Return the rule of a composite alarm."""
    groups = (" AND ".join(f'ALARM("{names[name]}")' for name in group) for group in alarm.any_of)
    return " OR ".join(f"({group})" for group in groups)


def _watch(alarm: Alarm) -> dict[str, Any]:
    """Return the arguments of an alarm that say what it watches."""
    watched = alarm.watched
    if isinstance(watched, Band):
        band = aws.cloudwatch.MetricAlarmMetricQueryArgs(
            id=RESULT,
            expression=f"ANOMALY_DETECTION_BAND(watched, {watched.deviations})",
            label="expected",
            return_data=True,
        )
        return {
            "metric_queries": [_query("watched", watched.metric, alarm.period, returned=True), band],
            "threshold_metric_id": RESULT,
        }
    if isinstance(watched, Formula):
        result = aws.cloudwatch.MetricAlarmMetricQueryArgs(
            id=RESULT, expression=watched.expression, label=watched.label or None, return_data=True
        )
        queries = [_query(name, metric, alarm.period, returned=False) for name, metric in watched.metrics.items()]
        return {"metric_queries": [*queries, result], "threshold": alarm.threshold}
    percentile = watched.statistic.startswith("p")
    return {
        "namespace": watched.namespace,
        "metric_name": watched.name,
        "dimensions": watched.dimensions,
        "statistic": None if percentile else watched.statistic,
        "extended_statistic": watched.statistic if percentile else None,
        "period": alarm.period,
        "threshold": alarm.threshold,
    }


def _query(name: str, metric: Metric, period: int, *, returned: bool) -> aws.cloudwatch.MetricAlarmMetricQueryArgs:
    return aws.cloudwatch.MetricAlarmMetricQueryArgs(
        id=name,
        metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=metric.dimensions,
            stat=metric.statistic,
            period=period,
        ),
        return_data=returned,
    )
