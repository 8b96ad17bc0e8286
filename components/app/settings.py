"""The settings of an app, which differ between stacks, and the schema that its owner gives them."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator

from components.app.file import SCHEMA

# The namespace of an app's settings in the configuration of a stack.
NAMESPACE = "app"


@dataclass(frozen=True, slots=True)
class AppSettings:
    """The ``values`` that a stack gives to an app. ``schema`` is what the file beside ``needs.py`` says, if any.

    ``asked`` are the keys that the needs file has read.
    """

    values: Mapping[str, Any]
    schema: Mapping[str, Any] | None = None
    asked: set[str] = field(default_factory=set)

    def get(self, key: str) -> Any:
        """Return the value of a setting, or its default. There is one: see ``wrong``."""
        self.asked.add(key)
        return self.values[key] if key in self.values else self._rules[key]["default"]

    def wrong(self, key: str) -> str | None:
        """Return why there is no value for a setting, if there is none."""
        if key in self.values:
            return None
        if self.schema is None:
            return f"{NAMESPACE}:{key} is not set"
        if key not in self._rules:
            near = difflib.get_close_matches(key, self._rules, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            return f"{SCHEMA} has no property {key}{hint}"
        if "default" not in self._rules[key]:
            return f"{NAMESPACE}:{key} is not set, and {SCHEMA} has no default for it"
        return None

    @property
    def keys_without_reader(self) -> list[str]:
        """The keys that are set and that the needs file has not read."""
        return sorted(self.values.keys() - self.asked)

    @property
    def _rules(self) -> Mapping[str, Any]:
        return dict((self.schema or {}).get("properties", {}))


def wrong_settings(values: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    """Report settings of an app that its schema does not allow, or that it has no default for."""
    defaults = {key: rule["default"] for key, rule in schema["properties"].items() if "default" in rule}
    for error in Draft202012Validator(schema).iter_errors({**defaults, **values}):
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
        yield f"{NAMESPACE}:{path[1:]}: {error.message}" if path else f"{NAMESPACE}: {error.message}"
