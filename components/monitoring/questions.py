"""What the dashboard shows under each question."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.function import Function
from components.monitoring.dashboard import Chart, Query, States, Widget
from components.monitoring.metrics import Metric, api_metric, function_metric, logs_metric, table_metric
from components.monitoring.tasks import DROPPED

BUSIEST = "filter route = '/mcp' | stats count(*) as requests by clientId | sort requests desc | limit 10"
# What runs seldom, and long.
SELDOM = ("rotation", "worker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the dashboard of a stack shows. ``functions`` are all of them, by the names in alarms.

    ``failures`` and ``slowness`` are the metrics of objectives, ``visitors`` those of sign-ins and registrations; they
    are empty where nothing watches them.
    """

    api_name: pulumi.Input[str]
    stage_name: pulumi.Input[str]
    table_name: pulumi.Input[str]
    functions: Mapping[str, Function]
    log_group_names: Sequence[pulumi.Input[str]]
    access_log_name: pulumi.Input[str]
    denials: Metric
    refused: Metric
    unaudited: Metric
    failures: Sequence[Metric]
    slowness: Sequence[Metric]
    visitors: Sequence[Metric]
    telling: Sequence[pulumi.Input[str]]
    silent: Sequence[pulumi.Input[str]]


def questions(shown: Shown) -> dict[str, Sequence[Widget]]:
    """Return the widgets of the dashboard by the questions that they answer."""
    return {
        "Is it up?": list(_is_it_up(shown)),
        "Is it fast?": list(_is_it_fast(shown)),
        "Who is calling?": list(_who_is_calling(shown)),
        "What fails?": list(_what_fails(shown)),
        "What does it cost?": list(_what_does_it_cost(shown)),
    }


def _is_it_up(shown: Shown) -> Iterator[Widget]:
    yield States("Alarms that tell", shown.telling)
    yield Chart("Share of server errors (0 to 1)", [_of_api(shown, "5XXError", "Average")])
    if shown.failures:
        yield Chart("Share of failed requests at /mcp and of logins (0 to 1)", _shares(shown.failures))


def _is_it_fast(shown: Shown) -> Iterator[Widget]:
    yield Chart("Latency of the API (ms)", [_of_api(shown, "Latency", statistic) for statistic in ("p50", "p99")])
    durations = [function_metric("Duration", function.name, "p99") for function in shown.functions.values()]
    yield Chart("99th percentile of duration (ms)", durations)
    seldom = [key for key in sorted(shown.functions, reverse=True) if key in SELDOM or key.startswith("tool-")]
    longest = [function_metric("Duration", shown.functions[key].name, "Maximum") for key in seldom]
    which = "worker and rotation" if len(seldom) == len(SELDOM) else "worker, rotation and tools"
    yield Chart(f"Longest run of {which} (ms)", longest)
    if shown.slowness:
        yield Chart("Share of slow requests at /mcp and of logins (0 to 1)", _shares(shown.slowness))


def _who_is_calling(shown: Shown) -> Iterator[Widget]:
    yield Chart("Requests and refusals", [_of_api(shown, name) for name in ("Count", "4XXError")])
    yield Query("Busiest clients at /mcp", shown.access_log_name, BUSIEST)
    yield Chart("Denied tokens", [shown.denials])
    yield Chart("Requests turned away at the MCP endpoint (401, 403)", [shown.refused])
    if shown.visitors:
        yield Chart("Failed sign-ins and registered clients", shown.visitors)


def _what_fails(shown: Shown) -> Iterator[Widget]:
    names = [function.name for function in shown.functions.values()]
    if shown.silent:
        yield States("Alarms that show the cause", shown.silent)
    yield Chart("Server errors", [_of_api(shown, "5XXError")])
    yield Chart(
        "Errors and throttles", [function_metric(kind, name) for name in names for kind in ("Errors", "Throttles")]
    )
    yield Chart("Dropped tasks", [function_metric(DROPPED, shown.functions["worker"].name)])
    yield Chart("Security events missing from the audit log", [shown.unaudited])
    throttles = [table_metric(f"{kind}ThrottleEvents", shown.table_name) for kind in ("Read", "Write")]
    yield Chart("Throttled requests to the table", throttles)


def _what_does_it_cost(shown: Shown) -> Iterator[Widget]:
    names = [function.name for function in shown.functions.values()]
    yield Chart("Invocations", [function_metric("Invocations", name) for name in names])
    yield Chart("Run time of the functions (ms)", [function_metric("Duration", name) for name in names])
    capacity = [table_metric(f"Consumed{kind}CapacityUnits", shown.table_name) for kind in ("Read", "Write")]
    yield Chart("Consumed capacity of the table", capacity)
    yield Chart("Bytes of logs", [logs_metric("IncomingBytes", name) for name in shown.log_group_names])


def _of_api(shown: Shown, name: str, statistic: str = "Sum") -> Metric:
    return api_metric(name, shown.api_name, shown.stage_name, statistic)


def _shares(metrics: Sequence[Metric]) -> list[Metric]:
    return [metric.by("Average") for metric in metrics]
