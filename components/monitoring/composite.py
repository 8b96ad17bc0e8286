"""Is something wrong? One alarm for everything that tells."""

from collections.abc import Sequence

from components.monitoring.alarms import Alarm, Composite


def summary_alarm(alarms: Sequence[Alarm | Composite]) -> Composite:
    """Return the alarm that rings while any of ``alarms`` that tells does.

    It sends nothing itself: each of the others tells what is wrong, and one that already rings hides no other one. It
    is the one state to look at, for a pipeline, a status page or a wall.
    """
    return Composite(
        name="something-is-wrong",
        section="something-is-wrong",
        description="One of the alarms that tell rings.",
        any_of=[[alarm.name] for alarm in alarms if alarm.tells],
        tells=False,
    )
