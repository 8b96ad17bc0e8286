"""The app: all tools, resources, prompts and completions of one server."""

import importlib
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from runtime.authoring.completion import ArgumentCompletion
from runtime.authoring.json_values import NotJson, json_value
from runtime.authoring.prompt import Prompt
from runtime.authoring.resource import Resource
from runtime.authoring.tool import Tool
from runtime.authoring.tool_list import ToolList
from runtime.version import VERSION


class App:
    """The tools, resources, prompts and completions that some modules define, in the order of definition.

    A module may be given by its dotted name. It is then not imported here, and holds only tools with a ``function``;
    ``named`` are these names. Their tools come last: the server lists them from a manifest (``add_tools``), and what
    runs everything in one process imports them (``import_named``).

    ``version`` is what clients see as the version of the server. Without one, they see the version of this project.
    Raises ``ValueError``, at import time, if two have the same name or URI, or if JSON cannot carry the instructions.
    """

    def __init__(
        self, modules: Iterable[ModuleType | str], *, instructions: str | None = None, version: str = VERSION
    ) -> None:
        try:
            json_value({"instructions": instructions, "version": version})
        except NotJson as error:
            raise ValueError(f"an app's {error}") from error
        self.instructions = instructions
        self.version = version
        self.tools: dict[str, Tool] = {}
        self.resources: dict[str, Resource] = {}
        self.templates: dict[str, Resource] = {}
        self.prompts: dict[str, Prompt] = {}
        self.completions: dict[tuple[str, str], ArgumentCompletion] = {}
        self.modules: list[ModuleType] = []
        named: list[str] = []
        for module in modules:
            if isinstance(module, str):
                named.append(module)
            else:
                self.modules.append(module)
                self._add_members(module)
        self.named = tuple(named)

    def add_tools(self, tools: Iterable[Tool]) -> None:
        """Add tools. Raise ``ValueError`` if two have the same name."""
        for tool in tools:
            self._add(tool)

    def import_named(self) -> None:
        """Import the modules that are given by name, and add what they define. Raise what their import raises."""
        for module in map(importlib.import_module, self.named):
            if module not in self.modules:
                self.modules.append(module)
                self._add_members(module)

    def _add_members(self, module: ModuleType) -> None:
        for value in vars(module).values():
            self._add(value)

    def _add(self, value: object) -> None:
        match value:
            case ToolList():
                for tool in value:
                    self._add(tool)
            case Tool():
                _put(self.tools, value.name, value, "tools are named")
            case Resource(template=None):
                _put(self.resources, value.uri, value, "resources have the URI")
            case Resource():
                _put(self.templates, value.uri, value, "resource templates have the URI")
            case Prompt():
                _put(self.prompts, value.name, value, "prompts are named")
            case ArgumentCompletion(target=target):
                name = target.name if isinstance(target, Prompt) else target.uri
                _put(self.completions, (name, value.argument), value, "completions are for")


def _put(collection: dict[Any, Any], key: Any, value: object, what: str) -> None:
    # A module may import a definition of another module.
    if collection.setdefault(key, value) is not value:
        raise ValueError(f"two {what} {key!r}")
