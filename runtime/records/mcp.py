"""The records of MCP requests in progress, and the interfaces of their stores."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

import msgspec

# An item of DynamoDB holds 400 KB at most, including names and the other attributes.
LARGEST_DOCUMENT_BYTES: Final = 390_000


class TooLarge(Exception):
    """The record is too large for the store."""


class Changed(Exception):
    """Another invocation has changed the record since it was read."""


class Principal(msgspec.Struct, frozen=True):
    """The owner of a record."""

    client_id: str
    subject: str


class Exchange(msgspec.Struct, frozen=True):
    """A request of a legacy client that waits for the client's answers.

    ``pending`` maps the JSON-RPC id of a question to its key, ``answers`` and ``refused`` map a key to the result.
    ``events`` are the messages of the stream so far. ``lease`` is the time until which one invocation works on it,
    ``done`` is whether the last event is the response. ``version`` grows with each change. Times are seconds since the
    epoch. ``scopes`` are those that every token so far has had, ``None`` if unknown, and ``needs`` are the scopes that
    the request needed at first.
    """

    id: str
    owner: Principal
    request: Mapping[str, Any]
    revision: str
    capabilities: Mapping[str, Any]
    expires_at: int
    pending: Mapping[str, str]
    answers: Mapping[str, Any]
    refused: Mapping[str, str]
    events: tuple[Mapping[str, Any], ...]
    notified: int = 0
    lease: int = 0
    done: bool = False
    version: int = 0
    scopes: tuple[str, ...] | None = None
    needs: tuple[str, ...] = ()


class ExchangeStore(Protocol):
    """Stores exchanges until they expire. Every method may raise ``StoreUnavailable``."""

    def get(self, exchange_id: str, now: int) -> Exchange | None:
        """Return the exchange, or ``None`` if it is unknown or has expired."""

    def put(self, exchange: Exchange) -> None:
        """Store an exchange whose ``version`` is one more than the stored one; raises ``Changed`` or ``TooLarge``."""


class LevelStore(Protocol):
    """Stores the log level that a legacy principal has set. Every method may raise ``StoreUnavailable``."""

    def get(self, owner: Principal) -> str | None:
        """Return the level, or ``None`` if none is set."""

    def put(self, owner: Principal, level: str, expires_at: int) -> None:
        """Set the level until ``expires_at``."""


class Task(msgspec.Struct, frozen=True):
    """A tool call that runs on its own (MCP extension ``io.modelcontextprotocol/tasks``).

    ``request`` holds the parameters of the call and what its context needs, including the ``scopes`` that every token
    so far has had, and ``needs``, the scopes that the tool needed at first. ``questions`` are the requests to the
    client that wait for an answer, in their wire form; ``names`` maps the name of every question so far to the key of
    its answer. ``claimed`` is whether a worker has started it. A task that works past ``lease`` has lost its worker.
    Times are seconds since the epoch, ``created_at`` and ``updated_at`` with fractions.
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
    """Stores tasks until they expire. Every method may raise ``StoreUnavailable``."""

    def get(self, task_id: str, now: int) -> Task | None:
        """Return the task, or ``None`` if it is unknown or has expired."""

    def put(self, task: Task) -> None:
        """Store a task whose ``version`` is one more than the stored one; raises ``Changed`` or ``TooLarge``."""


class Worker(Protocol):
    """Starts the function that runs tasks."""

    def start(self, task_id: str) -> None:
        """Start a task asynchronously; raises ``StoreUnavailable`` if the worker cannot be reached."""


class RemoteFunction(Protocol):
    """A function that is called and answers. It is called once: a call that failed may have done its work."""

    def invoke(self, payload: bytes) -> bytes:
        """Return its answer to a payload, both as JSON. Raise ``InvocationFailed``."""
