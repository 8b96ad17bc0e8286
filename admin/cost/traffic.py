"""How often each activity happens in a month, and which functions that invokes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from admin.cost.activity import measurements
from admin.cost.stack import Stack
from admin.cost.workload import MONTH_SECONDS, Workload

# A cold start of each function on a whole processor (docs/performance.md). Lambda's own time comes on top.
COLD_MS = {"mcp": Decimal(100)}
OTHER_COLD_MS = Decimal(250)
# A call of the mcp function without its tool takes less, and Lambda bills whole milliseconds.
CALL_MS = Decimal(1)
# What the invocations of functions with tools of their own are called.
TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Traffic:
    """The activities and invocations of a month. ``milliseconds`` has the billed duration of each function.

    Those of all ``tool_functions``, which run tools of their own, are one.
    """

    activities: Mapping[str, Decimal]
    invocations: Mapping[str, Decimal]
    milliseconds: Mapping[str, Decimal]
    tool_functions: Decimal = Decimal(0)

    @property
    def requests(self) -> Decimal:
        """The requests that API Gateway serves. The authorizer and the worker belong to others."""
        return self.invocations["mcp"] + self.invocations["oauth"] + self.invocations["login"]


def traffic_of(workload: Workload, stack: Stack) -> Traffic:
    """Return the traffic of a workload on a stack."""
    activities = _activities(workload, stack)
    invocations = dict.fromkeys(("authorizer", "mcp", "oauth", "login", "worker"), Decimal(0))
    milliseconds = dict(invocations)
    for name, count in activities.items():
        for function, times in measurements().activities[name].invocations.items():
            invocations[function] += count * times
            milliseconds[function] += count * times * _duration(name, workload)
    if workload.tool_function_percent:
        # The caller waits for the function, so both are billed.
        share = workload.tool_function_percent / 100
        invocations[TOOL] = (activities["call"] + activities["run_task"]) * share
        milliseconds[TOOL] = (activities["call"] * workload.tool_ms + activities["run_task"] * workload.task_ms) * share
    for function, number in invocations.items():
        cold = number * workload.cold_percent / 100
        milliseconds[function] += cold * COLD_MS.get(function, OTHER_COLD_MS)
    return Traffic(activities, invocations, milliseconds, workload.tool_functions)


def lookups(requests: Decimal, tokens: Decimal, seconds: Decimal, cache_seconds: Decimal) -> Decimal:
    """Return how many requests the authorizer is invoked for.

    ``tokens`` are in use at the same time, each evenly for ``seconds`` of the month. API Gateway keeps a verdict for
    ``cache_seconds`` after it was asked for, so of the requests in that time only the first one invokes the authorizer.
    """
    if not requests:
        return Decimal(0)
    rate = requests / (tokens * seconds)
    return requests / (1 + rate * cache_seconds)


def _activities(workload: Workload, stack: Stack) -> dict[str, Decimal]:
    tasks = workload.calls * workload.task_percent / 100
    polls = tasks * workload.polls
    machine_share = workload.machine_calls / workload.calls if workload.calls else Decimal(0)
    of_machines = (workload.calls + polls) * machine_share
    of_users = workload.calls + polls - of_machines
    lifetime, cache = stack.number("accessTokenLifetimeSeconds"), stack.number("authorizerCacheSeconds")
    active = workload.active_hours * 3600
    user_tokens = min(of_users, workload.users * active / lifetime)
    machine_tokens = min(of_machines, workload.machines * MONTH_SECONDS / lifetime)
    user_lookups = lookups(of_users, workload.users, active, cache)
    machine_lookups = lookups(of_machines, workload.machines, MONTH_SECONDS, cache)
    return {
        "call": workload.calls - tasks,
        "start_task": tasks,
        "run_task": tasks,
        "poll_task": polls,
        # A new token has no verdict yet.
        "authorize_user": max(user_lookups, user_tokens),
        "authorize_machine": max(machine_lookups, machine_tokens),
        "deny": workload.denied_calls,
        "metadata": workload.logins,
        "register": workload.registrations,
        "login": workload.logins,
        "redeem": workload.logins,
        "refresh": max(Decimal(0), user_tokens - workload.logins),
        "machine_token": machine_tokens,
    }


def _duration(activity: str, workload: Workload) -> Decimal:
    """Return how long one invocation takes, in milliseconds."""
    if activity == "call":
        return workload.tool_ms + CALL_MS
    return workload.task_ms + workload.own_ms if activity == "run_task" else workload.own_ms
