"""Prints the logs of the functions and the audit log from CloudWatch Logs, oldest lines first."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from local.aws import Aws
from local.state import State

POLL_SECONDS = 0.5
# Lines with the same timestamp may arrive in several responses.
OVERLAP_MILLISECONDS = 2000


def tail(state: State, *, follow: bool) -> None:
    """Print every line after the name of its function. With ``follow``, continue until interrupted."""
    groups = _groups(state)
    client = Aws(state.emulator_port, state.region).client("logs")
    width = max((len(function) for function in groups.values()), default=0)
    seen: Counter[tuple[str, ...]] = Counter()
    since = 0
    while True:
        lines = [
            (event["timestamp"], function, event["message"].rstrip())
            for group, function in groups.items()
            for event in _new_events(_events(client, group, since), seen)
        ]
        for timestamp, function, message in sorted(lines, key=lambda line: line[0]):
            # Not say(): a broken pipe must end this command.
            print(f"{function:<{width}}  {message}", flush=True)  # noqa: T201 - this is the output of a command
            since = max(since, timestamp - OVERLAP_MILLISECONDS)
        if not follow:
            return
        time.sleep(POLL_SECONDS)


def _groups(state: State) -> dict[str, str]:
    """Return the names to print by log group: of every function, and of the audit log."""
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
        # A function without a configured log group gets one with its first line.
        return []


def _new_events(events: list[dict[str, Any]], seen: Counter[tuple[str, ...]]) -> Iterator[dict[str, Any]]:
    """Return the ``events`` that are not in ``seen``. The emulator gives events no ids, and lines may repeat."""
    now: Counter[tuple[str, ...]] = Counter()
    for event in events:
        key = (event["logStreamName"], str(event["timestamp"]), event["message"])
        now[key] += 1
        if now[key] > seen[key]:
            seen[key] += 1
            yield event
