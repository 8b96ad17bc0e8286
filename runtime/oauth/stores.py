"""The stores of the authorization server."""

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

    ``keys`` holds key sets fetched from a ``jwks_uri``, ``documents`` the metadata documents of clients.
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
