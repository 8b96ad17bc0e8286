"""Tests of the objectives: lines of the access log pass the declared filters, and their metrics the declared alarms."""

import re
from collections.abc import Iterator, Mapping

import pytest

from components.api import ACCESS_LOG
from components.monitoring.availability import LOGIN
from components.monitoring.numerals import at_least, below
from runtime.routes import ROUTES
from tests.infra.recorder import Stack, run_program
from tests.support.cloudwatch import CloudWatch

MINUTE = 60
HOUR = 60 * MINUTE
# The limit of ``custom_stack``, in milliseconds.
SLOW = 750
TELLING = {"burn-fast", "burn-slow", "something-is-wrong"}


@pytest.fixture
def cloudwatch(custom_stack: Stack) -> CloudWatch:
    return CloudWatch(custom_stack)


def request_line(status: int, *, route: str = "/mcp", method: str = "POST", latency: int = 40) -> dict[str, str]:
    """Return a line of the access log, where all values are strings."""
    own = {"status": str(status), "route": route, "method": method, "latencyMs": str(latency)}
    assert own.keys() <= ACCESS_LOG.keys()
    return {**dict.fromkeys(ACCESS_LOG, "-"), **own}


def serve(cloudwatch: CloudWatch, line: Mapping[str, str], *, a_minute: int, since: int, until: int = 0) -> None:
    """Write ``a_minute`` lines in each minute from ``since`` to ``until`` seconds ago."""
    for age in range(until, since, MINUTE):
        cloudwatch.write("remote-mcp-prod-api-access-logs", line, age=age, times=a_minute)


def told(cloudwatch: CloudWatch, *, later: float = 0) -> set[str]:
    return cloudwatch.ringing(later=later) & TELLING


@pytest.mark.parametrize("route", ["/mcp", *LOGIN])
def test_an_outage_tells_within_minutes(route: str, cloudwatch: CloudWatch) -> None:
    serve(cloudwatch, request_line(200, route=route), a_minute=20, since=HOUR, until=3 * MINUTE)
    serve(cloudwatch, request_line(503, route=route), a_minute=20, since=3 * MINUTE)
    assert "burn-fast" in told(cloudwatch)
    assert "something-is-wrong" in told(cloudwatch)


def test_good_service_is_silent(cloudwatch: CloudWatch) -> None:
    for route in ("/mcp", "/token"):
        serve(cloudwatch, request_line(200, route=route), a_minute=20, since=6 * HOUR)
        serve(cloudwatch, request_line(302, route=route), a_minute=1, since=6 * HOUR)
        serve(cloudwatch, request_line(400, route=route), a_minute=20, since=6 * HOUR)
    # One request in 2,000 fails, and one in 200 is slow.
    serve(cloudwatch, request_line(500), a_minute=1, since=5 * MINUTE, until=3 * MINUTE)
    serve(cloudwatch, request_line(200, latency=SLOW), a_minute=1, since=40 * MINUTE)
    assert not told(cloudwatch)


def test_no_traffic_is_silent(cloudwatch: CloudWatch) -> None:
    assert not cloudwatch.ringing()


def test_a_few_failures_of_a_quiet_night_are_silent(cloudwatch: CloudWatch) -> None:
    serve(cloudwatch, request_line(500), a_minute=1, since=4 * MINUTE)
    assert not told(cloudwatch)
    assert "mcp-availability-5m" in cloudwatch.ringing()


def test_a_small_fault_that_lasts_tells_later_and_less_urgently(cloudwatch: CloudWatch) -> None:
    """One request in 100 fails: the budget of 30 days lasts three."""
    serve(cloudwatch, request_line(200), a_minute=99, since=6 * HOUR)
    serve(cloudwatch, request_line(500), a_minute=1, since=6 * HOUR)
    assert told(cloudwatch) == {"burn-slow", "something-is-wrong"}


def test_the_alarm_ends_soon_after_the_failures(cloudwatch: CloudWatch) -> None:
    serve(cloudwatch, request_line(503), a_minute=20, since=20 * MINUTE, until=6 * MINUTE)
    serve(cloudwatch, request_line(200), a_minute=20, since=6 * MINUTE)
    ringing = cloudwatch.ringing()
    assert "mcp-availability-1h" in ringing
    assert "burn-fast" not in ringing


def test_a_flood_of_refused_requests_hides_no_failures(cloudwatch: CloudWatch) -> None:
    serve(cloudwatch, request_line(401), a_minute=1000, since=HOUR)
    serve(cloudwatch, request_line(200, method="OPTIONS"), a_minute=1000, since=HOUR)
    serve(cloudwatch, request_line(200), a_minute=2, since=HOUR)
    serve(cloudwatch, request_line(500), a_minute=2, since=HOUR)
    assert "burn-fast" in told(cloudwatch)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 429])
