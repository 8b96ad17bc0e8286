"""Makes the arguments of the component, ``components/server/arguments.py``, from the schema of the configuration."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "schemas" / "stack-config.json"
MODULE = ROOT / "components" / "server" / "arguments.py"

HEAD = '''"""The arguments of ``RemoteMcpServer``: the keys of ``schemas/stack-config.json``. `make docs` makes them.

Other languages get them with the same descriptions. All are plain: they decide what is declared.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict
'''
SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def arguments_module() -> str:
    """Return the source of the whole module."""
    properties: dict[str, Any] = json.loads(SCHEMA.read_text())["properties"]
    parts = [HEAD]
    for key, rule in properties.items():
        if "properties" in rule:
            parts.append("\n\n" + "\n".join(_class(_title_case(key), rule["description"], rule)) + "\n")
    everything = {"properties": properties, "required": []}
    parts.append("\n\n" + "\n".join(_class("RemoteMcpServerArgs", "What a server is made of.", everything)) + "\n")
    return "".join(parts)


def _class(name: str, description: str, rule: Mapping[str, Any]) -> Iterator[str]:
    yield f"class {name}(TypedDict, total=False):"
    yield f"    {_docstring(description)}"
    yield ""
    for key, member in rule["properties"].items():
        kind = _annotation(key, member)
        yield f"    {_snake_case(key)}: {f'Required[{kind}]' if key in rule['required'] else kind}"
        yield f"    {_docstring(_describe(member))}"


def _annotation(key: str, rule: Mapping[str, Any]) -> str:
    [kind, *others] = [kind for kind in _types(rule) if kind != "null"]
    if others:
        raise ValueError(f"{key} has more than one type, which not every language can say")
    if kind == "array":
        return f"Sequence[{_annotation(key, rule['items'])}]"
    if kind == "object":
        if "properties" in rule:
            return _title_case(key)
        members = rule["additionalProperties"]
        return f"Mapping[str, {'Any' if members is True or 'anyOf' in members else _annotation(key, members)}]"
    return SIMPLE[kind]


def _types(rule: Mapping[str, Any]) -> list[str]:
    return rule["type"] if isinstance(rule["type"], list) else [rule["type"]]


def _describe(rule: Mapping[str, Any]) -> str:
    """Return the description with the default, which the schema of a package cannot state for every type."""
    text = str(rule["description"])
    default = rule.get("default")
    return text if default is None else f"{text} Default: `{json.dumps(default)}`."


def _docstring(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"""')
    # Quotation marks must not meet at the end.
    return f'"""{escaped[:-1]}{chr(92) if escaped.endswith(chr(34)) else ""}{escaped[-1]}"""'


def _snake_case(key: str) -> str:
    return re.sub("([A-Z])", r"_\1", key).lower()


def _title_case(key: str) -> str:
    return key[0].upper() + key[1:]
