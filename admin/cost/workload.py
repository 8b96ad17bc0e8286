"""What clients and users do in a month."""

from dataclasses import dataclass, replace
from decimal import Decimal

from admin.errors import CommandFailed

MONTH_SECONDS = Decimal(730 * 3600)
# What everything that grows with the traffic is named; the rest describes one call or one user.
AMOUNTS = ("calls", "users", "clients", "logins", "registrations", "machines", "machine_calls", "denied_calls")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """The traffic of a month of 730 hours.

    ``calls`` are the requests at ``/mcp``, of which ``machine_calls`` come from ``machines``, clients that act for
    themselves. Each of ``users`` calls through one client, evenly for ``active_hours`` a month. ``clients`` are stored.
    ``denied_calls`` have a bad token and come on top. ``task_percent`` of the calls run as tasks, of which each is
    polled ``polls`` times. ``tool_function_percent`` of the calls and tasks run in one of ``tool_functions``. Durations
    are in milliseconds, sizes in kilobytes. ``own_ms`` is how long a function takes that runs no tool. ``peak`` is the
    busiest second as a multiple of the average one. ``hosted_percent`` of the registrations come from one network, and
    ``document_percent`` of the users share one client by its document's URL.
    """

    calls: Decimal
    users: Decimal
    clients: Decimal
    logins: Decimal
    registrations: Decimal
    machines: Decimal
    machine_calls: Decimal
    denied_calls: Decimal
    active_hours: Decimal
    task_percent: Decimal
    task_ms: Decimal
    polls: Decimal
    tool_ms: Decimal
    tool_functions: Decimal
    tool_function_percent: Decimal
    own_ms: Decimal
    cold_percent: Decimal
    request_kb: Decimal
    response_kb: Decimal
    peak: Decimal
    hosted_percent: Decimal
    document_percent: Decimal

    def scale_to(self, calls: Decimal) -> "Workload":
        """Return the same workload with more or fewer calls, users and clients in proportion."""
        return replace(self, **{name: getattr(self, name) * calls / self.calls for name in AMOUNTS})


def check_workload(workload: Workload) -> None:
    """Raise ``CommandFailed`` for what cannot be."""
    if workload.machine_calls > workload.calls:
        raise CommandFailed("--machine-calls are part of --calls-per-month, so they cannot be more")
    if workload.tool_function_percent and not workload.tool_functions:
        raise CommandFailed("--tool-function-percent needs --tool-functions that run the tools")
    if workload.machine_calls and not workload.machines:
        raise CommandFailed("--machine-calls need --machines that make them")
    if workload.calls > workload.machine_calls and not workload.users:
        raise CommandFailed("calls need --users that make them, or --machines and --machine-calls")
    if not 0 < workload.active_hours <= MONTH_SECONDS / 3600:
        raise CommandFailed("--active-hours are hours of a month: more than 0, and no more than 730")
    if workload.peak < 1:
        raise CommandFailed("--peak is a multiple of the average, so it is at least 1")
