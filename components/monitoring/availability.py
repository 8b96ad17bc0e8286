"""Is the server up, and is it fast? Objectives, and alarms that ring while their error budget burns.

An objective is the share of requests that must be good in 30 days; the rest is its error budget. The speeds are those
of Google's Site Reliability Workbook, chapter 5, "Alerting on SLOs": a budget that burns 14.4 times too fast loses 2%
in an hour, and 6 times too fast 5% in 6 hours. The short window ends the alarm soon after the failures end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import pulumi

from components.monitoring import access_log
from components.monitoring.alarms import ABOVE, Alarm, Composite
from components.monitoring.counters import Counters
from components.monitoring.metrics import Formula, Metric, api_metric

# Of all requests in 30 days, 99.9% must not end with a server error, and 99% must be quick.
AVAILABILITY = 0.999
QUICKNESS = 0.99
# One failed request of a quiet night is no outage.
LEAST_FAILURES = 5
MCP = ("/mcp",)
# All that a client and its user pass before the first tool call.
LOGIN = ("/dcr", "/authorize", "/par", "/consent", "/callback", "/token")


class Window(NamedTuple):
    """A stretch of time, by the name that alarms call it."""

    name: str
    seconds: int


class Speed(NamedTuple):
    """How many times too fast a budget burns, seen over a long and a short window."""

    name: str
    factor: float
    long: Window
    short: Window
    effect: str


SPEEDS = (
    Speed("fast", 14.4, Window("1h", 3600), Window("5m", 300), "it is gone in two days"),
    Speed("slow", 6, Window("6h", 6 * 3600), Window("30m", 1800), "it is gone in five days"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What share of requests must be good. ``bad`` is 1 for each bad request and 0 for each good one.

    ``requests`` says which requests, as in the names of alarms. ``quality`` is what is good about them.
    """

    requests: str
    quality: Literal["availability", "latency"]
    section: str
    fault: str
    share: float
    bad: Metric

    @property
    def name(self) -> str:
        """What the names of its alarms start with."""
        return f"{self.requests}-{self.quality}"


def declare_objectives(
    counters: Counters, access_log_name: pulumi.Input[str], slow_milliseconds: int
) -> Sequence[Objective]:
    """Declare the metrics of all objectives. ``slow_milliseconds`` is how long a request may take."""
    objectives = []
    for key, routes, what in (("mcp", MCP, "Requests at /mcp"), ("login", LOGIN, "Requests of logins")):
        failures = counters.count_share(
            f"{key}-failures", access_log.failures(routes), access_log.successes(routes), access_log_name
        )
        slowness = counters.count_share(
            f"{key}-slowness",
            access_log.slow(routes, slow_milliseconds),
            access_log.quick(routes, slow_milliseconds),
            access_log_name,
        )
        objectives += [
            Objective(
                requests=key,
                quality="availability",
                section=f"{key}-requests-fail",
                fault=f"{what} fail",
                share=AVAILABILITY,
                bad=failures,
            ),
            Objective(
                requests=key,
                quality="latency",
                section=f"{key}-requests-are-slow",
                fault=f"{what} take {slow_milliseconds} ms or more",
                share=QUICKNESS,
                bad=slowness,
            ),
        ]
    return objectives


def objective_alarms(objectives: Sequence[Objective]) -> Iterator[Alarm | Composite]:
    """Return the alarms of all objectives. Only those that combine the two windows of a speed tell."""
    for objective in objectives:
        for speed in SPEEDS:
            yield from _window_alarms(objective, speed)
    for speed in SPEEDS:
        yield Composite(
            name=f"burn-{speed.name}",
            section=f"an-error-budget-burns-{speed.name}",
            description=f"The error budget of an objective burns: at this speed, {speed.effect}.",
            any_of=[
                [f"{objective.name}-{window.name}" for window in (speed.long, speed.short)] for objective in objectives
            ],
        )


def _window_alarms(objective: Objective, speed: Speed) -> Iterator[Alarm]:
    budget = 1 - objective.share
    burning = round(speed.factor * budget, 6)
    failing = Formula(
        f"IF(bad >= {LEAST_FAILURES}, bad / requests, 0)",
        {"bad": objective.bad.by("Sum"), "requests": objective.bad.by("SampleCount")},
        objective.fault,
    )
    for window, watched in ((speed.long, failing), (speed.short, objective.bad.by("Average"))):
        yield Alarm(
            name=f"{objective.name}-{window.name}",
            section=objective.section,
            description=f"{objective.fault}: more than {burning:.2%} in {window.name}.",
            watched=watched,
            threshold=burning,
            comparison=ABOVE,
            period=window.seconds,
            tells=False,
        )


def server_error_alarm(api_name: pulumi.Input[str], stage_name: pulumi.Input[str], *, tell: bool) -> Alarm:
    """Return the alarm that rings at each server error, whatever the route."""
    return Alarm(
        name="api-5xx",
        section="the-api-answers-with-a-server-error",
        description="The API answered with a server error.",
        watched=api_metric("5XXError", api_name, stage_name),
        tells=tell,
    )
