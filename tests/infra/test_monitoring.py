"""Tests of the alarms, their metrics and their topic."""

import json
from typing import Any

import pytest

from components.api import ACCESS_LOG
from runtime.storage.audit_log import NOT_DELIVERED
from tests.infra.recorder import REGION, Stack, arn

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
        assert each.inputs["alarmDescription"].endswith("."), each.name


def test_no_alarm_rings_for_want_of_traffic(stack: Stack) -> None:
    for each in stack.all("cloudwatch/metricAlarm:MetricAlarm"):
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


@pytest.mark.parametrize(("key", "function"), FUNCTIONS.items())
def test_a_slow_function_rings(stack: Stack, key: str, function: str) -> None:
    inputs = alarm(stack, f"{key}-duration")
    assert (inputs["metricName"], inputs["dimensions"]) == ("Duration", {"FunctionName": function})
    assert (inputs["extendedStatistic"], inputs["threshold"]) == ("p99", 810_000 if key == "worker" else 10_000)
    assert "statistic" not in inputs
    assert inputs["comparisonOperator"] == "GreaterThanThreshold"


def test_no_percentile_of_a_few_calls_rings(stack: Stack) -> None:
    """Among a few calls, the 99th percentile is the slowest one."""
    for each in stack.all("cloudwatch/metricAlarm:MetricAlarm"):
        few = each.inputs.get("evaluateLowSampleCountPercentiles")
        assert few == ("ignore" if "extendedStatistic" in each.inputs else None), each.name


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


def test_many_denied_tokens_ring(stack: Stack) -> None:
    counter = stack.one("cloudwatch/logMetricFilter:LogMetricFilter", "denials-authorizer").inputs
    assert counter["logGroupName"] == "remote-mcp-dev-authorizer-logs"
    assert counter["pattern"] == '{ $.outcome = "denied" }'
    counted = counter["metricTransformation"]
    assert counted["value"] == "1"
    inputs = alarm(stack, "authorizer-denials")
    assert (inputs["namespace"], inputs["metricName"]) == (counted["namespace"], counted["name"])
    assert (inputs["statistic"], inputs["period"], inputs["threshold"]) == ("Sum", 300, 100)
    assert inputs["comparisonOperator"] == "GreaterThanThreshold"


def test_stacks_of_one_account_count_their_denials_apart(stack: Stack, custom_stack: Stack) -> None:
    kind = "cloudwatch/logMetricFilter:LogMetricFilter"
    names = {
        declared.inputs["metricTransformation"]["name"] for each in (stack, custom_stack) for declared in each.all(kind)
    }
    assert len(names) == 6


def test_every_request_that_is_turned_away_at_the_mcp_endpoint_is_counted(stack: Stack) -> None:
    """This includes requests that reach no function: without a token, or with a cached denial."""
    counter = stack.one("cloudwatch/logMetricFilter:LogMetricFilter", "mcp-denials-access").inputs
    assert counter["logGroupName"] == "remote-mcp-dev-api-access-logs"
    assert counter["pattern"] == '{ ($.route = "/mcp") && (($.status = "401") || ($.status = "403")) }'
    assert {"route", "status"} <= ACCESS_LOG.keys()
    assert "mcp-denials" in str(stack.one("cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])


@pytest.mark.parametrize("function", ["authorizer", "oauth", "login", "rotation"])
def test_an_event_that_the_audit_log_did_not_take_rings(stack: Stack, function: str) -> None:
    counter = stack.one("cloudwatch/logMetricFilter:LogMetricFilter", f"audit-{function}").inputs
    assert counter["logGroupName"] == f"{FUNCTIONS[function]}-logs"
    assert counter["pattern"] == f'{{ $.message = "{NOT_DELIVERED}" }}'
    inputs = alarm(stack, "audit")
    assert inputs["metricName"] == counter["metricTransformation"]["name"]
    assert (inputs["threshold"], inputs["comparisonOperator"]) == (1, "GreaterThanOrEqualToThreshold")


def test_thresholds_follow_the_configuration(custom_stack: Stack) -> None:
    assert alarm(custom_stack, "mcp-duration")["threshold"] == 750
    assert alarm(custom_stack, "worker-duration")["threshold"] == 270_000
    assert alarm(custom_stack, "authorizer-denials")["threshold"] == 5


def test_an_address_is_written_to_only_when_there_is_one(stack: Stack, custom_stack: Stack) -> None:
    kind = "sns/topicSubscription:TopicSubscription"
    assert not list(stack.all(kind))
    subscription = custom_stack.one(kind).inputs
    assert (subscription["protocol"], subscription["endpoint"]) == ("email", "ops@example.com")
    assert subscription["topic"] == arn("Topic", "remote-mcp-prod-monitoring-alarms")


def test_the_dashboard_shows_every_metric_that_an_alarm_watches(stack: Stack) -> None:
    widgets = json.loads(stack.one("cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])["widgets"]
    assert {widget["properties"]["region"] for widget in widgets} == {REGION}
    shown = [line[:-1] for widget in widgets for line in widget["properties"]["metrics"]]
    charted = [(namespace, metric, dict(zip(rest[::2], rest[1::2], strict=True))) for namespace, metric, *rest in shown]
    for each in stack.all("cloudwatch/metricAlarm:MetricAlarm"):
        watched = (each.inputs["namespace"], each.inputs["metricName"], each.inputs.get("dimensions", {}))
        assert watched in charted, each.name


def test_the_charts_of_the_dashboard_do_not_overlap(stack: Stack) -> None:
    widgets = json.loads(stack.one("cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])["widgets"]
    places = {(widget["x"], widget["y"]) for widget in widgets}
    assert len(places) == len(widgets)
    assert all(widget["x"] + widget["width"] <= 24 for widget in widgets)
