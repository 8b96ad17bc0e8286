"""What the authorizer denies, counted for the audit log: any stranger can send requests, so one line is for many."""

from collections.abc import Callable, Mapping

from runtime.audit import AuditEvent, AuditLog

# How often one process tells of one reason.
SECONDS = 60


class Denials:
    """Counts denials by their reason, and puts the count into the audit log once a minute at most for each.

    The first denial for a reason is recorded at once, those within ``SECONDS`` of it together with the next one. What
    comes after the last line of a process is in its own log alone. ``audit`` opens the log when something is denied:
    requests that are let through do not wait for that. ``clock`` reads seconds since the epoch.
    """

    def __init__(self, audit: Callable[[], AuditLog], clock: Callable[[], float]) -> None:
        self._audit = audit
        self._clock = clock
        self._counts: dict[str, int] = {}
        self._told_at: dict[str, float] = {}

    def count(self, reason: str, facts: Mapping[str, str | None]) -> None:
        """Count one denial. ``reason`` is one of few, and ``facts`` are those of this request. Raises nothing."""
        count = self._counts[reason] = self._counts.get(reason, 0) + 1
        now = self._clock()
        if reason in self._told_at and now - self._told_at[reason] < SECONDS:
            return
        self._told_at[reason] = now
        self._counts[reason] = 0
        event = AuditEvent("access_denied", {"error": "invalid_token", "error_description": reason, "count": count})
        self._audit().record(event.also(facts))
