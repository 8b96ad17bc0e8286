"""An audit log in memory."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from runtime.audit import AuditEvent
from runtime.storage.audit_log import audit_line

SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "audit-event.json"
VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_bytes()))


def check_line(line: dict[str, Any]) -> dict[str, Any]:
    """Check a line against its schema, and return it."""
    VALIDATOR.validate(line)
    return line


class MemoryAuditLog:
    """An ``AuditLog`` in memory that checks every line against its schema."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.events: list[dict[str, Any]] = []

    def record(self, *events: AuditEvent) -> None:
        self.events += [check_line(json.loads(audit_line(event, self._clock()))) for event in events]
