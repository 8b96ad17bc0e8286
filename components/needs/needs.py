"""What a needs file gets: it tells about the stack, and collects what the app needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from components.app.settings import AppSettings
from components.location import Location
from components.needs import checks
from components.needs.collector import FunctionCollector
from components.needs.own_function import OwnFunctionCollector
from components.needs.secrets import AppSecrets
from components.needs.values import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a needs file can ask about its stack."""

    prefix: str
    tags: Mapping[str, str]
    location: Location
    settings: AppSettings
    parent: pulumi.Resource


class Needs(FunctionCollector):
    """What the functions that run tools need. The other functions of the server get none of it.

    ``prefix`` starts the names of the stack's resources, ``tags`` are what they all have, and ``stack`` is its name.
    ``parent`` is the parent of each resource that the file declares without one.
    """

    longest_timeout = 29

    def __init__(self, file: Path, surroundings: Surroundings, told: Told, secrets: AppSecrets) -> None:
        super().__init__(file, "needs", told, secrets)
        self._settings = surroundings.settings
        self.prefix = surroundings.prefix
        self.tags = dict(surroundings.tags)
        self.stack = pulumi.get_stack()
        self.region = surroundings.location.region
        self.account = surroundings.location.account_id
        self.parent = surroundings.parent

    def config(self, key: str) -> Any:
        """Return a setting of the app: ``app:KEY`` in the configuration of the stack, or its default in the schema."""
        self._refuse("config", self._settings.wrong(key))
        return self._settings.get(key)

    def function(self, name: str) -> OwnFunctionCollector:
        """Return what the function of the tools with ``@tool(function=name)`` needs, to add to it."""
        self._refuse("function", checks.wrong_function(name))
        told = self._told.functions.setdefault(name, Told())
        return OwnFunctionCollector(self._file, f"needs.function({name!r})", told, self._secrets)
