"""What the authorization server keeps."""

from dataclasses import dataclass

from runtime.audit import AuditLog
from runtime.records.oauth import (
    ClientStore,
    CounterStore,
    FetchedStore,
    GrantStore,
    InitialTokenStore,
    OneTimeStore,
    RevocationStore,
)


@dataclass(frozen=True, slots=True)
class Stores:
    """One store for each kind of record.

    ``keys`` are those behind a ``jwks_uri``, ``documents`` those whose URL is a client's id.
    """

    clients: ClientStore
    one_time: OneTimeStore
    revocations: RevocationStore
    initial_tokens: InitialTokenStore
    counters: CounterStore
    grants: GrantStore
    audit: AuditLog
    keys: FetchedStore
    documents: FetchedStore
