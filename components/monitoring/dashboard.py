"""The dashboard of a stack: charts, alarms and queries, each under the question that it answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.monitoring.metrics import PERIOD_SECONDS, Metric

FULL_WIDTH = 24
WIDGETS_PER_ROW = 3
WIDTH = FULL_WIDTH // WIDGETS_PER_ROW
HEIGHT = 6
HEADING_HEIGHT = 1


@dataclass(frozen=True, slots=True)
class Chart:
    """A line for each metric."""

    title: str
    metrics: Sequence[Metric]


@dataclass(frozen=True, slots=True)
class States:
    """The states of alarms, by their ARNs."""

    title: str
    arns: Sequence[pulumi.Input[str]]


@dataclass(frozen=True, slots=True)
class Query:
    """The result of a query of CloudWatch Logs Insights, as a table. It reads the log group whenever it is shown."""

    title: str
    log_group_name: pulumi.Input[str]
    text: str


Widget = Chart | States | Query


def dashboard_body(questions: Mapping[str, Sequence[Widget]], region: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return the body of a CloudWatch dashboard, with a heading for each question."""
    return pulumi.Output.json_dumps({"widgets": list(_place(questions, region))})


def _place(questions: Mapping[str, Sequence[Widget]], region: pulumi.Input[str]) -> Iterator[dict[str, Any]]:
    y = 0
    for question, widgets in questions.items():
        heading = {"type": "text", "properties": {"markdown": f"## {question}"}}
        yield {**heading, "x": 0, "y": y, "width": FULL_WIDTH, "height": HEADING_HEIGHT}
        y += HEADING_HEIGHT
        for index, widget in enumerate(widgets):
            row, column = divmod(index, WIDGETS_PER_ROW)
            place = {"x": column * WIDTH, "y": y + row * HEIGHT, "width": WIDTH, "height": HEIGHT}
            yield {**place, **_draw(widget, region)}
        y += -(-len(widgets) // WIDGETS_PER_ROW) * HEIGHT


def _draw(widget: Widget, region: pulumi.Input[str]) -> dict[str, Any]:
    match widget:
        case Chart(title, metrics):
            lines = [_line(metric) for metric in metrics]
            properties = {"title": title, "region": region, "period": PERIOD_SECONDS, "metrics": lines}
            return {"type": "metric", "properties": properties}
        case States(title, arns):
            return {"type": "alarm", "properties": {"title": title, "alarms": list(arns)}}
        case Query(title, log_group_name, text):
            query = pulumi.Output.format("SOURCE '{0}' | {1}", log_group_name, text)
            return {"type": "log", "properties": {"title": title, "region": region, "view": "table", "query": query}}


def _line(metric: Metric) -> list[Any]:
    dimensions = [part for dimension in metric.dimensions.items() for part in dimension]
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.statistic}]
