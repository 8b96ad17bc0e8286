"""What a method is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.authoring.app import App
from runtime.authoring.context import Context


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its validated parameters, who sends it, and what the server has to offer."""

    params: Mapping[str, Any]
    context: Context
    app: App
    server_name: str

    @property
    def server_info(self) -> dict[str, str]:
        """The ``Implementation`` that the server introduces itself with."""
        return {"name": self.server_name, "version": self.app.version}

    @property
    def capabilities(self) -> dict[str, Any]:
        """What the server can do. No list changes while a process lives, so ``listChanged`` is never announced."""
        return {"tools": {}, "resources": {}}
