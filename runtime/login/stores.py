"""What the login keeps, and where."""

from dataclasses import dataclass

from runtime.audit import AuditLog
from runtime.login.reading import GetClient
from runtime.storage.login_records import LoginStore, PersonStore, PushedStore, SessionStore
from runtime.storage.records import CounterStore, GrantStore


@dataclass(frozen=True, slots=True)
class LoginStores:
    """One store for each kind of record; ``get_client`` finds clients by their id."""

    get_client: GetClient
    pushed: PushedStore
    logins: LoginStore
    sessions: SessionStore
    people: PersonStore
    grants: GrantStore
    counters: CounterStore
    audit: AuditLog
