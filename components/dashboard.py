"""The dashboard of a stack: traffic, latency, failures and capacity on one page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pulumi

from components.metrics import PERIOD_SECONDS, Metric

WIDGETS_PER_ROW = 3
WIDTH = 8
HEIGHT = 6


def dashboard_body(charts: Mapping[str, Sequence[Metric]], region: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return the body of a CloudWatch dashboard with one line chart per title in ``charts``."""
    return pulumi.Output.json_dumps({"widgets": list(_widgets(charts, region))})


def _widgets(charts: Mapping[str, Sequence[Metric]], region: pulumi.Input[str]) -> Iterator[dict[str, Any]]:
    for index, (title, metrics) in enumerate(charts.items()):
        row, column = divmod(index, WIDGETS_PER_ROW)
        yield {
            "type": "metric",
            "x": column * WIDTH,
            "y": row * HEIGHT,
            "width": WIDTH,
            "height": HEIGHT,
            "properties": {
                "title": title,
                "region": region,
                "period": PERIOD_SECONDS,
                "metrics": [_line(metric) for metric in metrics],
            },
        }


def _line(metric: Metric) -> list[Any]:
    dimensions = [part for dimension in metric.dimensions.items() for part in dimension]
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.statistic}]
