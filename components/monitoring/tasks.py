"""Do tasks run to their end?"""

from collections.abc import Iterator

from components.function import Function
from components.monitoring.alarms import Alarm
from components.monitoring.functions import throttles_alarm, timeout_alarm
from components.monitoring.metrics import function_metric

# Invocations that waited too long or failed. Lambda does not retry them.
DROPPED = "AsyncEventsDropped"
DEAD = "a-task-died"


def task_alarms(worker: Function, *, tell: bool) -> Iterator[Alarm]:
    """Return the alarms of the worker. A dead task always tells: no request fails with it, so nothing else would."""
    yield Alarm(
        name="worker-errors",
        section=DEAD,
        description="The worker function failed, and its task with it.",
        watched=function_metric("Errors", worker.name),
    )
    yield throttles_alarm("worker", worker, tell=tell)
    yield timeout_alarm("worker", worker, tell=tell)
    yield Alarm(
        name="worker-drops",
        section=DEAD,
        description="A task was never run, or not to its end.",
        watched=function_metric(DROPPED, worker.name),
    )
