"""Parameters that clients repeat in an HTTP header (MCP 2026-07-28, Custom Headers from Tool Parameters)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

KEYWORD = "x-mcp-header"
# RFC 9110 5.6.2: token.
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PRIMITIVES = {"string", "integer", "boolean"}


class HeaderParameter(NamedTuple):
    """The path of a property in the arguments, and the name of its header after ``Mcp-Param-``."""

    path: tuple[str, ...]
    name: str


def header(name: str) -> msgspec.Meta:
    """Repeat a parameter in the header ``Mcp-Param-<name>``: ``region: Annotated[str, header("Region")]``."""
    return msgspec.Meta(extra_json_schema={KEYWORD: name})


def header_parameters(schema: Mapping[str, Any]) -> Iterator[HeaderParameter]:
    """Yield the parameters of an input schema that a header repeats. Raise ``ValueError`` for an invalid one."""
    found: set[str] = set()
    for path, rule in _properties(schema, ()):
        name = rule.get(KEYWORD)
        if name is None:
            continue
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            raise ValueError(f"{KEYWORD} of {'.'.join(path)} must be an HTTP token")
        if name.lower() in found:
            raise ValueError(f"{KEYWORD} {name} is used twice")
        if rule.get("type") not in _PRIMITIVES:
            raise ValueError(f"{KEYWORD} of {'.'.join(path)} needs a string, an integer or a boolean")
        found.add(name.lower())
        yield HeaderParameter(path, name)


def _properties(
    schema: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Yield every property with its path, through ``properties`` alone."""
    for name, rule in schema.get("properties", {}).items():
        if isinstance(rule, Mapping):
            yield (*path, name), rule
            yield from _properties(rule, (*path, name))
