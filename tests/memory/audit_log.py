"""An audit log in memory."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from runtime.audit import AuditEvent
from runtime.storage.audit_log import audit_line

SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "audit-event.json"


class MemoryAuditLog:
    """An ``AuditLog`` whose lines must be as their schema says."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._validator = Draft202012Validator(json.loads(SCHEMA.read_bytes()))
        self.events: list[dict[str, Any]] = []

    def record(self, *events: AuditEvent) -> None:
        for event in events:
            line = json.loads(audit_line(event, self._clock()))
            self._validator.validate(line)
            self.events.append(line)
