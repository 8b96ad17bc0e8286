"""What is kept of users and their logins, and the stores that keep it, as the rest of the runtime knows them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from runtime.records.oauth import Grant


class PushedStore(Protocol):
    """Keeps pushed authorization requests (RFC 9126) by the hash of their reference.

    Every method may raise ``StoreUnavailable``.
    """

    def add(self, reference_hash: str, request: Mapping[str, Any], usable_until: int, expires_at: int) -> None:
        """Keep a request, which can be looked up until a time; that it was used is known until it expires."""

    def get(self, reference_hash: str, now: int) -> Mapping[str, Any] | None:
        """The request, or ``None`` when there is none of this reference, it is too late for it, or it was used."""

    def use(self, reference_hash: str, transaction: str, now: int) -> None:
        """Use a request up for one transaction; raises ``NotThere`` when another has used it, or it has expired.

        The same transaction may use it again: somebody has sent a form twice.
        """


@dataclass(frozen=True, slots=True)
class Login:
    """A browser that was sent to the identity provider and is to come back.

    ``browser_hash`` is SHA-256 of the cookie it is known by; ``nonce`` and ``code_verifier`` are for the provider's
    answer. ``request`` is what a client has asked for, ``None`` where the user has come for their account.
    ``approved`` tells whether the user has just approved it; where not, an earlier consent has to be found. The page
    said that ``subject`` is signed in, ``None`` where it said nothing of the kind.
    """

    browser_hash: str
    nonce: str
    code_verifier: str
    request: Mapping[str, Any] | None
    approved: bool
    expires_at: int
    subject: str | None = None


class LoginStore(Protocol):
    """Keeps logins in progress by the hash of their state. Every method may raise ``StoreUnavailable``."""

    def add(self, state_hash: str, login: Login) -> None:
        """Keep a new one."""

    def take(self, state_hash: str, browser_hash: str, now: int) -> Login:
        """Remove one of this browser, which is thereby over: of any number of attempts, one succeeds.

        Raises ``NotThere`` when there is none of this state, it has expired, or it is another browser's.
        """


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody is logged in. Times are seconds since the epoch."""

    subject: str
    name: str | None
    email: str | None
    created_at: int
    expires_at: int


class SessionStore(Protocol):
    """Keeps sessions by the hash of their cookie. Every method may raise ``StoreUnavailable``."""

    def add(self, session_hash: str, session: Session) -> None:
        """Keep a new one."""

    def get(self, session_hash: str, now: int) -> Session | None:
        """The session, or ``None`` when there is none, or it has expired."""

    def delete(self, session_hash: str) -> None:
        """End a session; doing it again changes nothing."""


@dataclass(frozen=True, slots=True)
class Consent:
    """That a user has approved a client of this name for a scope, its answers going to one redirect URI.

    Name and redirect URI are as users read them, cut where they are long; the key of a consent stands for the whole of
    them. It was given, or used, at ``at`` for the last time, and is over at ``expires``.
    """

    client_id: str
    client_name: str
    redirect_uri: str
    scope: str
    at: int
    expires: int


@dataclass(frozen=True, slots=True)
class GivenGrant:
    """One of a user's grants, by its client; it is over at ``expires`` at the latest."""

    client_id: str
    at: int
    expires: int


@dataclass(frozen=True, slots=True)
class UserRecord:
    """Consents by their key and grants by their id, some of which may be over. ``expires_at`` is when all are."""

    consents: Mapping[str, Consent] = field(default_factory=dict)
    grants: Mapping[str, GivenGrant] = field(default_factory=dict)
    expires_at: int = 0


@dataclass(frozen=True, slots=True)
class UserChange:
    """One write to a user: consents and grants to set, those to remove, and until when the whole is kept."""

    consents: Mapping[str, Consent]
    grants: Mapping[str, GivenGrant]
    without_consents: Collection[str]
    without_grants: Collection[str]
    expires_at: int


class UserStore(Protocol):
    """Keeps what a user has granted, by their subject at one identity provider.

    Every method may raise ``StoreUnavailable``.
    """

    def get(self, subject: str) -> UserRecord:
        """What is kept of a user, empty where nothing is; what of it is over is for the reader to see."""

    def give(self, grant: Grant, change: UserChange) -> None:
        """Keep a new grant, and write the change to its user: both or neither.

        Each consent and grant of the user is set by itself: changes at the same time keep one another. Raises
        ``AlreadyExists`` when the id of the grant is taken.
        """

    def forget(self, subject: str, consents: Collection[str], grants: Collection[str]) -> None:
        """Remove consents, by their key, and grants, by their id; those that are gone already do not matter."""
