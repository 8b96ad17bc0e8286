"""The records of users and logins, and the interfaces of their stores."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from runtime.records.oauth import Grant


class PushedStore(Protocol):
    """Stores pushed authorization requests (RFC 9126) by the hash of their request URI.

    Every method may raise ``StoreUnavailable``.
    """

    def add(self, reference_hash: str, request: Mapping[str, Any], usable_until: int, expires_at: int) -> None:
        """Store a request. ``get`` finds it until ``usable_until``; it can be consumed until ``expires_at``."""

    def get(self, reference_hash: str, now: int) -> Mapping[str, Any] | None:
        """Return the request, or ``None`` if it is unknown, no longer usable, or consumed."""

    def consume(self, reference_hash: str, transaction: str, now: int) -> None:
        """Consume a request for one transaction; raises ``NotThere`` if another one consumed it, or it has expired.

        The same transaction may consume it again: a user may submit a form twice.
        """


@dataclass(frozen=True, slots=True)
class Login:
    """A login in progress: the browser is at the identity provider.

    ``browser_hash`` is the SHA-256 of the browser's cookie. ``nonce`` and ``code_verifier`` verify the provider's
    response. ``request`` is the client's authorization request, ``None`` for a login at the account page. ``approved``
    is whether the user has just approved the request; otherwise the callback needs an earlier consent. ``subject`` is
    the user that the consent page named as signed in, ``None`` for nobody.
    """

    browser_hash: str
    nonce: str
    code_verifier: str
    request: Mapping[str, Any] | None
    approved: bool
    expires_at: int
    subject: str | None = None


class LoginStore(Protocol):
    """Stores logins in progress by the hash of their state. Every method may raise ``StoreUnavailable``."""

    def add(self, state_hash: str, login: Login) -> None:
        """Store a new one."""

    def consume(self, state_hash: str, browser_hash: str, now: int) -> Login:
        """Remove a login of this browser, and return it. Of any number of attempts, exactly one succeeds.

        Raises ``NotThere`` if the state is unknown, has expired, or belongs to another browser.
        """


@dataclass(frozen=True, slots=True)
class Session:
    """A browser session of a user. Times are seconds since the epoch."""

    subject: str
    name: str | None
    email: str | None
    created_at: int
    expires_at: int


class SessionStore(Protocol):
    """Stores sessions by the hash of their cookie. Every method may raise ``StoreUnavailable``."""

    def add(self, session_hash: str, session: Session) -> None:
        """Store a new one."""

    def get(self, session_hash: str, now: int) -> Session | None:
        """Return the session, or ``None`` if there is none or it has expired."""

    def delete(self, session_hash: str) -> None:
        """Delete a session. Repeating it changes nothing."""


@dataclass(frozen=True, slots=True)
class Consent:
    """A user's approval of a client, with this name and redirect URI, for a scope.

    Name and redirect URI are as the page shows them, shortened if they are long; the key of a consent is a hash of the
    full values. ``at`` is when it was last given or used, ``expires`` when it expires.
    """

    client_id: str
    client_name: str
    redirect_uri: str
    scope: str
    at: int
    expires: int


@dataclass(frozen=True, slots=True)
class UserGrant:
    """A grant in the record of its user. It was issued at ``at``, and ends at ``expires`` or earlier."""

    client_id: str
    at: int
    expires: int


@dataclass(frozen=True, slots=True)
class UserRecord:
    """Consents by key and grants by id, some of which may have expired. ``expires_at`` is when the last one does."""

    consents: Mapping[str, Consent] = field(default_factory=dict)
    grants: Mapping[str, UserGrant] = field(default_factory=dict)
    expires_at: int = 0


@dataclass(frozen=True, slots=True)
class UserChange:
    """One write to a user's record: consents and grants to set and to remove, and when the record expires.

    ``email`` is the user's address as the identity provider stated it last: an operator finds the user by it.
    """

    consents: Mapping[str, Consent]
    grants: Mapping[str, UserGrant]
    without_consents: Collection[str]
    without_grants: Collection[str]
    expires_at: int
    email: str | None = None


class UserStore(Protocol):
    """Stores the consents and grants of users by their subject at one identity provider.

    Every method may raise ``StoreUnavailable``.
    """

    def get(self, subject: str) -> UserRecord:
        """Return the record of a user, which may be empty or have expired entries."""

    def add_grant(self, grant: Grant, change: UserChange) -> None:
        """Store a new grant and write the change to its user, both or neither.

        Each consent and grant is a separate attribute, so concurrent changes do not overwrite each other. Raises
        ``AlreadyExists`` if the id of the grant is taken.
        """

    def remove(self, subject: str, consents: Collection[str], grants: Collection[str]) -> None:
        """Remove consents by key and grants by id from a user's record, and ignore those that do not exist."""
