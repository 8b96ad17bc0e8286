"""Tests of the topic that alarms go to: one of the stack's own, or one that exists."""

import pytest

from tests.infra.configuration import load, refusal
from tests.infra.recorder import Stack, arn, run_program

EXISTING = "arn:aws:sns:eu-central-1:123456789012:alarms"


def test_an_address_is_written_to_only_when_there_is_one(stack: Stack, custom_stack: Stack) -> None:
    kind = "sns/topicSubscription:TopicSubscription"
    assert not list(stack.all(kind))
    subscription = custom_stack.one(kind).inputs
    assert (subscription["protocol"], subscription["endpoint"]) == ("email", "ops@example.com")
    assert subscription["topic"] == arn("Topic", "remote-mcp-prod-monitoring-alarms")


@pytest.mark.slow
def test_an_existing_topic_gets_all_alarms_and_nothing_else_is_changed() -> None:
    stack = run_program({"alarmTopicArn": EXISTING})
    assert not list(stack.all("sns/topic:Topic"))
    assert not list(stack.all("sns/topicPolicy:TopicPolicy"))
    alarms = list(stack.all("cloudwatch/metricAlarm:MetricAlarm"))
    assert alarms
    assert all(alarm.inputs["alarmActions"] == [EXISTING] for alarm in alarms)


def test_an_address_is_not_subscribed_to_a_topic_of_somebody_else() -> None:
    message = refusal({"alarmTopicArn": EXISTING, "alarmEmail": "ops@example.com"})
    told = "not set together with alarmTopicArn; subscribe the address to that topic, or remove alarmTopicArn"
    assert f'alarmEmail is "ops@example.com"; allowed: {told}' in message


def test_a_topic_in_another_region_is_refused() -> None:
    message = refusal({"alarmTopicArn": EXISTING.replace("eu-central-1", "us-east-1")})
    assert "a topic in eu-central-1, because alarms publish only in their region" in message


@pytest.mark.parametrize("name", ["alarms", "a" * 256, "Team_A-alarms"])
def test_a_topic_may_have_every_name_that_sns_allows(name: str) -> None:
    chosen = EXISTING.replace("alarms", name)
    assert load({"alarmTopicArn": chosen}).alarm_topic_arn == chosen
