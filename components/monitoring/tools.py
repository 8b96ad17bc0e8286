"""Do the tools run that have functions of their own?"""

import re
from collections.abc import Iterator, Mapping

from components.function import Function
from components.monitoring.alarms import Alarm
from components.monitoring.functions import throttles_alarm, timeout_alarm
from components.monitoring.metrics import function_metric

# What the alarms on the errors of these functions are called.
FAILING = re.compile("tool-.+-errors")


def tool_alarms(functions: Mapping[str, Function], *, tell: bool) -> Iterator[Alarm]:
    """Return the alarms of the functions that run tools of their own, by their names in alarms.

    A function that breaks off always tells: to its client that is a tool which failed, and to API Gateway a request
    which did not.
    """
    for key, function in functions.items():
        yield Alarm(
            name=f"{key}-errors",
            section="a-function-fails",
            description=f"The {key} function broke off, ran out of memory or of time, or could not start.",
            watched=function_metric("Errors", function.name),
        )
        yield throttles_alarm(key, function, tell=tell)
        yield timeout_alarm(key, function, tell=tell)
