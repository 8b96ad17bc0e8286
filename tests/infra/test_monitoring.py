"""Tests of the alarms of every stack, their metrics, and the dashboard."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from admin.cost import fixed
from tests.infra.recorder import PROJECT, REGION, Stack, arn

FUNCTIONS = {
    "authorizer": "remote-mcp-dev-authorizer",
    "mcp": "remote-mcp-dev-mcp",
    "oauth": "remote-mcp-dev-oauth",
    "login": "remote-mcp-dev-login",
    "rotation": "remote-mcp-dev-rotation",
    "worker": "remote-mcp-dev-worker",
}
TOPIC = arn("Topic", "remote-mcp-dev-monitoring-alarms")


def alarm(stack: Stack, name: str) -> dict[str, Any]:
    return dict(stack.one("cloudwatch/metricAlarm:MetricAlarm", f"monitoring-{name}").inputs)


def test_every_alarm_rings_at_the_topic_and_ends_in_silence(stack: Stack) -> None:
    alarms = list(stack.all("cloudwatch/metricAlarm:MetricAlarm"))
    assert len(alarms) == 3 * len(FUNCTIONS) + 6
    for each in alarms:
        assert each.inputs["alarmActions"] == [TOPIC], each.name
        assert "okActions" not in each.inputs, each.name


@pytest.mark.parametrize("name", ["stack", "custom_stack"])
def test_no_alarm_rings_for_want_of_traffic(name: str, request: pytest.FixtureRequest) -> None:
    for each in request.getfixturevalue(name).all("cloudwatch/metricAlarm:MetricAlarm"):
        assert each.inputs["treatMissingData"] == "notBreaching", each.name


@pytest.mark.parametrize(("key", "function"), FUNCTIONS.items())
@pytest.mark.parametrize(("kind", "metric"), [("errors", "Errors"), ("throttles", "Throttles")])
def test_one_error_or_throttle_of_a_function_rings(
    stack: Stack, key: str, function: str, kind: str, metric: str
) -> None:
    inputs = alarm(stack, f"{key}-{kind}")
    assert (inputs["namespace"], inputs["metricName"]) == ("AWS/Lambda", metric)
    assert inputs["dimensions"] == {"FunctionName": function}
    assert (inputs["statistic"], inputs["threshold"]) == ("Sum", 1)
    assert inputs["comparisonOperator"] == "GreaterThanOrEqualToThreshold"


@pytest.mark.parametrize("key", ["authorizer", "mcp", "oauth", "login"])
def test_a_function_that_stays_slow_rings(stack: Stack, key: str) -> None:
    """Among a few calls, the 99th percentile is the slowest one, so one slow call must not be enough."""
    inputs = alarm(stack, f"{key}-duration")
    assert (inputs["metricName"], inputs["dimensions"]) == ("Duration", {"FunctionName": FUNCTIONS[key]})
    assert (inputs["extendedStatistic"], inputs["threshold"]) == ("p99", 10_000)
    assert "statistic" not in inputs
    assert (inputs["comparisonOperator"], inputs["evaluationPeriods"]) == ("GreaterThanThreshold", 3)


@pytest.mark.parametrize(("key", "nearly_all"), [("worker", 810_000), ("rotation", 54_000)])
def test_one_run_that_comes_near_its_timeout_rings(stack: Stack, key: str, nearly_all: int) -> None:
    inputs = alarm(stack, f"{key}-duration")
    assert (inputs["metricName"], inputs["dimensions"]) == ("Duration", {"FunctionName": FUNCTIONS[key]})
    assert (inputs["statistic"], inputs["threshold"]) == ("Maximum", nearly_all)
    assert (inputs["comparisonOperator"], inputs["evaluationPeriods"]) == ("GreaterThanThreshold", 1)


@pytest.mark.parametrize("name", ["stack", "custom_stack"])
def test_no_alarm_waits_for_a_thousand_calls(name: str, request: pytest.FixtureRequest) -> None:
    """CloudWatch would ignore a 99th percentile of fewer calls than that if an alarm asked for it."""
    for each in request.getfixturevalue(name).all("cloudwatch/metricAlarm:MetricAlarm"):
        assert "evaluateLowSampleCountPercentiles" not in each.inputs, each.name


def test_a_task_that_no_worker_ran_to_its_end_rings(stack: Stack) -> None:
    inputs = alarm(stack, "worker-drops")
    assert (inputs["namespace"], inputs["metricName"]) == ("AWS/Lambda", "AsyncEventsDropped")
    assert inputs["dimensions"] == {"FunctionName": "remote-mcp-dev-worker"}
    assert (inputs["statistic"], inputs["threshold"]) == ("Sum", 1)


def test_a_server_error_of_the_api_rings(stack: Stack) -> None:
    inputs = alarm(stack, "api-5xx")
    assert (inputs["namespace"], inputs["metricName"]) == ("AWS/ApiGateway", "5XXError")
    assert inputs["dimensions"] == {"ApiName": "remote-mcp-dev-endpoint", "Stage": "dev"}
    assert inputs["threshold"] == 1


@pytest.mark.parametrize(("kind", "metric"), [("read", "ReadThrottleEvents"), ("write", "WriteThrottleEvents")])
def test_a_throttled_request_to_the_table_rings(stack: Stack, kind: str, metric: str) -> None:
    inputs = alarm(stack, f"table-{kind}-throttles")
    assert (inputs["namespace"], inputs["metricName"]) == ("AWS/DynamoDB", metric)
    assert inputs["dimensions"] == {"TableName": "remote-mcp-dev-store"}
    assert inputs["threshold"] == 1


def test_stacks_of_one_account_count_their_lines_apart(stack: Stack, custom_stack: Stack) -> None:
    kind = "cloudwatch/logMetricFilter:LogMetricFilter"
    dev, prod = ({each.inputs["metricTransformation"]["name"] for each in of.all(kind)} for of in (stack, custom_stack))
    assert dev.isdisjoint(prod)


def test_thresholds_follow_the_configuration(custom_stack: Stack) -> None:
    assert alarm(custom_stack, "mcp-duration")["threshold"] == 750
    assert alarm(custom_stack, "worker-duration")["threshold"] == 270_000
    assert alarm(custom_stack, "rotation-duration")["threshold"] == 54_000
    assert alarm(custom_stack, "authorizer-denials")["threshold"] == 5


def widgets(stack: Stack, kind: str) -> list[dict[str, Any]]:
    body = json.loads(stack.one("cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])
    return [widget for widget in body["widgets"] if widget["type"] == kind]


def watched(inputs: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Return the metrics that an alarm watches, with their dimensions."""
    queries = inputs.get("metricQueries", [{"metric": inputs}])
    for metric in (query["metric"] for query in queries if "metric" in query):
        yield metric["namespace"], metric["metricName"], metric.get("dimensions", {})


