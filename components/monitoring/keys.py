"""Is the signing key rotated?"""

from collections.abc import Iterator

from components.function import Function
from components.monitoring.alarms import Alarm
from components.monitoring.functions import timeout_alarm
from components.monitoring.metrics import function_metric

FAILED = "a-rotation-of-the-signing-key-failed"


def key_alarms(rotation: Function, *, tell: bool) -> Iterator[Alarm]:
    """Return the alarms of the rotation function. A failed rotation always tells: the old key goes on signing."""
    yield Alarm(
        name="rotation-errors",
        section=FAILED,
        description="A step of the rotation of the signing key failed.",
        watched=function_metric("Errors", rotation.name),
    )
    yield Alarm(
        name="rotation-throttles",
        section=FAILED,
        description="The rotation function was throttled, so a step of the rotation of the signing key did not run.",
        watched=function_metric("Throttles", rotation.name),
    )
    yield timeout_alarm("rotation", rotation, tell=tell)
