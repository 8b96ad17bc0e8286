"""What the authorization server keeps."""

from dataclasses import dataclass

from runtime.audit import AuditLog
from runtime.storage.records import (
    ClientStore,
    CounterStore,
    GrantStore,
    InitialTokenStore,
    OneTimeStore,
    RevocationStore,
)


@dataclass(frozen=True, slots=True)
class Stores:
    """One store for each kind of record."""

    clients: ClientStore
    one_time: OneTimeStore
    revocations: RevocationStore
    initial_tokens: InitialTokenStore
    counters: CounterStore
    grants: GrantStore
    audit: AuditLog
