"""The tables of docs/scaling.md that the simulation makes."""

import random
from collections.abc import Iterator
from decimal import Decimal

from admin.cost.stack import Stack, read_stack
from admin.cost.workload import Workload
from runtime.oauth.errors import TooManyRequests
from runtime.oauth.rate_limit import HOUR, RateLimit
from runtime.storage.counters import DynamoDBCounters
from tests.heat.analysis import LIMITS, Heat, heats, unevenness
from tests.heat.second import Second, rates_of
from tests.heat.table import HeatTable
from tests.support.workloads import workload

SEED = 13
USERS = 10**8
CALLS_OF_A_USER = 100
SHARED = 80
# A table splits for its size at 10 GB a partition, or when a partition is busy.
GB_OF_A_PARTITION, GB_OF_A_USER = 10, Decimal("2.33e-6")


def stack() -> Stack:
    """Return the stack that is simulated: the default one."""
    return read_stack(None, [], "us-east-1")


def workload_of(users: int, document_percent: int) -> Workload:
    """Return the traffic of so many users, each with a client."""
    logins = Decimal(users) / 3
    return workload(
        calls=users * CALLS_OF_A_USER,
        users=users,
        clients=users,
        logins=logins,
        registrations=logins * (100 - document_percent) / 100,
        document_percent=document_percent,
    )


def simulate(users: int, document_percent: int, seed: int = SEED) -> HeatTable:
    """Return the table after the busiest second."""
    traffic = workload_of(users, document_percent)
    source = random.Random(seed)  # noqa: S311  # a simulation
    return Second(users, 10, document_percent, source).run(rates_of(traffic, stack()))


def flood(requests: int, instances: int, limit: int) -> tuple[int, int]:
    """Send registrations of one network to instances of the oauth function in turn.

    Returns how many were let through, and how often the counter was written.
    """
    table = HeatTable()
    limits = [RateLimit("registration", limit, HOUR, DynamoDBCounters(table), lambda: 0.0) for _ in range(instances)]
    passed = 0
    for number in range(requests):
        try:
            limits[number % instances].count("192.0.2.1/32")
            passed += 1
        except TooManyRequests:
            continue
    return passed, table.writes.total()


def report() -> str:
    """Return both tables as Markdown."""
    return "\n".join([*_items(), "", *_floods()]) + "\n"


def _items() -> Iterator[str]:
    yield "| item | access | all items | hottest, own clients | hottest, shared client | one item serves |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    own, shared = simulate(USERS, 0), simulate(USERS, SHARED)
    hottest = {(heat.kind, heat.access): heat.hottest for heat in heats(shared)}
    found = {(heat.kind, heat.access): heat for heat in heats(own)}
    for kind, access in sorted(found.keys() | hottest.keys()):
        first, other = (
            found.get((kind, access), Heat(kind, access, 0, 0, LIMITS[access])),
            hottest.get((kind, access), 0),
        )
        yield f"| `{kind}#` | {access} | {first.units:,} | {first.hottest:,} | {other:,} | {first.limit:,} |"
    partitions = int(USERS * GB_OF_A_USER / GB_OF_A_PARTITION)
    spread = unevenness(own, partitions, without=frozenset({"cutoff"}))
    yield ""
    yield f"Without the cutoff, the hottest of {partitions} partitions has {spread:.2f} times the average load."


def _floods() -> Iterator[str]:
    yield "| registrations of one network in an hour | let through | writes of its counter |"
    yield "| ---: | ---: | ---: |"
    for requests in (1_000, 10_000, 100_000, 1_000_000):
        passed, writes = flood(requests, 100, 10_000)
        yield f"| {requests:,} | {passed:,} | {writes:,} |"
