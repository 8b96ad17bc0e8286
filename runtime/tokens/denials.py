"""Counting denials for the audit log: anyone can send invalid tokens, so one event stands for many denials."""

from collections.abc import Callable, Mapping

from runtime.audit import AuditEvent, AuditLog

# How often one process records an event for one reason.
SECONDS = 60


class Denials:
    """Counts denials by reason, and records the count in the audit log, at most once in ``SECONDS`` for each reason.

    The first denial for a reason is recorded at once, and those in the next ``SECONDS`` together with the one after
    them. Denials after the last event of a process are in the function's own log only. ``audit`` opens the audit log
    at the first denial, so that allowed requests do not wait for it. ``clock`` reads seconds since the epoch.
    """

    def __init__(self, audit: Callable[[], AuditLog], clock: Callable[[], float]) -> None:
        self._audit = audit
        self._clock = clock
        self._counts: dict[str, int] = {}
        self._recorded_at: dict[str, float] = {}

    def count(self, reason: str, facts: Mapping[str, str | None]) -> None:
        """Count one denial. ``reason`` is one of a few, ``facts`` are those of this request. Raises nothing."""
        count = self._counts[reason] = self._counts.get(reason, 0) + 1
        now = self._clock()
        if reason in self._recorded_at and now - self._recorded_at[reason] < SECONDS:
            return
        self._recorded_at[reason] = now
        self._counts[reason] = 0
        event = AuditEvent("access_denied", {"error": "invalid_token", "error_description": reason, "count": count})
        self._audit().record(event.with_facts(facts))
