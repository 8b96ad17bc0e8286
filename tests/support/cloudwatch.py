"""CloudWatch as the declared metric filters and alarms need it: lines become metrics, and metrics ring alarms.

The emulator evaluates neither metric filters nor metric math nor missing data.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.infra.recorder import Declaration, Stack
from tests.support.filter_pattern import matches
from tests.support.metric_math import Value, evaluate

COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanUpperThreshold": lambda value, threshold: value > threshold,
}
BAND = re.compile(r"ANOMALY_DETECTION_BAND\((\w+), \d+\)")


class Sample(NamedTuple):
    """A value of a metric, and how many seconds ago it was."""

    value: float
    age: float


# Namespace, name and dimensions of a metric.
Key = tuple[str, str, frozenset[tuple[str, str]]]


@dataclass
class CloudWatch:
    """The metrics and alarms of a declared stack. ``usual`` is the upper end of every anomaly detection band."""

    stack: Stack
    usual: float = 0.0
    samples: dict[Key, list[Sample]] = field(default_factory=lambda: defaultdict(list))

    def write(self, log_group_name: str, line: Mapping[str, Any], *, age: float = 0, times: int = 1) -> None:
        """Take a log line that was written ``age`` seconds ago."""
        # What no filter can see is what JSON does not carry.
        carried = json.loads(json.dumps(line))
        for each in self.stack.all("cloudwatch/logMetricFilter:LogMetricFilter"):
            if each.inputs["logGroupName"] == log_group_name and matches(each.inputs["pattern"], carried):
                made = each.inputs["metricTransformation"]
                counted = {"namespace": made["namespace"], "metricName": made["name"]}
                self.put(counted, float(made["value"]), age=age, times=times)

    def put(self, metric: Mapping[str, Any], value: float, *, age: float = 0, times: int = 1) -> None:
        """Take a value of a metric, given by its namespace, name and dimensions as in the inputs of an alarm."""
        self.samples[_key(metric)] += [Sample(value, age)] * times

    def ringing(self, *, later: float = 0) -> set[str]:
        """Return the names of the alarms that ring ``later`` seconds from now."""
        prefix = self.stack.one("cloudwatch/dashboard:Dashboard").inputs["dashboardName"]
        ringing = {
            each.name
            for each in self.stack.all("cloudwatch/metricAlarm:MetricAlarm")
            if self._breaches(each.inputs, later)
        }
        # In the order of their declaration, so that a rule may name another composite alarm.
        pending = list(self.stack.all("cloudwatch/compositeAlarm:CompositeAlarm"))
        while pending:
            ready = [each for each in pending if not {other.name for other in pending if other != each} & named(each)]
            ringing |= {each.name for each in ready if _holds(each.inputs["alarmRule"], ringing)}
            pending = [each for each in pending if each not in ready]
        return {name.removeprefix(f"{prefix}-") for name in ringing}

    def _breaches(self, inputs: Mapping[str, Any], later: float) -> bool:
        """Return whether each of the last periods breaches. A missing value does not (notBreaching)."""
        assert inputs["treatMissingData"] == "notBreaching"
        compare = COMPARISONS[inputs["comparisonOperator"]]
        threshold = self.usual if "thresholdMetricId" in inputs else inputs["threshold"]
        values = [self._value(inputs, period, later) for period in range(int(inputs["evaluationPeriods"]))]
        return all(value is not None and compare(value, threshold) for value in values)

    def _value(self, inputs: Mapping[str, Any], period: int, later: float) -> Value:
        if "metricQueries" not in inputs:
            statistic = inputs.get("statistic") or inputs["extendedStatistic"]
            return self._statistic(inputs, statistic, period, later)
        metrics = {query["id"]: query["metric"] for query in inputs["metricQueries"] if "metric" in query}
        values = {key: self._statistic(metric, metric["stat"], period, later) for key, metric in metrics.items()}
        [result] = [query for query in inputs["metricQueries"] if "expression" in query]
        if band := BAND.fullmatch(result["expression"]):
            return values[band[1]]
        return evaluate(result["expression"], values)

    def _statistic(self, metric: Mapping[str, Any], statistic: str, period: int, later: float) -> Value:
        seconds = metric["period"]
        values = sorted(
            sample.value
            for sample in self.samples[_key(metric)]
            if period * seconds <= sample.age + later < (period + 1) * seconds
        )
        if not values:
            return None
        match statistic:
            case "Sum":
                return sum(values)
            case "SampleCount":
                return float(len(values))
            case "Average":
                return sum(values) / len(values)
            case "Maximum":
                return values[-1]
            case "p99":
                return values[min(len(values) - 1, int(0.99 * len(values)))]
        raise ValueError(statistic)


def _key(metric: Mapping[str, Any]) -> Key:
    return metric["namespace"], metric["metricName"], frozenset(metric.get("dimensions", {}).items())


def named(composite: Declaration) -> set[str]:
    """Return the names of the alarms that a composite alarm names."""
    return set(re.findall(r'ALARM\("([^"]+)"\)', composite.inputs["alarmRule"]))


def _holds(rule: str, ringing: set[str]) -> bool:
    return any(all(name in ringing for name in group) for group in groups(rule))


def groups(rule: str) -> Iterator[list[str]]:
    """Return the groups of alarms, one of which must ring. Raise ``ValueError`` for another form of rule."""
    for group in rule.split(" OR "):
        if not re.fullmatch(r'\(ALARM\("[^"]+"\)( AND ALARM\("[^"]+"\))*\)', group):
            raise ValueError(group)
        yield re.findall(r'ALARM\("([^"]+)"\)', group)
