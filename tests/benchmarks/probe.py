"""What is timed: a process with one unpacked package and the standard library to import from, and nothing else.

Run as ``python -I -S -B probe.py <answers>``, which only starts, or with ``<event> <package> <handler> <warm-up calls>
<calls>`` after that. It writes one line of JSON to the file descriptor ``answers`` as soon as it has an answer, and a
second one with what was measured. It stands alone and imports late: what it imports is part of every cold start.
"""

# ruff: noqa: PLC0415, PTH123 - pathlib and whatever else is imported at the top would be timed with every server
from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class LambdaContext:
    """What Lambda tells a function beside the event."""

    function_name = "benchmark"
    aws_request_id = "8f2c3a2e-0000-4000-8000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is cut off."""
        return 20_000


def main(answers: str, *serve: str) -> None:
    """Write the two lines."""
    if serve:
        measured = _serve(int(answers), *serve)
    else:
        os.write(int(answers), b"null\n")
        measured = {"processor": _processor_milliseconds()}
    import json

    measured["peak_kilobytes"] = _peak_kilobytes()
    measured["boto3"] = "boto3" in sys.modules
    os.write(int(answers), json.dumps(measured).encode() + b"\n")


def _serve(answers: int, event: str, package: str, handler: str, *calls: str) -> dict[str, float]:
    """Answer the event once, then as often as is asked, and return what both took, in milliseconds."""
    sys.path.insert(0, package)
    import json

    with open(event) as file:
        text = file.read()
    module, _, name = handler.rpartition(".")
    handle = getattr(__import__(module, fromlist=[name]), name)
    context = LambdaContext()
    answer = json.dumps(handle(json.loads(text), context)).encode() + b"\n"
    while answer:
        answer = answer[os.write(answers, answer) :]
    return {"processor": _processor_milliseconds(), **_repeat(handle, text, context, *map(int, calls))}


def _repeat(
    handle: Callable[[Any, LambdaContext], Any], text: str, context: LambdaContext, warm_up: int, calls: int
) -> dict[str, float]:
    import json
    import time

    durations = []
    for call in range(warm_up + calls):
        # Lambda reads a new event for each call, before the handler has it.
        event = json.loads(text)
        start = time.perf_counter_ns()
        handle(event, context)
        duration = time.perf_counter_ns() - start
        if call >= warm_up:
            durations.append(duration / 1e6)
    durations.sort()
    return {"p50": durations[calls // 2], "p99": durations[calls * 99 // 100]} if calls else {}


def _processor_milliseconds() -> float:
    """What this process has kept a processor busy for, its start included."""
    import time

    return time.process_time() * 1000


def _peak_kilobytes() -> int:
    """The most memory that this program has had resident.

    Not ``resource.getrusage``: on Linux that starts from what the process held that was forked to run this program.
    """
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


main(*sys.argv[1:])
