"""Security events and the audit log.

``schemas/audit-event.json`` is the schema of a line of the audit log.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

EventName = Literal[
    "client_registered",
    "client_replaced",
    "client_deleted",
    "registration_token_rotated",
    "initial_token_made",
    "initial_token_revoked",
    "token_issued",
    "token_revoked",
    "access_denied",
    "refused",
    "failed",
    "signing_key_made",
    "signing_key_rotated",
    "upstream_secret_set",
    "app_secret_set",
    "login",
    "login_refused",
    "signed_out",
    "request_pushed",
    "consent_given",
    "consent_denied",
    "code_replayed",
    "refresh_token_reused",
    "access_revoked",
    "grant_displaced",
    "client_disabled",
    "client_enabled",
    "user_removed",
    "all_revoked",
    "signing_key_rotation_started",
    "command_failed",
]
NO_FACTS: Mapping[str, str | int] = MappingProxyType({})


class AuditEvent(NamedTuple):
    """A security event. ``facts`` are members of the schema: ids and names, never credentials."""

    name: EventName
    facts: Mapping[str, str | int] = NO_FACTS

    def with_facts(self, facts: Mapping[str, str | int | None]) -> "AuditEvent":
        """Return the event with more facts. Its own facts win, and facts that are ``None`` are left out."""
        known = {name: value for name, value in facts.items() if value is not None}
        return AuditEvent(self.name, {**known, **self.facts})


class AuditLog(Protocol):
    """Stores security events."""

    def record(self, *events: AuditEvent) -> None:
        """Store events that have just happened. Raises nothing: what has happened cannot fail afterwards."""