def test_a_refusal_is_no_failure(status: int, cloudwatch: CloudWatch) -> None:
    serve(cloudwatch, request_line(status), a_minute=100, since=HOUR)
    assert not cloudwatch.ringing()


@pytest.mark.parametrize("route", ["/mcp", "/authorize"])
def test_many_slow_requests_tell(route: str, cloudwatch: CloudWatch) -> None:
    serve(cloudwatch, request_line(200, route=route, latency=SLOW - 1), a_minute=8, since=HOUR)
    assert not told(cloudwatch)
    serve(cloudwatch, request_line(200, route=route, latency=SLOW), a_minute=2, since=HOUR)
    assert "burn-fast" in told(cloudwatch)


def test_other_routes_count_for_no_objective(cloudwatch: CloudWatch) -> None:
    for route in {route.path for route in ROUTES} - {"/mcp", *LOGIN}:
        serve(cloudwatch, request_line(500, route=route), a_minute=100, since=HOUR)
    assert not told(cloudwatch)


def test_a_login_passes_only_routes_that_exist() -> None:
    assert set(LOGIN) <= {route.path for route in ROUTES}


def test_an_alarm_on_a_single_failure_shows_it_and_tells_nothing(custom_stack: Stack, stack: Stack) -> None:
    """Where objectives are watched, at some size of a stack there is always one failed request."""
    for name in ("mcp-errors", "oauth-duration", "login-throttles", "api-5xx", "table-read-throttles"):
        kind = "cloudwatch/metricAlarm:MetricAlarm"
        assert "alarmActions" not in custom_stack.one(kind, f"monitoring-{name}").inputs
        assert stack.one(kind, f"monitoring-{name}").inputs["alarmActions"]


def test_objectives_are_watched_only_where_the_configuration_says_so(stack: Stack) -> None:
    assert not list(stack.all("cloudwatch/compositeAlarm:CompositeAlarm"))
    assert not [each for each in stack.all("cloudwatch/metricAlarm:MetricAlarm") if "metricQueries" in each.inputs]


def windows(stack: Stack) -> Iterator[tuple[str, float, float]]:
    """Return the name, the period and the threshold of each alarm on a window of an objective."""
    for each in stack.all("cloudwatch/metricAlarm:MetricAlarm"):
        if found := re.search(r"(?:mcp|login)-(?:availability|latency)-\w+$", each.name):
            [period] = {
                query["metric"]["period"] for query in each.inputs.get("metricQueries", []) if "metric" in query
            } or {each.inputs.get("period")}
            yield found.group(), period, each.inputs["threshold"]


def test_the_windows_and_speeds_are_those_of_the_workbook(custom_stack: Stack) -> None:
    found = {name: (period, threshold) for name, period, threshold in windows(custom_stack)}
    for who in ("mcp", "login"):
        for what, budget in (("availability", 0.001), ("latency", 0.01)):
            for window, period, speed in (("5m", 300, 14.4), ("1h", 3600, 14.4), ("30m", 1800, 6), ("6h", 21600, 6)):
                seconds, threshold = found.pop(f"{who}-{what}-{window}")
                assert seconds == period
                assert threshold == pytest.approx(speed * budget)
    assert not found


def test_no_alarm_looks_back_further_than_cloudwatch_allows(custom_stack: Stack) -> None:
    """CloudWatch, PutMetricAlarm: a day for periods below an hour, 7 days for longer ones, seldom beyond a day."""
    for _, period, _ in windows(custom_stack):
        assert period <= 86_400
    for each in custom_stack.all("cloudwatch/metricAlarm:MetricAlarm"):
        queries = each.inputs.get("metricQueries", [])
        assert len(queries) <= 10
        assert len({query["metric"]["period"] for query in queries if "metric" in query}) <= 1


@pytest.mark.parametrize("number", [1, 7, 9, 10, 750, 999, 1000, 1001, 2500, 9999, 10_000, 28_999, 29_000])
def test_a_latency_is_either_slow_or_quick(number: int) -> None:
    slow, quick = re.compile(at_least(number)), re.compile(below(number))
    for latency in {*range(1200), *range(max(0, number - 150), number + 150), 28_000, 29_001, 99_999, 1_000_000}:
        assert bool(slow.search(str(latency))) is (latency >= number), latency
        assert bool(quick.search(str(latency))) is (latency < number), latency


@pytest.mark.slow
@pytest.mark.parametrize("limit", ["1", "29000", "19999"])
def test_every_limit_makes_patterns_that_cloudwatch_takes(limit: str) -> None:
    cloudwatch = CloudWatch(run_program({"monitoring": "full", "durationAlarmMilliseconds": limit}))
    cloudwatch.write("remote-mcp-dev-api-access-logs", request_line(200, latency=int(limit)), times=9)
    ringing = cloudwatch.ringing()
    assert {"mcp-latency-5m", "mcp-latency-1h"} <= ringing
