"""Tests of the metric filters: CloudWatch Logs takes their patterns, and they name fields that the lines have."""

from collections import defaultdict
from typing import Any

import pytest

from components.monitoring.access_log import REFUSED
from runtime.storage.audit_log import NOT_DELIVERED
from tests.infra.recorder import Stack
from tests.support.cloudwatch import CloudWatch
from tests.support.filter_pattern import BadPattern, count_regexes, fields, matches
from tests.support.log_fields import access_log_fields, audit_log_fields, function_log_fields
from tests.support.metric_math import evaluate

KIND = "cloudwatch/logMetricFilter:LogMetricFilter"
FIELDS = {"-api-access-logs": access_log_fields, "-audit": audit_log_fields, "-logs": function_log_fields}


@pytest.mark.parametrize("name", ["stack", "custom_stack"])
def test_a_pattern_names_only_fields_of_its_log(name: str, request: pytest.FixtureRequest) -> None:
    for each in request.getfixturevalue(name).all(KIND):
        known = next(of for suffix, of in FIELDS.items() if each.inputs["logGroupName"].endswith(suffix))
        assert fields(each.inputs["pattern"]) <= known(), each.name


@pytest.mark.parametrize("name", ["stack", "custom_stack"])
def test_patterns_keep_the_limits_of_cloudwatch_logs(name: str, request: pytest.FixtureRequest) -> None:
    """PutMetricFilter: 100 filters and 5 regular expressions in a log group, 2 of them in a pattern."""
    patterns = defaultdict(list)
    for each in request.getfixturevalue(name).all(KIND):
        patterns[each.inputs["logGroupName"]].append(each.inputs["pattern"])
        matches(each.inputs["pattern"], {})
    for together in patterns.values():
        regexes = [count_regexes(pattern) for pattern in together]
        assert len(together) <= 100
        assert sum(regexes) <= 5
        assert max(regexes) <= 2


@pytest.mark.parametrize("status", [200, 202, 302, 400, 401, 403, 404, 429, 500, 503])
@pytest.mark.parametrize("latency", ["0", "749", "750", "29000", "-"])
def test_no_line_is_both_good_and_bad(status: int, latency: str, custom_stack: Stack) -> None:
    line = {"route": "/mcp", "method": "POST", "status": str(status), "latencyMs": latency}
    shares = defaultdict(list)
    for each in custom_stack.all(KIND):
        if each.name.endswith(("-bad", "-good")) and matches(each.inputs["pattern"], line):
            shares[each.inputs["metricTransformation"]["name"]].append(each.name)
    assert all(len(found) == 1 for found in shares.values())
    assert len(shares) == (0 if 400 <= status < 500 else 1 if status >= 500 or latency == "-" else 2)


@pytest.mark.parametrize(("status", "counted"), [(401, True), (403, True), (200, False), (404, False)])
def test_every_request_that_is_turned_away_at_the_mcp_endpoint_is_counted(
    status: int, counted: bool, stack: Stack
) -> None:
    """This includes requests that reach no function: without a token, or with a cached denial."""
    counter = stack.one(KIND, "mcp-denials-access").inputs
    assert (counter["logGroupName"], counter["pattern"]) == ("remote-mcp-dev-api-access-logs", REFUSED)
    assert matches(REFUSED, {"route": "/mcp", "status": str(status)}) is counted
    assert not matches(REFUSED, {"route": "/token", "status": str(status)})
    assert "mcp-denials" in str(stack.one("cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])


@pytest.mark.parametrize("function", ["authorizer", "oauth", "login", "rotation"])
def test_an_event_that_the_audit_log_did_not_take_rings(function: str, stack: Stack) -> None:
    cloudwatch = CloudWatch(stack)
    cloudwatch.write(f"remote-mcp-dev-{function}-logs", {"message": NOT_DELIVERED, "level": "ERROR"})
    assert cloudwatch.ringing() == {"audit"}


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.a = %^(1|2)$% }",
        "{ $.a != %x% }",
        '{ $.a > "5" }',
        '{ $.a = "x*y" }',
        '{ $.a = "x" ',
        '{ ($.a = "x" }',
        '{ $.a == "x" }',
        f'{{ $.a = "{"x" * 1024}" }}',
    ],
)
def test_a_pattern_that_is_not_documented_is_an_error(pattern: str) -> None:
    with pytest.raises(BadPattern):
        matches(pattern, {"a": "x"})


@pytest.mark.parametrize(
    ("expression", "values", "result"),
    [
        ("a / b", {"a": 1.0, "b": 4.0}, 0.25),
        ("a / b", {"a": 1.0, "b": 0.0}, None),
        ("a / b", {"a": 1.0, "b": None}, None),
        ("a + b", {"a": 1.0, "b": None}, 1.0),
        ("a + b", {"a": None, "b": None}, None),
        ("IF(a >= 5, a / b, 0)", {"a": 5.0, "b": 10.0}, 0.5),
        ("IF(a >= 5, a / b, 0)", {"a": 4.0, "b": 4.0}, 0.0),
        ("IF(a >= 5, a / b, 0)", {"a": None, "b": None}, None),
    ],
)
def test_metric_math_treats_missing_values_as_cloudwatch_documents(
    expression: str, values: dict[str, Any], result: float | None
) -> None:
    assert evaluate(expression, values) == result
