"""Tests of the alarms on sign-ins, registrations and denied tokens: audit events pass the declared filters."""

import json

import pytest

from runtime.audit import AuditEvent, EventName
from runtime.storage.audit_log import audit_line
from tests.infra.recorder import Stack, run_program
from tests.support.cloudwatch import CloudWatch

AUDIT = "remote-mcp-prod-audit"


@pytest.fixture
def cloudwatch(custom_stack: Stack) -> CloudWatch:
    return CloudWatch(custom_stack)


def happen(cloudwatch: CloudWatch, name: EventName, times: int) -> None:
    """Write a security event as the runtime does."""
    cloudwatch.write(AUDIT, json.loads(audit_line(AuditEvent(name), 1_700_000_000.0)), times=times)


def test_sign_ins_that_mostly_fail_tell(cloudwatch: CloudWatch) -> None:
    happen(cloudwatch, "login", 5)
    happen(cloudwatch, "login_refused", 6)
    assert cloudwatch.ringing() == {"sign-in-failures", "something-is-wrong"}


def test_sign_ins_that_mostly_succeed_are_silent(cloudwatch: CloudWatch) -> None:
    happen(cloudwatch, "login", 60)
    happen(cloudwatch, "login_refused", 50)
    assert not cloudwatch.ringing()


def test_a_few_failed_sign_ins_are_silent(cloudwatch: CloudWatch) -> None:
    happen(cloudwatch, "login_refused", 4)
    assert not cloudwatch.ringing()


def test_other_security_events_are_silent(cloudwatch: CloudWatch) -> None:
    happen(cloudwatch, "token_issued", 1000)
    happen(cloudwatch, "refused", 1000)
    assert not cloudwatch.ringing()


def test_unusually_many_registrations_tell(cloudwatch: CloudWatch) -> None:
    cloudwatch.usual = 15
    happen(cloudwatch, "client_registered", 20)
    assert cloudwatch.ringing() >= {"registrations", "something-is-wrong"}


def test_many_registrations_that_are_usual_are_silent(cloudwatch: CloudWatch) -> None:
    cloudwatch.usual = 500
    happen(cloudwatch, "client_registered", 200)
    assert cloudwatch.ringing() == {"registrations-many"}


def test_one_registration_is_silent_where_nobody_registers(cloudwatch: CloudWatch) -> None:
    happen(cloudwatch, "client_registered", 1)
    assert cloudwatch.ringing() == {"registrations-unusual"}


def test_what_is_usual_is_learned_by_cloudwatch(custom_stack: Stack) -> None:
    """CloudWatch, PutMetricAlarm: the threshold is the id of the band, and both it and the metric are returned."""
    inputs = custom_stack.one("cloudwatch/metricAlarm:MetricAlarm", "registrations-unusual").inputs
    metric, band = inputs["metricQueries"]
    assert band["expression"] == f"ANOMALY_DETECTION_BAND({metric['id']}, 4)"
    assert inputs["thresholdMetricId"] == band["id"]
    assert (metric["returnData"], band["returnData"]) == (True, True)
    assert inputs["comparisonOperator"] == "GreaterThanUpperThreshold"
    assert "threshold" not in inputs


def test_without_registrations_their_number_is_known_to_be_0(custom_stack: Stack) -> None:
    counter = custom_stack.one("cloudwatch/logMetricFilter:LogMetricFilter", "registrations-audit-log").inputs
    assert counter["metricTransformation"]["defaultValue"] == "0"


@pytest.mark.slow
def test_without_users_nothing_watches_sign_ins() -> None:
    stack = run_program({"monitoring": "full"})
    assert not [each.name for each in stack.declared if "sign-in" in each.name]


def test_many_denied_tokens_ring(stack: Stack) -> None:
    cloudwatch = CloudWatch(stack)
    denied = {"message": "authorization", "outcome": "denied", "reason": "expired"}
    cloudwatch.write("remote-mcp-dev-authorizer-logs", denied, times=100)
    cloudwatch.write("remote-mcp-dev-authorizer-logs", {"message": "authorization", "outcome": "ok"}, times=100)
    assert not cloudwatch.ringing()
    cloudwatch.write("remote-mcp-dev-authorizer-logs", denied)
    assert cloudwatch.ringing() == {"authorizer-denials"}
