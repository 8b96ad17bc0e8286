"""Watching a release: alarms, and the errors of the new versions."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from runtime.deployment import LIVE

RINGING = "ALARM"
# CloudWatch keeps the metrics of Lambda for each minute.
PERIOD_SECONDS = 60
METRICS = ("Errors", "Invocations")


class UnknownAlarm(Exception):
    """There is no alarm with this name, so nothing would end a release that fails."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A version of a function that gets requests."""

    label: str
    function: str
    version: str


class Watch:
    """Finds out why a release should end. ``cloudwatch`` is a client, whose errors pass unchanged.

    ``tolerated`` is how many percent of the requests of a new version may fail.
    """

    def __init__(
        self, cloudwatch: Any, alarms: Sequence[str], ignored: Collection[str] = (), tolerated: float = 0
    ) -> None:
        self._cloudwatch = cloudwatch
        self._alarms = [alarm for alarm in alarms if alarm not in ignored]
        self._tolerated = tolerated

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
        """Return sentences about what is wrong since ``since``, in seconds since the epoch; none if all is well.

        While an alias shares requests between two versions, Lambda counts them for each. With all requests on one
        version, only the alarms tell.
        """
        for alarm in self.find_ringing():
            yield f"the alarm {alarm} rings"
        for watched, (failed, served) in zip(versions, self._count(versions, since, now), strict=True):
            if failed and failed * 100 > self._tolerated * served:
                yield f"version {watched.version} of {watched.label} failed {failed:g} of {served:g} requests"

    def _count(self, versions: Sequence[Watched], since: float, now: float) -> Iterator[tuple[float, float]]:
        """Return how many requests of each version failed, and how many it had.

        Lambda reports them with a delay of a minute or two.
        """
        queries = [
            {"Id": f"{metric.lower()}{index}", "MetricStat": _statistic(metric, watched)}
            for index, watched in enumerate(versions)
            for metric in METRICS
        ]
        pages = self._cloudwatch.get_paginator("get_metric_data").paginate(
            MetricDataQueries=queries,
            StartTime=_moment(since - since % PERIOD_SECONDS),
            EndTime=_moment(now + PERIOD_SECONDS),
        )
        counts = [0.0] * len(queries)
        places = {query["Id"]: place for place, query in enumerate(queries)}
        for page in pages:
            for result in page["MetricDataResults"]:
                counts[places[result["Id"]]] += sum(result["Values"])
        return zip(counts[::2], counts[1::2], strict=True)


def _statistic(metric: str, watched: Watched) -> dict[str, Any]:
    """Return the sum of a metric for one of the versions between which an alias shares requests."""
    dimensions = {
        "FunctionName": watched.function,
        "Resource": f"{watched.function}:{LIVE}",
        "ExecutedVersion": watched.version,
    }
    return {
        "Metric": {
            "Namespace": "AWS/Lambda",
            "MetricName": metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
        },
        "Period": PERIOD_SECONDS,
        "Stat": "Sum",
    }


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
