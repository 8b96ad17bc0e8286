"""The stores of the login function."""

from dataclasses import dataclass

from runtime.audit import AuditLog
from runtime.login.request_reader import GetClient
from runtime.records.login import LoginStore, PushedStore, SessionStore, UserStore
from runtime.records.oauth import CounterStore, GrantStore


@dataclass(frozen=True, slots=True)
class LoginStores:
    """One store for each kind of record. ``get_client`` finds a client by its id."""

    get_client: GetClient
    pushed: PushedStore
    logins: LoginStore
    sessions: SessionStore
    users: UserStore
    grants: GrantStore
    counters: CounterStore
    audit: AuditLog
