"""The records of the authorization server, and the interfaces of their stores."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client (RFC 7591).

    ``secret_hash`` and ``registration_token_hash`` are SHA-256 in hex; a public client has no secret. ``metadata`` is
    the client metadata under its standard names. ``stated_auth_method`` is whether the client itself chose its
    ``token_endpoint_auth_method``, ``stated_scope`` whether it sent a ``scope``, ``invited`` whether it registered
    with an initial access token. ``last_used_at`` is when it last got a token, precise to a tenth of the time that an
    unused client lasts, 0 if it never did. Times are seconds since the epoch; 0 means that it never expires.
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
    last_used_at: int = 0


class InitialTokenStore(Protocol):
    """Stores initial access tokens (RFC 7591 3) by their hash. Every method may raise ``StoreUnavailable``."""

    def add(self, token_hash: str, expires_at: int) -> None:
        """Store a new one until ``expires_at``, in seconds since the epoch."""

    def is_valid(self, token_hash: str, now: int) -> bool:
        """Whether there is a token with this hash that has not expired."""

    def revoke(self, token_hash: str) -> None:
        """Delete one; raises ``NotThere`` if it does not exist."""


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """A cached JSON object of another server. Times are seconds since the epoch."""

    document: Mapping[str, Any]
    fetched_at: int
    expires_at: int


class FetchedStore(Protocol):
    """Caches documents of other servers by the hash of their URL. Every method may raise ``StoreUnavailable``."""

    def get(self, url_hash: str, now: int) -> FetchedDocument | None:
        """Return the document, or ``None`` if there is none or it has expired."""

    def put(self, url_hash: str, fetched: FetchedDocument) -> None:
        """Store a document, and replace any earlier one."""


class CounterStore(Protocol):
    """Counts events for rate limits. Every method may raise ``StoreUnavailable``."""

    def count(self, key: str, expires_at: int, limit: int) -> int:
        """Add one to a counter that expires at ``expires_at``, and return the new count.

        Past ``limit``, the result only says that the count is greater.
        """


class ClientStore(Protocol):
    """Stores clients by their id. Every method may raise ``StoreUnavailable``."""

    def add(self, client: Client) -> None:
        """Store a new client; raises ``AlreadyExists`` if its id is taken."""

    def get(self, client_id: str) -> Client | None:
        """Return the client, or ``None`` if it is unknown, has expired, or is disabled."""

    def is_disabled(self, client_id: str) -> bool:
        """Whether an operator has disabled the client."""

    def replace(self, client: Client, registration_token_hash: str) -> None:
        """Replace the client that has the same id, and whose registration access token has this hash.

        Raises ``NotThere`` if there is none. Of any number of attempts that change the token, exactly one succeeds.
        """

    def renew(self, client_id: str, expires_at: int) -> None:
        """Change when a client expires; raises ``NotThere`` if it does not exist."""

    def delete(self, client_id: str) -> None:
        """Delete a client; raises ``NotThere`` if it does not exist."""


@dataclass(frozen=True, slots=True)
class ReplacedToken:
    """A used refresh token: its SHA-256 in hex, and when it was replaced, in seconds since the epoch.

    Its successor is derived from the token itself and ``salt``. The salt alone is useless.
    """

    hash: str
    salt: str
    replaced_at: int


@dataclass(frozen=True, slots=True)
class Grant:
    """What a user granted to a client by one authorization (RFC 6749 1.3), and the credentials of the grant.

    The first credential is the authorization code, which works once. The later ones are refresh tokens (RFC 6749 1.5),
    of which one is valid at a time. The hashes are SHA-256 in hex. ``family_hash`` is the hash of the part that all
    refresh tokens of the grant share; without refresh tokens, it and ``refresh_hash`` are ``None``. ``subject`` is the
    user, ``redirect_uri`` is where the code was sent, ``code_challenge`` is for S256 (RFC 7636). ``rotated_at`` is when
    the current refresh token was issued; ``replaced`` are the ones shortly before it, each the predecessor of the next.
    Times are seconds since the epoch. The grant ends at ``expires_at``, which each use moves, but never past
    ``absolute_expires_at``.
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
    """Stores grants by their id. Every method may raise ``StoreUnavailable``."""

    def get(self, grant_id: str) -> Grant | None:
        """Return the grant, or ``None`` if it is unknown, has expired, or was revoked, alone or with all others."""

    def redeem(self, grant_id: str, family_hash: str | None, refresh_hash: str | None, expires_at: int) -> None:
        """Consume the code of a grant, and set its refresh token, if any, and when it expires.

        Of any number of attempts, all but the first raise ``NotThere``. So does an attempt after the code or the grant
        has expired.
        """

    def rotate(self, grant: Grant, refresh_hash: str, replaced: tuple[ReplacedToken, ...], expires_at: int) -> None:
        """Set the new refresh token of a grant, the tokens that it replaces, and when the grant expires.

        ``grant`` is the grant as just read. Raises ``NotThere`` if it is gone, or has another refresh token by now. Of
        any number of attempts that read the same token, exactly one succeeds.
        """

    def revoke(self, grant_id: str) -> None:
        """Delete a grant, which ends everything issued under it. Repeating it changes nothing."""


class OneTimeStore(Protocol):
    """Stores ids that may be used only once. Every method may raise ``StoreUnavailable``."""

    def consume(self, client_id: str, one_time_id: str, expires_at: int, now: int) -> None:
        """Mark an id of a client as used until ``expires_at``. All attempts but one raise ``AlreadyExists``."""


class RevocationStore(Protocol):
    """Stores the ids of revoked access tokens until the tokens expire. Every method may raise ``StoreUnavailable``."""

    def revoke(self, token_id: str, expires_at: int) -> None:
        """Revoke the token with this ``jti``, which expires at ``expires_at``. Repeating it changes nothing."""

    def is_revoked(self, token_id: str) -> bool:
        """Whether the token with this ``jti`` was revoked. Undefined for a token that has expired."""


@dataclass(frozen=True, slots=True)
class TokenStatus:
    """What is stored about an access token, its client and its grant.

    ``client`` and ``grant`` are ``None`` if they are unknown, have expired or have ended. Tokens that were issued
    before ``issued_before``, in seconds since the epoch, are revoked.
    """

    client: Client | None
    is_client_disabled: bool
    grant: Grant | None
    is_revoked: bool
    issued_before: int


class TokenStatusStore(Protocol):
    """Finds what decides whether an access token is still valid. It may raise ``StoreUnavailable``."""

    def get(self, token_id: str, client_id: str, grant_id: str | None) -> TokenStatus:
        """Return the status of a token, by the ids in it. Undefined for a token that has expired."""
