"""Tests that feed metrics to the alarms of a stack on the emulator, where it evaluates them.

It evaluates alarms on one metric, whatever its dimensions, and composite alarms. Metric math, anomaly detection,
missing data and metric filters are held by ``tests/infra`` instead.
"""

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from local.aws import Aws
from local.resources import KINDS
from local.resources.kind import whole_numbers
from tests.infra.recorder import Declaration, Stack, run_program
from tests.local.conftest import REGION
from tests.support.cloudwatch import named

METRIC_ALARM, COMPOSITE = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"
CONFIG = {"monitoring": "full", "upstream": '{"issuer": "https://idp.example.com", "clientId": "x"}'}
PREFIX = "remote-mcp-dev-monitoring-"
# The emulator keeps the metrics of each region apart, so each test has one of its own.
NUMBERS = itertools.count()
NOBODY = "arn:aws:sns:eu-central-1:000000000000:nobody"


@pytest.fixture(scope="module")
def declared() -> Stack:
    return run_program(CONFIG)


@pytest.fixture
def place(emulator: int) -> Aws:
    """Return the clients of a region in which there are no metrics yet."""
    return Aws(emulator, f"{REGION}-{next(NUMBERS)}")


@pytest.fixture
def inbox(place: Aws) -> Iterator[tuple[str, str]]:
    """Return the ARN of a topic, and the URL of a queue that gets its messages."""
    topic = place.client("sns").create_topic(Name="alarms")["TopicArn"]
    queue_arn = place.arn("sqs", "inbox")
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": queue_arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    queue = place.client("sqs").create_queue(QueueName="inbox", Attributes={"Policy": policy})["QueueUrl"]
    place.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    yield topic, queue
    place.client("sqs").delete_queue(QueueUrl=queue)


def apply(place: Aws, alarm: Declaration, topic: str) -> None:
    """Apply an alarm as the local stack does, with its message going to ``topic``."""
    inputs = whole_numbers({key: value for key, value in alarm.inputs.items() if key != "tags"})
    actions = {"alarmActions": [topic]} if "alarmActions" in inputs else {}
    KINDS[alarm.type].create(place, alarm.name, {**inputs, **actions})


def state(place: Aws, name: str) -> str:
    found = place.client("cloudwatch").describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    [alarm] = found["MetricAlarms"] + found["CompositeAlarms"]
    return str(alarm["StateValue"])


def feed(place: Aws, alarm: Mapping[str, Any], value: float) -> None:
    """Send one value of the metric that an alarm watches."""
    dimensions = [{"Name": key, "Value": each} for key, each in alarm.get("dimensions", {}).items()]
    datum = {"MetricName": alarm["metricName"], "Dimensions": dimensions, "Value": value}
    place.client("cloudwatch").put_metric_data(Namespace=alarm["namespace"], MetricData=[datum])


def messages(place: Aws, queue: str) -> list[str]:
    """Return the names of the alarms that the topic was told of."""
    found = place.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(json.loads(each["Body"])["Message"])["AlarmName"] for each in found]


def on_one_metric(stack: Stack) -> list[Declaration]:
    return [each for each in stack.declared if each.type == METRIC_ALARM and "metricName" in each.inputs]


def test_each_alarm_on_one_metric_rings_on_bad_values_and_not_on_good_ones(declared: Stack, place: Aws) -> None:
    alarms = on_one_metric(declared)
    assert len(alarms) > 30
    for alarm in alarms:
        apply(place, alarm, NOBODY)
        assert state(place, alarm.name) == "INSUFFICIENT_DATA", alarm.name
    # The emulator ignores dimensions, so the alarms on one metric of several functions ring together.
    by_metric: dict[str, list[Declaration]] = {}
    for alarm in alarms:
        by_metric.setdefault(alarm.inputs["metricName"], []).append(alarm)
    for together in by_metric.values():
        thresholds = [alarm.inputs["threshold"] for alarm in together]
        feed(place, together[0].inputs, min(thresholds) / 2)
        assert {state(place, alarm.name) for alarm in together} == {"OK"}
        # It takes all values together, so it takes a very bad one to make their average bad.
        feed(place, together[0].inputs, max(thresholds) * 4)
        assert {state(place, alarm.name) for alarm in together} == {"ALARM"}


def test_an_alarm_that_tells_sends_its_name_to_the_topic(declared: Stack, place: Aws, inbox: tuple[str, str]) -> None:
    topic, queue = inbox
    [alarm] = [each for each in on_one_metric(declared) if each.name == f"{PREFIX}audit"]
    apply(place, alarm, topic)
    feed(place, alarm.inputs, 1)
    assert messages(place, queue) == [alarm.name]


def test_an_error_budget_that_burns_in_both_windows_tells_once(
    declared: Stack, place: Aws, inbox: tuple[str, str]
) -> None:
    topic, queue = inbox
    cloudwatch = place.client("cloudwatch")
    [composite] = [each for each in declared.declared if each.name == f"{PREFIX}burn-fast"]
    parts = [each for each in declared.declared if each.name in named(composite)]
    for alarm in (*parts, composite):
        apply(place, alarm, topic)
    [short] = [each for each in parts if each.name == f"{PREFIX}mcp-availability-5m"]
    feed(place, short.inputs, 1)
    assert state(place, short.name) == "ALARM"
    assert state(place, composite.name) == "OK"
    # The emulator knows no metric math.
    cloudwatch.set_alarm_state(AlarmName=f"{PREFIX}mcp-availability-1h", StateValue="ALARM", StateReason="math")
    assert state(place, composite.name) == "ALARM"
    assert messages(place, queue) == [composite.name]


def test_the_summary_rings_with_any_alarm_that_tells(declared: Stack, place: Aws) -> None:
    [summary] = [each for each in declared.declared if each.name == f"{PREFIX}something-is-wrong"]
    alarms = [each for each in declared.declared if each.type in {METRIC_ALARM, COMPOSITE}]
    for alarm in alarms:
        apply(place, alarm, NOBODY)
    assert state(place, summary.name) == "OK"
    [one] = [each for each in alarms if each.name == f"{PREFIX}worker-drops"]
    feed(place, one.inputs, 1)
    assert state(place, summary.name) == "ALARM"
