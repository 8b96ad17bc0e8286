"""Is every security event in the audit log?"""

from collections.abc import Mapping

import pulumi

from components.monitoring.alarms import Alarm
from components.monitoring.counters import Counters
from components.monitoring.metrics import Metric

# A function logs one such JSON line for every event that the audit log did not accept.
UNAUDITED = '{ $.message = "audit event not delivered" }'


def declare_unaudited(counters: Counters, log_groups: Mapping[str, pulumi.Input[str]]) -> Metric:
    """Declare the counter of the security events that are only in a function's own log."""
    return counters.count("audit", UNAUDITED, log_groups)


def audit_alarm(unaudited: Metric) -> Alarm:
    """Return the alarm on failed writes to the audit log."""
    return Alarm(
        name="audit",
        section="the-audit-log-has-a-gap",
        description="A security event is in a function's own log, and not in the audit log.",
        watched=unaudited,
    )
