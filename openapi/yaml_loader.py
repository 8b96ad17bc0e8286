"""Loads YAML and JSON with the types of JSON."""

import json
import re
from pathlib import Path
from typing import Any, Final

import yaml

_TAG: Final = "tag:yaml.org,2002:"
# YAML 1.2.2, 10.3.2 (Core Schema), of which OpenAPI takes the types of JSON. Without this, YAML 1.1 reads ``no`` as
# false, and ``2026-01-01`` as a date.
_TYPES: Final = (
    ("null", r"null|Null|NULL|~|", ("n", "N", "~", "")),
    ("bool", r"true|True|TRUE|false|False|FALSE", tuple("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", tuple("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", tuple("-+.0123456789")),
    ("merge", r"<<", ("<",)),
)


class _Loader(yaml.CSafeLoader):
    """The names of members are text: ``200`` is the name of a response."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        self.flatten_mapping(node)
        for name, _ in node.value:
            if not isinstance(name, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "the name of a member must be text", name.start_mark
                )
        return {name.value: self.construct_object(value, deep=deep) for name, value in node.value}


_Loader.yaml_implicit_resolvers = {}
for _name, _pattern, _first in _TYPES:
    _Loader.add_implicit_resolver(f"{_TAG}{_name}", re.compile(f"(?:{_pattern})$"), list(_first))


def load(path: Path, content: bytes) -> Any:
    """Return the value of a file. Raise ``ValueError`` for one that is neither YAML nor JSON."""
    try:
        if path.suffix == ".json":
            return json.loads(content)
        return yaml.load(content, _Loader)  # noqa: S506  # nosec B506  # it is a safe loader
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{path.name} is neither YAML nor JSON: {reason}") from error
