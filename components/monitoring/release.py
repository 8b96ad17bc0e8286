"""Which alarms end the release of new versions."""

from collections.abc import Sequence

from components.monitoring.alarms import Alarm, Composite
from components.monitoring.availability import SPEEDS, Objective
from components.monitoring.tools import FAILING


def release_alarms(alarms: Sequence[Alarm | Composite], objectives: Sequence[Objective]) -> list[str]:
    """Return the names of the alarms on errors.

    Where objectives are watched, one failed request is no reason, so the alarms are those of the objectives, over the
    shortest window: what a release watches is a few minutes. No objective counts what fails in a function of some
    tools, so the alarms of these are always among them.
    """
    own = [alarm.name for alarm in alarms if FAILING.fullmatch(alarm.name)]
    if objectives:
        shortest = min((window for speed in SPEEDS for window in (speed.long, speed.short)), key=lambda each: each[1])
        return [*(f"{objective.name}-{shortest.name}" for objective in objectives), *own]
    return [alarm.name for alarm in alarms if alarm.name.endswith("-errors") or alarm.name == "api-5xx"]
