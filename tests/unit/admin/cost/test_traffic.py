"""How often the authorizer is asked, against a simulation of its cache, and what follows from workloads."""

import random
from decimal import Decimal

import pytest

from admin.cost.activity import measurements
from admin.cost.stack import read_stack
from admin.cost.traffic import lookups, traffic_of
from admin.cost.usage import usage_of
from tests.support.workloads import workload

STACK = read_stack(None, [], "us-east-1")


def simulate(rate: float, cache_seconds: float, seconds: float, seed: int) -> float:
    """Return which share of the requests of one token finds no verdict, for requests at random times."""
    source = random.Random(seed)  # noqa: S311  # a simulation
    now, kept_until, requests, missed = 0.0, 0.0, 0, 0
    while now < seconds:
        now += source.expovariate(rate)
        requests += 1
        if now >= kept_until:
            missed += 1
            kept_until = now + cache_seconds
    return missed / requests


@pytest.mark.parametrize("rate", [0.001, 0.01, 0.1, 1.0])
@pytest.mark.parametrize("cache_seconds", [0, 60, 300])
def test_the_share_that_the_cache_misses_is_that_of_a_simulation(rate: float, cache_seconds: int) -> None:
    seconds = 20_000 / rate
    simulated = simulate(rate, cache_seconds, seconds, seed=1)
    requests = Decimal(20_000)
    computed = lookups(requests, Decimal(1), Decimal(seconds), Decimal(cache_seconds)) / requests
    assert float(computed) == pytest.approx(simulated, rel=0.05)


def test_a_user_who_calls_rarely_is_looked_up_at_every_call() -> None:
    stack = read_stack(None, ["authorizerCacheSeconds=1"], "us-east-1")
    assert traffic_of(workload(calls=1000), stack).activities["authorize_user"] == pytest.approx(1000, rel=0.001)


def test_a_new_token_is_looked_up_once_even_if_the_cache_would_last_longer() -> None:
    stack = read_stack(None, ["accessTokenLifetimeSeconds=300", "authorizerCacheSeconds=300"], "us-east-1")
    found = traffic_of(workload(calls=100_000_000), stack).activities
    assert found["authorize_user"] >= found["refresh"] + found["redeem"]


def test_tokens_live_as_long_as_the_stack_says() -> None:
    found = traffic_of(workload(), STACK).activities
    assert found["refresh"] + found["redeem"] == 1000 * 20
    longer = read_stack(None, ["accessTokenLifetimeSeconds=7200"], "us-east-1")
    assert traffic_of(workload(), longer).activities["refresh"] == 1000 * 10 - 100


def test_nobody_refreshes_a_token_more_often_than_it_is_used() -> None:
    found = traffic_of(workload(calls=500), STACK).activities
    assert found["refresh"] + found["redeem"] == 500


def test_machines_get_a_token_each_lifetime_and_never_log_in() -> None:
    found = traffic_of(workload(users=0, logins=0, machines=3, machine_calls=1_000_000), STACK)
    assert found.activities["machine_token"] == 3 * 730
    assert found.activities["refresh"] == found.activities["authorize_user"] == 0
    assert found.invocations["login"] == 0


def test_a_task_invokes_the_worker_and_is_polled() -> None:
    found = traffic_of(workload(task_percent=10, polls=5), STACK)
    assert found.invocations["worker"] == 100_000
    assert found.invocations["mcp"] == 1_000_000 + 500_000
    assert found.milliseconds["worker"] == 100_000 * (60_000 + 25)


def test_denied_calls_invoke_the_authorizer_and_nothing_else() -> None:
    usual, flooded = (traffic_of(workload(denied_calls=number), STACK) for number in (0, 10_000))
    assert flooded.invocations["authorizer"] == usual.invocations["authorizer"] + 10_000
    assert flooded.requests == usual.requests


def test_a_call_reads_and_writes_nothing() -> None:
    call = measurements().activities["call"]
    assert (call.reads, call.writes, call.secret_reads, call.audit_requests) == (0, 0, 0, 0)


def test_what_is_stored_grows_with_clients_and_users() -> None:
    few, many = (
        usage_of(workload(clients=number, users=number), STACK, traffic_of(workload(), STACK))
        for number in (1000, 2000)
    )
    assert many["dynamodb.storage"] == 2 * few["dynamodb.storage"]


def test_everything_scales_with_the_calls() -> None:
    once, tenfold = (traffic_of(each, STACK) for each in (workload(), workload().scale_to(Decimal(10_000_000))))
    for name, count in once.activities.items():
        assert tenfold.activities[name] == pytest.approx(10 * count)


def test_a_tool_in_a_function_of_its_own_is_billed_there_and_while_its_caller_waits() -> None:
    plain = traffic_of(workload(task_percent=10, tool_ms=200), STACK)
    forwarded = traffic_of(workload(task_percent=10, tool_ms=200, tool_functions=2, tool_function_percent=50), STACK)
    assert "tool" not in plain.invocations
    assert forwarded.invocations["tool"] == (plain.invocations["worker"] + plain.activities["call"]) / 2
    assert forwarded.milliseconds["tool"] > plain.activities["call"] * 100
    assert {**forwarded.milliseconds, "tool": 0} == {**plain.milliseconds, "tool": 0}
