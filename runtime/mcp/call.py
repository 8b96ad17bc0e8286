"""What a method receives: the request, its sender, and the services that the server uses."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from runtime.authoring.app import App
from runtime.authoring.context import Channel, Context
from runtime.http.event import Caller, Request
from runtime.mcp.errors import InsufficientScope, RequestId
from runtime.mcp.revisions import LEGACY_ERA, MODERN
from runtime.records.mcp import ExchangeStore, LevelStore, Principal, RemoteFunction, TaskStore, Worker
from runtime.tokens.signer import Signer

Feature = Literal["tools", "resources", "prompts", "completions", "tasks"]


# Finds the function of its own that some tools run in, by its name.
Functions = Callable[[str], RemoteFunction]


class Services(msgspec.Struct, frozen=True):
    """Functions that create the stores when they are first needed: importing boto3 takes longer than most calls.

    ``clock`` returns seconds since the epoch. ``worker_seconds`` is the timeout of the worker function. Without
    ``functions``, all tools run in this process.
    """

    clock: Callable[[], float]
    exchanges: Callable[[], ExchangeStore]
    levels: Callable[[], LevelStore]
    tasks: Callable[[], TaskStore]
    worker: Callable[[], Worker]
    worker_seconds: int
    functions: Functions | None = None


class Sender(msgspec.Struct, frozen=True):
    """The sender of a request.

    ``caller`` is the verdict of the authorizer, ``owner`` owns the records of the request, ``signer`` signs what this
    client carries for the server.
    """

    caller: Caller
    owner: Principal
    signer: Signer


class Call(msgspec.Struct, frozen=True):
    """One request: its validated parameters, its sender, and the app that answers it."""

    id: RequestId | None
    params: Mapping[str, Any]
    context: Context
    channel: Channel
    request: Request
    sender: Sender
    app: App
    services: Services
    server_info: dict[str, Any]
    public_url: str

    @property
    def is_modern(self) -> bool:
        """Whether the request speaks 2026-07-28."""
        return self.context.protocol_version == MODERN

    def has_scopes(self, scopes: frozenset[str]) -> bool:
        """Whether the caller has all of the scopes."""
        return scopes <= self.sender.caller.scopes

    def require_scopes(self, scopes: frozenset[str]) -> None:
        """Raise ``InsufficientScope`` unless the caller has all of the scopes."""
        if not self.has_scopes(scopes):
            raise InsufficientScope(scopes, self.public_url)


class Method(msgspec.Struct, frozen=True):
    """One MCP method.

    ``run`` returns its result. ``eras`` are those that have the method, by their folders in ``schemas/mcp``. Only an
    app with ``feature`` answers it. In 2026-07-28, ``name_member`` is the parameter that the ``Mcp-Name`` header
    repeats, ``can_ask`` lets it ask the client, and ``is_cacheable`` lets the client cache its result.
    """

    run: Callable[[Call], dict[str, Any]]
    eras: tuple[str, ...] = (LEGACY_ERA, MODERN)
    feature: Feature | None = None
    name_member: str | None = None
    can_ask: bool = False
    is_cacheable: bool = False
