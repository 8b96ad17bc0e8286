"""Holds a document against the JSON Schema of the OpenAPI Initiative.

``oas-3.0.json`` and ``oas-3.1.json`` are that schema, unchanged (Apache-2.0). Only what the chosen operations need is
checked: a fault in another part of a large document of somebody else concerns nobody here.
"""

import functools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for

from openapi.document import Document
from openapi.found import Found

COMPONENTS: Final = "#/components/"
LONGEST_FAULT: Final = 300


def find_faults(document: Document, chosen: Sequence[Found]) -> dict[str, str]:
    """Return the first fault in what each operation needs, by ``Found.label``, without those that have none."""
    if _fault(document, chosen) is None:
        return {}
    # A fault may be in a component that several of them need.
    faults = {found.label: _fault(document, [found]) for found in chosen}
    return {label: fault for label, fault in faults.items() if fault is not None}


def _fault(document: Document, chosen: Sequence[Found]) -> str | None:
    error = best_match(_validator(document.version).iter_errors(_parts_of(document.root.value, chosen)))
    return None if error is None else f"{_pointer(error.absolute_path)}: {error.message[:LONGEST_FAULT]}"


@functools.cache
def _validator(version: str) -> Any:
    schema = json.loads((Path(__file__).parent / f"oas-{version}.json").read_text())
    return validator_for(schema)(schema)


def _parts_of(root: dict[str, Any], chosen: Sequence[Found]) -> dict[str, Any]:
    """Return the document with nothing but its servers and the paths and components that operations refer to."""
    paths: dict[str, dict[str, Any]] = {}
    for found in chosen:
        # An operation itself may be in another file, although OpenAPI does not say so.
        item = paths.setdefault(found.path, {"parameters": found.item.value.get("parameters", [])})
        item[found.method.lower()] = found.part.value
    components: dict[str, dict[str, Any]] = {}
    waiting: list[Any] = [paths]
    while waiting:
        for reference in _references(waiting.pop()):
            kind, _, name = reference.removeprefix(COMPONENTS).partition("/")
            name = name.replace("~1", "/").replace("~0", "~")
            target = root.get("components", {}).get(kind, {}).get(name)
            if target is not None and name not in components.setdefault(kind, {}):
                components[kind][name] = target
                waiting.append(target)
    security = root.get("components", {}).get("securitySchemes")
    kept_components = {**components, **({"securitySchemes": security} if security else {})}
    about = {"openapi": root["openapi"], "info": {"title": "", "version": ""}}
    servers = {"servers": root["servers"]} if "servers" in root else {}
    return {**about, **servers, "paths": paths, "components": kept_components}


def _references(value: Any) -> Iterator[str]:
    """Yield the references to components in a value."""
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and reference.startswith(COMPONENTS):
            yield reference
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _pointer(path: Any) -> str:
    """Return a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)
