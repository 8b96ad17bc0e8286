"""The records that are kept, and the stores that keep them, as the rest of the runtime knows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client (RFC 7591).

    ``secret_hash`` and ``registration_token_hash`` are SHA-256 in hex; a public client has no secret. ``metadata`` is
    the client metadata in the standard's own names. ``stated_auth_method`` tells whether the client itself chose its
    ``token_endpoint_auth_method``, ``stated_scope`` whether it named a ``scope``, ``invited`` whether it was registered
    with an initial access token. Times are seconds since the epoch; what expires at 0 never does.
    """

    client_id: str
    secret_hash: str | None
    registration_token_hash: str
    metadata: Mapping[str, Any]
    stated_auth_method: bool
    issued_at: int
    secret_expires_at: int = 0
    expires_at: int = 0
    stated_scope: bool = True
    invited: bool = False


class InitialTokenStore(Protocol):
    """Keeps initial access tokens (RFC 7591 3) by their hash. Every method may raise ``StoreUnavailable``."""

    def add(self, token_hash: str, expires_at: int) -> None:
        """Keep a new one until a time, in seconds since the epoch."""

    def is_valid(self, token_hash: str, now: int) -> bool:
        """Whether there is one with this hash that has not expired."""

    def revoke(self, token_hash: str) -> None:
        """Remove one; raises ``NotThere`` when it is gone already."""


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """A JSON object of another server, when it was fetched, and until when it counts, in seconds since the epoch."""

    document: Mapping[str, Any]
    fetched_at: int
    expires_at: int


class FetchedStore(Protocol):
    """Keeps fetched documents by the hash of their URL. Every method may raise ``StoreUnavailable``."""

    def get(self, url_hash: str, now: int) -> FetchedDocument | None:
        """The document, ``None`` when there is none or its time is over."""

    def put(self, url_hash: str, fetched: FetchedDocument) -> None:
        """Keep a document in the place of any before it."""


class CounterStore(Protocol):
    """Counts events. Every method may raise ``StoreUnavailable``."""

    def count(self, key: str, expires_at: int) -> int:
        """Count one more under a key that is needed until a time; how many there are now."""


class ClientStore(Protocol):
    """Keeps clients by their id. Every method may raise ``StoreUnavailable``."""

    def add(self, client: Client) -> None:
        """Keep a new client; raises ``AlreadyExists`` when its id is taken."""

    def get(self, client_id: str) -> Client | None:
        """The client, or ``None`` when there is none of this id or it has expired."""

    def replace(self, client: Client, registration_token_hash: str) -> None:
        """Put a client in the place of the one with the same id whose registration access token has this hash.

        Raises ``NotThere`` when that is gone: of any number of attempts that change the token, one succeeds.
        """

    def renew(self, client_id: str, expires_at: int) -> None:
        """Put off when a client expires; raises ``NotThere`` when it is gone."""

    def delete(self, client_id: str) -> None:
        """Remove a client; raises ``NotThere`` when it is gone already."""


@dataclass(frozen=True, slots=True)
class ReplacedToken:
    """A refresh token that was used: its SHA-256 in hex, when, in seconds since the epoch, and a salt.

    Its successor is derived from the token itself and ``salt``, which alone is worth nothing.
    """

    hash: str
    salt: str
    replaced_at: int


@dataclass(frozen=True, slots=True)
class Grant:
    """What one user granted to one client by one authorization (RFC 6749 1.3), and what it can be claimed with.

    Its first credential is the authorization code, which counts once; the later ones are refresh tokens (RFC 6749
    1.5), of which one counts at a time. The hashes are SHA-256 in hex; ``family_hash`` is that of what all refresh
    tokens of the grant have in common, and a grant whose client gets none has none of theirs. ``subject`` is the
    user, ``redirect_uri`` the one that the code was sent to, ``code_challenge`` that of RFC 7636 by S256.
    ``rotated_at`` is when the present refresh token was made, ``replaced`` are those shortly before it, each the
    predecessor of the next. Times are seconds since the epoch. The grant ends at ``expires_at``, which moves with each
    use and never past ``absolute_expires_at``.
    """

    grant_id: str
    client_id: str
    client_name: str
    subject: str
    scope: str
    resource: str
    redirect_uri: str
    code_challenge: str
    code_hash: str
    code_expires_at: int
    created_at: int
    absolute_expires_at: int
    expires_at: int
    code_used: bool = False
    family_hash: str | None = None
    refresh_hash: str | None = None
    rotated_at: int = 0
    replaced: tuple[ReplacedToken, ...] = ()


class GrantStore(Protocol):
    """Keeps grants by their id. Every method may raise ``StoreUnavailable``."""

    def add(self, grant: Grant) -> None:
        """Keep a new grant; raises ``AlreadyExists`` when its id is taken."""

    def get(self, grant_id: str) -> Grant | None:
        """The grant, or ``None`` when there is none of this id: it has expired, or was revoked."""

    def redeem(self, grant_id: str, family_hash: str | None, refresh_hash: str | None, expires_at: int) -> None:
        """Use up the code of a grant, which from now on has this refresh token, if any, and expires at a time.

        Of any number of attempts, all but the first raise ``NotThere``; so does one that comes after the code or the
        grant has expired.
        """

    def rotate(self, grant: Grant, refresh_hash: str, replaced: tuple[ReplacedToken, ...], expires_at: int) -> None:
        """Give a grant, which was just read, a new refresh token after those it replaces, and until when it lasts.

        Raises ``NotThere`` when the grant is gone or has another refresh token than was read: of any number of
        attempts that read the same, one succeeds.
        """

    def revoke(self, grant_id: str) -> None:
        """End a grant and everything that was issued under it; doing it again changes nothing."""


class OneTimeStore(Protocol):
    """Keeps ids that count only once. Every method may raise ``StoreUnavailable``."""

    def use(self, client_id: str, one_time_id: str, expires_at: int, now: int) -> None:
        """Use up an id of a client until a time; of any number of attempts, all but one raise ``AlreadyExists``."""


class RevocationStore(Protocol):
    """Keeps the ids of revoked access tokens until these expire. Every method may raise ``StoreUnavailable``."""

    def revoke(self, token_id: str, expires_at: int) -> None:
        """Revoke the token with this ``jti``, which expires at a time; doing it again changes nothing."""

    def is_revoked(self, token_id: str) -> bool:
        """Whether the token with this ``jti`` was revoked. Nothing is said of one that has expired."""