@pytest.mark.parametrize("name", ["stack", "custom_stack"])
def test_the_dashboard_shows_every_metric_that_an_alarm_watches(name: str, request: pytest.FixtureRequest) -> None:
    declared: Stack = request.getfixturevalue(name)
    charts = widgets(declared, "metric")
    assert {chart["properties"]["region"] for chart in charts} == {REGION}
    shown = [line[:-1] for chart in charts for line in chart["properties"]["metrics"]]
    charted = [(namespace, metric, dict(zip(rest[::2], rest[1::2], strict=True))) for namespace, metric, *rest in shown]
    for each in declared.all("cloudwatch/metricAlarm:MetricAlarm"):
        for metric in watched(each.inputs):
            assert metric in charted, each.name


@pytest.mark.parametrize("name", ["stack", "custom_stack"])
def test_the_dashboard_shows_the_state_of_every_alarm_once(name: str, request: pytest.FixtureRequest) -> None:
    declared: Stack = request.getfixturevalue(name)
    shown = [alarm for widget in widgets(declared, "alarm") for alarm in widget["properties"]["alarms"]]
    kinds = ("cloudwatch/metricAlarm:MetricAlarm", "cloudwatch/compositeAlarm:CompositeAlarm")
    alarms = {arn(kind.rpartition(":")[2], each.name) for kind in kinds for each in declared.all(kind)}
    assert len(shown) == len(set(shown))
    assert alarms - set(shown) <= {arn("CompositeAlarm", "remote-mcp-prod-monitoring-something-is-wrong")}


@pytest.mark.parametrize("name", ["stack", "custom_stack"])
def test_the_dashboard_is_ordered_by_question(name: str, request: pytest.FixtureRequest) -> None:
    headings = widgets(request.getfixturevalue(name), "text")
    assert [heading["properties"]["markdown"] for heading in sorted(headings, key=lambda heading: heading["y"])] == [
        "## Is it up?",
        "## Is it fast?",
        "## Who is calling?",
        "## What fails?",
        "## What does it cost?",
    ]


@pytest.mark.parametrize("name", ["stack", "custom_stack"])
def test_the_widgets_of_the_dashboard_do_not_overlap(name: str, request: pytest.FixtureRequest) -> None:
    body = json.loads(request.getfixturevalue(name).one("cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])
    cells = [
        (widget["x"] + column, widget["y"] + row)
        for widget in body["widgets"]
        for column in range(widget["width"])
        for row in range(widget["height"])
    ]
    assert len(cells) == len(set(cells))
    assert all(column < 24 for column, _ in cells)


def billed(stack: Stack) -> tuple[int, int]:
    """Return how many metrics alarms watch, and how many alarms combine others. Anomaly detection counts as three."""
    metrics = sum(
        3 if "thresholdMetricId" in each.inputs else len(list(watched(each.inputs)))
        for each in stack.all("cloudwatch/metricAlarm:MetricAlarm")
    )
    return metrics, len(list(stack.all("cloudwatch/compositeAlarm:CompositeAlarm")))


def test_the_documents_tell_what_idle_alarms_cost(stack: Stack, custom_stack: Stack) -> None:
    page = (PROJECT / "docs" / "idle-cost.md").read_text()
    basic, full = billed(stack), billed(custom_stack)
    assert (basic, full) == ((24, 0), (54, 4))
    assert f"| alarms, each on one metric | {basic[0]} | 0.10 | {basic[0] / 10:.2f} |" in page
    more = full[0] - basic[0]
    assert (basic[0], full[0]) == (fixed.BASIC_METRICS, fixed.FULL_METRICS + fixed.SIGN_IN_METRICS)
    assert full[1] == fixed.COMPOSITE_ALARMS
    [_] = stack.all("cloudwatch/dashboard:Dashboard")
    assert f"only with `upstream` | {more - 2} or {more} | 0.10 | {(more - 2) / 10:.2f} or {more / 10:.2f} |" in page
    assert f"| {full[1]} | 0.50 | {full[1] / 2:.2f} |" in page
