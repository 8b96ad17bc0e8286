"""Workloads for the bill, in which nothing is left to a default of the command."""

from decimal import Decimal

from admin.cost.workload import Workload

_USUAL: dict[str, int | Decimal] = {
    "calls": 1_000_000,
    "users": 1000,
    "clients": 1000,
    "logins": 100,
    "registrations": 50,
    "machines": 0,
    "machine_calls": 0,
    "denied_calls": 0,
    "active_hours": 20,
    "task_percent": 0,
    "task_ms": 60_000,
    "polls": 10,
    "tool_ms": 100,
    "tool_functions": 0,
    "tool_function_percent": 0,
    "own_ms": 25,
    "cold_percent": 0,
    "request_kb": 2,
    "response_kb": 2,
    "peak": 5,
    "hosted_percent": 10,
    "document_percent": 0,
}


def workload(**changes: int | Decimal) -> Workload:
    """Return the workload of a thousand users, but for ``changes``."""
    return Workload(**{name: Decimal(value) for name, value in (_USUAL | changes).items()})
