"""Everything that one server offers."""

from collections.abc import Iterable
from types import ModuleType

from runtime.authoring.resource import Resource
from runtime.authoring.tool import Tool


class App:
    """The tools and resources that are defined in some modules, in the order of their definition.

    Raises ``ValueError``, at import time, when two have the same name or URI.
    """

    def __init__(
        self, modules: Iterable[ModuleType], *, instructions: str | None = None, version: str = "1.0.0"
    ) -> None:
        self.instructions = instructions
        self.version = version
        self.tools: dict[str, Tool] = {}
        self.resources: dict[str, Resource] = {}
        for module in modules:
            for value in vars(module).values():
                self._add(value)

    def _add(self, value: object) -> None:
        if isinstance(value, Tool):
            if self.tools.setdefault(value.name, value) is not value:
                raise ValueError(f"two tools are named {value.name!r}")
        elif isinstance(value, Resource) and self.resources.setdefault(value.uri, value) is not value:
            raise ValueError(f"two resources have the URI {value.uri!r}")
