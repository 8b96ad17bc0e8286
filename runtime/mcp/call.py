"""What a method is given."""

from collections.abc import Mapping
from typing import Any

import msgspec

from runtime.authoring.app import App
from runtime.authoring.context import Context, Exchange
from runtime.event import Caller
from runtime.mcp.errors import InsufficientScope, RequestId
from runtime.mcp.seal import Sealer
from runtime.mcp.services import Services
from runtime.storage.work import Principal


class Call(msgspec.Struct, frozen=True):
    """One request: its validated parameters, who sends it, and what the server has to offer."""

    id: RequestId | None
    params: Mapping[str, Any]
    context: Context
    exchange: Exchange
    caller: Caller
    app: App
    sealer: Sealer
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
