"""The records that are kept, and the stores that keep them, as the rest of the runtime knows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class StoreUnavailable(Exception):
    """A store did not answer as it should; the operation that failed is the message, the cause is chained."""


class AlreadyExists(Exception):
    """A record with this key is there already."""


class NotThere(Exception):
    """The record is gone, or has never been."""


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client (RFC 7591).

    ``secret_hash`` and ``registration_token_hash`` are SHA-256 in hex; a public client has no secret. ``metadata`` is
    the client metadata in the standard's own names. ``stated_auth_method`` tells whether the client itself chose its
    ``token_endpoint_auth_method``. Times are seconds since the epoch; a secret expiring at 0 never does.
    """

    client_id: str
    secret_hash: str | None
    registration_token_hash: str
    metadata: Mapping[str, Any]
    stated_auth_method: bool
    issued_at: int
    secret_expires_at: int = 0


class ClientStore(Protocol):
    """Keeps clients by their id. Every method may raise ``StoreUnavailable``."""

    def add(self, client: Client) -> None:
        """Keep a new client; raises ``AlreadyExists`` when its id is taken."""

    def get(self, client_id: str) -> Client | None:
        """The client, or ``None`` when there is none of this id."""

    def replace(self, client: Client) -> None:
        """Put a client in the place of the one with the same id; raises ``NotThere`` when that is gone."""

    def delete(self, client_id: str) -> None:
        """Remove a client; raises ``NotThere`` when it is gone already."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A symmetric JWT key and its id, which is the version id of the secret that holds it."""

    kid: str
    value: bytes

    def __repr__(self) -> str:
        """Never shows the key."""
        return f"SigningKey(kid={self.kid!r})"


class KeyStore(Protocol):
    """Reads signing keys. Every method may raise ``StoreUnavailable``."""

    def read(self) -> tuple[SigningKey, ...]:
        """The current key first, then the previous one if there is one."""
