"""What the functions log, and the audit log, from CloudWatch Logs, oldest first."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from local.aws import Aws
from local.state import State

POLL_SECONDS = 0.5
# Lines of one moment may arrive in several portions.
OVERLAP_MILLISECONDS = 2000


def tail(state: State, *, follow: bool) -> None:
    """Print every line the functions have logged, each after its function's name; ``follow`` goes on until stopped."""
    groups = _groups(state)
    client = Aws(state.emulator_port, state.region).client("logs")
    width = max((len(function) for function in groups.values()), default=0)
    seen: Counter[tuple[str, ...]] = Counter()
    since = 0
    while True:
        lines = [
            (event["timestamp"], function, event["message"].rstrip())
            for group, function in groups.items()
            for event in _unseen(_events(client, group, since), seen)
        ]
        for timestamp, function, message in sorted(lines, key=lambda line: line[0]):
            # Not say(): when nobody reads any more, this command has nothing left to do.
            print(f"{function:<{width}}  {message}", flush=True)  # noqa: T201 - this is the output of a command
            since = max(since, timestamp - OVERLAP_MILLISECONDS)
        if not follow:
            return
        time.sleep(POLL_SECONDS)


def _groups(state: State) -> dict[str, str]:
    """The log group of every function, with the function's name, and the audit log."""
    functions = [entry for entry in state.resources.values() if entry.type == "aws:lambda/function:Function"]
    groups = {
        entry.inputs.get("loggingConfig", {}).get("logGroup", f"/aws/lambda/{entry.id}"): entry.id
        for entry in functions
    }
    return groups | {state.outputs["audit_log"]: "audit"}


def _events(client: Any, group: str, since: int) -> list[dict[str, Any]]:
    try:
        pages = client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since)
        return [event for page in pages for event in page["events"]]
    except client.exceptions.ResourceNotFoundException:
        # A function that names no log group gets one with its first line.
        return []


def _unseen(events: list[dict[str, Any]], seen: Counter[tuple[str, ...]]) -> Iterator[dict[str, Any]]:
    """Those of ``events`` that were not there before; the emulator gives them no ids, and lines may repeat."""
    now: Counter[tuple[str, ...]] = Counter()
    for event in events:
        key = (event["logStreamName"], str(event["timestamp"]), event["message"])
        now[key] += 1
        if now[key] > seen[key]:
            seen[key] += 1
            yield event
