"""The security events that are kept for whoever has to look into them later, and where they are written to.

``schemas/audit-event.json`` says what a line of the audit log holds.
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
]
NO_FACTS: Mapping[str, str | int] = MappingProxyType({})


class AuditEvent(NamedTuple):
    """One thing that happened. ``facts`` are members of the schema: ids and names, never a credential."""

    name: EventName
    facts: Mapping[str, str | int] = NO_FACTS

    def also(self, facts: Mapping[str, str | int | None]) -> "AuditEvent":
        """The event with further facts; what it says itself wins, and a fact that is not known is left out."""
        known = {name: value for name, value in facts.items() if value is not None}
        return AuditEvent(self.name, {**known, **self.facts})


class AuditLog(Protocol):
    """Where security events are kept."""

    def record(self, *events: AuditEvent) -> None:
        """Keep events that have happened just now. Raises nothing: what has happened does not fail for being told."""
