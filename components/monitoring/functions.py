"""Which function fails, is throttled or is slow?"""

from collections.abc import Iterator, Mapping

import pulumi

from components.function import Function
from components.monitoring.alarms import ABOVE, Alarm
from components.monitoring.metrics import Formula, Metric, function_metric, table_metric

# The share of its timeout after which a function is about to be stopped.
NEARLY_ALL = 0.9
# How many periods in a row must be slow: among a few runs, the 99th percentile is the slowest one.
SLOW_PERIODS = 3


def function_alarms(
    functions: Mapping[str, Function], slow_milliseconds: int, intended: Mapping[str, Metric], *, tell: bool
) -> Iterator[Alarm]:
    """Return the alarms of the functions that answer requests, by their names in alarms.

    ``intended`` counts the exceptions that a function raises on purpose, which are no failures.
    """
    for key, function in functions.items():
        yield Alarm(
            name=f"{key}-errors",
            section="a-function-fails",
            description=f"The {key} function failed.",
            watched=_failures(function, intended.get(key)),
            tells=tell,
        )
        yield throttles_alarm(key, function, tell=tell)
        yield Alarm(
            name=f"{key}-duration",
            section="a-function-is-slow",
            description=f"The slowest 1% of the {key} function's runs took more than {slow_milliseconds} ms.",
            watched=function_metric("Duration", function.name, "p99"),
            threshold=slow_milliseconds,
            comparison=ABOVE,
            periods=SLOW_PERIODS,
            tells=tell,
        )


def _failures(function: Function, intended: Metric | None) -> Metric | Formula:
    errors = function_metric("Errors", function.name)
    return Formula("errors - intended", {"errors": errors, "intended": intended}) if intended else errors


def throttles_alarm(key: str, function: Function, *, tell: bool) -> Alarm:
    """Return the alarm that rings when a function has no free instance."""
    return Alarm(
        name=f"{key}-throttles",
        section="a-function-is-throttled",
        description=f"The {key} function was throttled.",
        watched=function_metric("Throttles", function.name),
        tells=tell,
    )


def timeout_alarm(key: str, function: Function, *, tell: bool) -> Alarm:
    """Return the alarm of a function that runs seldom: one run that is about to be stopped is enough."""
    slow = round(function.timeout * 1000 * NEARLY_ALL)
    return Alarm(
        name=f"{key}-duration",
        section="a-run-comes-near-its-timeout",
        description=f"A run of the {key} function took more than {slow} ms of its {function.timeout} seconds.",
        watched=function_metric("Duration", function.name, "Maximum"),
        threshold=slow,
        comparison=ABOVE,
        tells=tell,
    )


def table_alarms(table_name: pulumi.Input[str], *, tell: bool) -> Iterator[Alarm]:
    """Return the alarms of the table that all functions use."""
    for kind in ("Read", "Write"):
        yield Alarm(
            name=f"table-{kind.lower()}-throttles",
            section="the-table-is-throttled",
            description=f"{kind}s of the table were throttled.",
            watched=table_metric(f"{kind}ThrottleEvents", table_name),
            tells=tell,
        )
