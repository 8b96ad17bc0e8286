"""What a method is given: the request, who sends it, and what the endpoint reaches beyond itself."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from runtime.authoring.app import App
from runtime.authoring.context import Channel, Context
from runtime.http.event import Caller
from runtime.mcp.errors import InsufficientScope, RequestId
from runtime.records.mcp import ExchangeStore, LevelStore, Principal, TaskStore, Worker
from runtime.tokens.signer import Signer


class Services(msgspec.Struct, frozen=True):
    """Makers of the stores, called when one is first needed: importing boto3 takes longer than most calls.

    ``clock`` reads seconds since the epoch. ``worker_seconds`` is how long the worker function may run.
    """

    clock: Callable[[], float]
    exchanges: Callable[[], ExchangeStore]
    levels: Callable[[], LevelStore]
    tasks: Callable[[], TaskStore]
    worker: Callable[[], Worker]
    worker_seconds: int


class Call(msgspec.Struct, frozen=True):
    """One request: its validated parameters, who sends it, and what the server has to offer."""

    id: RequestId | None
    params: Mapping[str, Any]
    context: Context
    exchange: Channel
    caller: Caller
    app: App
    signer: Signer
    services: Services
    server_info: Mapping[str, str]

    @property
    def owner(self) -> Principal:
        """Whom the records of this request belong to."""
        return Principal(self.caller.client_id, self.caller.subject)

    def may(self, scopes: frozenset[str]) -> bool:
        """Whether the caller has all of the scopes."""
        return scopes <= self.caller.scopes

    def check(self, scopes: frozenset[str]) -> None:
        """Raise ``InsufficientScope`` unless the caller has all of the scopes."""
        if not self.may(scopes):
            raise InsufficientScope(scopes)
