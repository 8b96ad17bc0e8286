"""What a change of the package breaks in programs that use it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from components.server.plugin import package_schema

RELEASED = Path(__file__).parent / "released-package.json"
MEND = "put it back, or release a new major version"
# What a program writes and reads of a property. Descriptions may change.
SHAPE = ("type", "$ref", "plain", "items", "additionalProperties")

Schema = Mapping[str, Any]


def find_breaks(old: Schema, new: Schema) -> Iterator[str]:
    """Report what programs that use the package of ``old`` cannot do with that of ``new``."""
    for kind in ("resources", "types"):
        for token, before in old[kind].items():
            after = new[kind].get(token)
            if after is None:
                yield f"{token} was removed: {MEND}"
                continue
            yield from _changed(f"{token} properties", before.get("properties", {}), after.get("properties", {}))
            yield from _changed(f"{token} input", before.get("inputProperties", {}), after.get("inputProperties", {}))
            yield from _demanded(token, before, after)
            for name in sorted(set(before.get("required", [])) - set(after.get("required", []))):
                if kind == "resources":
                    yield f"{token} no longer always has the output {name}: {MEND}"


def save(version: str) -> None:
    """Record the schema of the package of a release."""
    RELEASED.write_text(json.dumps({**package_schema(), "version": version}, indent=2, sort_keys=True) + "\n")


def _changed(where: str, before: Schema, after: Schema) -> Iterator[str]:
    for name, rule in before.items():
        if name not in after:
            yield f"{where} {name} was removed: {MEND}"
        elif _shape(rule) != _shape(after[name]):
            yield f"{where} {name} has another type, {_shape(after[name])} and not {_shape(rule)}: {MEND}"


def _demanded(token: str, before: Schema, after: Schema) -> Iterator[str]:
    """Report what a program must give now. A type that only outputs have does not occur in this package."""
    demanded = "requiredInputs" if "inputProperties" in before else "required"
    for name in sorted(set(after.get(demanded, [])) - set(before.get(demanded, []))):
        yield f"{token} needs {name} now: give it a default, or release a new major version"


def _shape(rule: Any) -> Any:
    if not isinstance(rule, Mapping):
        return rule
    return {name: _shape(rule[name]) for name in SHAPE if name in rule}
