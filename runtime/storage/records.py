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


class TooLarge(Exception):
    """The record is larger than the store can keep."""


class Changed(Exception):
    """Somebody else has changed the record since it was read."""


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


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a record belongs to."""

    client_id: str
    subject: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request of a legacy client that waits for the client's answers.

    ``pending`` maps the JSON-RPC id of a question to its key, ``answers`` and ``refused`` a key to what came back.
    ``events`` are the messages of the stream so far. ``lease`` is the time until which one invocation works on it,
    ``done`` that its last event is the response. ``version`` grows with each change. Times are seconds since the epoch.
    """

    id: str
    owner: Principal
    request: Mapping[str, Any]
    revision: str
    capabilities: Mapping[str, Any] | None
    expires_at: int
    pending: Mapping[str, str]
    answers: Mapping[str, Any]
    refused: Mapping[str, str]
    events: tuple[Mapping[str, Any], ...]
    notified: int = 0
    lease: int = 0
    done: bool = False
    version: int = 0


class ExchangeStore(Protocol):
    """Keeps exchanges until they expire. Every method may raise ``StoreUnavailable``."""

    def get(self, exchange_id: str, now: int) -> Exchange | None:
        """The exchange, or ``None`` when there is none of this id or it has expired."""

    def put(self, exchange: Exchange) -> None:
        """Keep an exchange whose ``version`` is one more than the kept one; raises ``Changed`` or ``TooLarge``."""


class LevelStore(Protocol):
    """Keeps the log level that a legacy principal has set. Every method may raise ``StoreUnavailable``."""

    def get(self, owner: Principal) -> str | None:
        """The level, or ``None`` when none is set."""

    def put(self, owner: Principal, level: str, expires_at: int) -> None:
        """Set the level until a time."""


@dataclass(frozen=True, slots=True)
class Task:
    """A tool call that runs on its own (MCP extension ``io.modelcontextprotocol/tasks``).

    ``request`` holds the parameters of the call and what its context needs. ``questions`` are the requests to the
    client that wait for an answer, in their wire form; ``names`` maps the name of every question there has been to the
    key of its answer. ``claimed`` tells that a worker has
    taken it up. A task that works past ``lease`` has lost its worker. Times are
    seconds since the epoch, ``created_at`` and ``updated_at`` with fractions.
    """

    id: str
    owner: Principal
    status: str
    request: Mapping[str, Any]
    created_at: float
    updated_at: float
    expires_at: int
    lease: int
    questions: Mapping[str, Any]
    answers: Mapping[str, Any]
    names: Mapping[str, str]
    result: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None
    status_message: str | None = None
    claimed: bool = False
    version: int = 0


class TaskStore(Protocol):
    """Keeps tasks until they expire. Every method may raise ``StoreUnavailable``."""

    def get(self, task_id: str, now: int) -> Task | None:
        """The task, or ``None`` when there is none of this id or it has expired."""

    def put(self, task: Task) -> None:
        """Keep a task whose ``version`` is one more than the kept one; raises ``Changed`` or ``TooLarge``."""


class Worker(Protocol):
    """Starts the function that runs tasks."""

    def start(self, task_id: str) -> None:
        """Have a task run; raises ``StoreUnavailable`` when the worker cannot be reached."""
