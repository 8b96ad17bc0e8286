"""The arguments of the component as the keys of the configuration, which other languages and stack files write."""

from collections.abc import Mapping
from typing import Any

from components.key_names import camel_case, snake_case
from components.server.arguments import RemoteMcpServerArgs, Upstream


def keys_of(args: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that are set, by the keys of the configuration. A name that is none stays as it is."""
    given = _rename(args, RemoteMcpServerArgs.__annotations__)
    if isinstance(given.get("upstream"), Mapping):
        given["upstream"] = _rename(given["upstream"], Upstream.__annotations__)
    return given


def names_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of the configuration by the names of the arguments."""
    named = {snake_case(key): value for key, value in values.items()}
    if isinstance(named.get("upstream"), Mapping):
        named["upstream"] = {snake_case(key): value for key, value in named["upstream"].items()}
    return named


def _rename(members: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    return {
        (camel_case(name) if name in known else name): value for name, value in members.items() if value is not None
    }
