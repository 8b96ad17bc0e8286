"""What the handlers do for each activity. A test measures them and holds these figures."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

MEASURED = Path(__file__).with_name("measured.json")


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of a client or a user. ``invocations`` has how often it invokes each function.

    ``reads`` and ``writes`` are request units of the table, ``table_requests`` what CloudTrail records of them.
    """

    invocations: Mapping[str, int]
    reads: int = 0
    writes: int = 0
    table_requests: int = 0
    audit_requests: int = 0
    audit_bytes: int = 0
    secret_reads: int = 0
    worker_starts: int = 0
    log_lines: int = 0
    log_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Measurements:
    """All measurements. ``secret_reads`` is how many requests one reading of the signing key takes."""

    activities: Mapping[str, Activity]
    secret_reads: int
    item_bytes: Mapping[str, int]
    access_log_bytes: int
    platform_log_bytes: int


@cache
def measurements() -> Measurements:
    """Return the measurements of this version."""
    content = json.loads(MEASURED.read_text())
    activities = {name: Activity(**members) for name, members in content.pop("activities").items()}
    return Measurements(activities=activities, **content)


def total(counts: Mapping[str, Decimal], member: str) -> Decimal:
    """Return the sum of one measurement over all activities, each as often as ``counts`` says."""
    activities = measurements().activities
    return sum((count * getattr(activities[name], member) for name, count in counts.items()), Decimal(0))
