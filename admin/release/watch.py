"""Watching a release: alarms, and the errors of the new versions."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from runtime.deployment import LIVE

RINGING = "ALARM"
# CloudWatch keeps the metrics of Lambda for each minute.
PERIOD_SECONDS = 60


class UnknownAlarm(Exception):
    """There is no alarm with this name, so nothing would end a release that fails."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A version of a function that gets requests."""

    label: str
    function: str
    version: str


class Watch:
    """Finds out why a release should end. ``cloudwatch`` is a client, whose errors pass unchanged."""

    def __init__(self, cloudwatch: Any, alarms: Sequence[str], ignored: Collection[str] = ()) -> None:
        self._cloudwatch = cloudwatch
        self._alarms = [alarm for alarm in alarms if alarm not in ignored]

    def find_ringing(self) -> list[str]:
        """Return the names of the alarms that ring, without those to ignore. Raise ``UnknownAlarm``."""
        if not self._alarms:
            return []
        pages = self._cloudwatch.get_paginator("describe_alarms").paginate(
            AlarmNames=self._alarms, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        found = [alarm for page in pages for alarm in (*page["MetricAlarms"], *page.get("CompositeAlarms", []))]
        missing = sorted(set(self._alarms) - {alarm["AlarmName"] for alarm in found})
        if missing:
            raise UnknownAlarm(", ".join(missing))
        return sorted(alarm["AlarmName"] for alarm in found if alarm["StateValue"] == RINGING)

    def find_trouble(self, versions: Sequence[Watched], since: float, now: float) -> Iterator[str]:
        """Return sentences about what is wrong since ``since``, in seconds since the epoch; none if all is well."""
        for alarm in self.find_ringing():
            yield f"the alarm {alarm} rings"
        # With all requests on one version, only the alarms count: Lambda has no other metrics of a version then.
        for watched, errors in zip(versions, self._count_errors(versions, since, now), strict=True):
            if errors:
                yield f"version {watched.version} of {watched.label} failed {errors:g} times"

    def _count_errors(self, versions: Sequence[Watched], since: float, now: float) -> list[float]:
        """Return how often each version failed. Lambda reports it with a delay of a minute or two."""
        if not versions:
            return []
        queries = [
            {"Id": f"errors{index}", "MetricStat": {"Metric": _errors(each), "Period": PERIOD_SECONDS, "Stat": "Sum"}}
            for index, each in enumerate(versions)
        ]
        start = since - since % PERIOD_SECONDS
        pages = self._cloudwatch.get_paginator("get_metric_data").paginate(
            MetricDataQueries=queries, StartTime=_moment(start), EndTime=_moment(now + PERIOD_SECONDS)
        )
        counts = dict.fromkeys((query["Id"] for query in queries), 0.0)
        for page in pages:
            for result in page["MetricDataResults"]:
                counts[result["Id"]] += sum(result["Values"])
        return list(counts.values())


def _errors(watched: Watched) -> dict[str, Any]:
    """Return the metric that counts the errors of one of the versions between which an alias shares requests."""
    dimensions = {
        "FunctionName": watched.function,
        "Resource": f"{watched.function}:{LIVE}",
        "ExecutedVersion": watched.version,
    }
    return {
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
    }


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
