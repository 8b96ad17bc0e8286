"""What the doctor says: one line for each client, or JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from admin.doctor.finding import Verdict
from admin.doctor.profile import Profile
from admin.text import printable


def line(verdict: Verdict) -> str:
    """Return the line of one client: what it sees, whose fault it is, and what to do."""
    stopped = verdict.stopped
    notes = f" ({'; '.join(verdict.notes)})" if verdict.notes else ""
    if stopped is None:
        return printable(f"ok    {verdict.client:<15} {', '.join(verdict.steps)}{notes}")
    seen = stopped.seen.rstrip(".")
    return printable(f"FAIL  {verdict.client:<15} {seen}{notes}. Fault: {stopped.fault}. {stopped.advice}")


def name_what_is_unchecked(verdicts: Sequence[Verdict]) -> str:
    """Return a sentence on what was not checked, empty if everything was."""
    unchecked = dict.fromkeys(step for verdict in verdicts for step in verdict.unchecked)
    return f"Not checked: {'; '.join(unchecked)}." if unchecked else ""


def document(mcp_url: str, profiles: Sequence[Profile], verdicts: Sequence[Verdict], left: Sequence[str]) -> str:
    """Return all verdicts as JSON, with the sources of the profiles."""
    clients = [_client(profile, verdict) for profile, verdict in zip(profiles, verdicts, strict=True)]
    return json.dumps({"url": mcp_url, "clients": clients, "left": list(left)}, indent=2)


def _client(profile: Profile, verdict: Verdict) -> Mapping[str, Any]:
    stopped = verdict.stopped
    return {
        "client": verdict.client,
        "passed": verdict.passed,
        "steps": verdict.steps,
        "seen": stopped.seen if stopped else None,
        "fault": stopped.fault if stopped else None,
        "advice": stopped.advice if stopped else None,
        "notes": verdict.notes,
        "unchecked": verdict.unchecked,
        "assumed": profile.assumed,
        "sources": [source._asdict() for source in profile.sources],
    }
