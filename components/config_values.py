"""The values of a configuration: which are given, which follow from others, and whether all are valid."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi

from components.app.checks import wrong_app_needs
from components.config_checks import (
    find_oversized_environments,
    unknown_keys,
    wrong_adoption,
    wrong_app,
    wrong_machine_clients,
    wrong_scopes,
    wrong_values,
)
from components.edge.checks import CLOUDFRONT, wrong_edge
from components.encryption import wrong_key
from components.firewall.checks import wrong_firewall
from components.location import Place
from components.log_destination import wrong_log_destination
from components.logo import wrong_logo
from components.monitoring.topic import wrong_alarm_topic
from components.names import wrong_names
from components.packaging.sources import Sources
from components.release import wrong_release
from components.tags import wrong_tags
from runtime.scopes import expand_hierarchy

PROJECT = Path(__file__).resolve().parent.parent
SCHEMA_FILE = PROJECT / "schemas" / "stack-config.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The server that a configuration is for: its name, with which all names in AWS start, and where it is.

    ``title`` is the first line of the message about an invalid configuration, and ``kind`` what the name is that of.
    ``default_tags`` are those that the AWS provider adds, and ``problems`` what is known to be wrong already.
    """

    name: str
    kind: str = "name"
    title: str
    place: Place = field(default_factory=Place)
    default_tags: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[str] = ()


def complete(given: Mapping[str, Any], server: Server) -> dict[str, Any]:
    """Return the values of all keys, for those that are ``given``: valid, and with every default.

    Raise ``pulumi.RunError``, which the CLI shows without a stack trace. The message names every invalid key, its
    value and the allowed values.
    """
    schema = _read_schema()
    rules: dict[str, dict[str, Any]] = schema["properties"]
    given = {key: _count(value) for key, value in given.items()}
    values = {key: rule["default"] for key, rule in rules.items()} | given
    stack = pulumi.get_stack()
    problems = [
        *wrong_names(server.name, stack, server.kind),
        *server.problems,
        *unknown_keys(given, rules),
        *wrong_values(values, schema),
    ]
    if not problems:
        _derive(values, rules, server.place)
        # Derived values obey the same rules: the name of a stack is not always valid for a stage.
        problems = [*wrong_values(values, schema), *_wrong_together(values, server.place)]
        problems += wrong_tags(pulumi.get_project(), stack, values["tags"], server.default_tags)
    if not problems:
        values["scopeImplies"] = expand_hierarchy(values["scopeImplies"])
        problems = list(find_oversized_environments(values))
    if problems:
        # A value of another type is also none of those that are listed.
        raise pulumi.RunError("\n  ".join([server.title, *dict.fromkeys(problems)]))
    return values


def sources_of(app_directory: str | None) -> Sources:
    """Return where the modules are. ``app_directory`` is a path from the working directory of the program."""
    return Sources(PROJECT, None if app_directory is None else Path(app_directory).resolve())


def read_rules() -> dict[str, dict[str, Any]]:
    """Return what the schema says about each key."""
    return dict(_read_schema()["properties"])


def _read_schema() -> dict[str, Any]:
    return dict(json.loads(SCHEMA_FILE.read_bytes()))


def _wrong_together(values: Mapping[str, Any], place: Place) -> list[str]:
    """Report what is wrong with values that each obey the schema."""
    sources = sources_of(values["appDirectory"])
    return [
        *wrong_scopes(values),
        *wrong_app(values, sources),
        *wrong_app_needs(values, PROJECT),
        *wrong_machine_clients(values),
        *wrong_edge(values, place),
        *wrong_logo(values, sources),
        *wrong_release(values),
        *wrong_alarm_topic(values, place),
        *wrong_adoption(values),
        *wrong_key(values, place),
        *wrong_firewall(values, place),
        *wrong_log_destination(values, place),
    ]


def _count(value: Any) -> Any:
    """Return a value in which whole numbers are integers, as JSON Schema counts 512.0 as one and Python does not."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case Mapping():
            return {key: _count(member) for key, member in value.items()}
        case list() | tuple():
            return [_count(member) for member in value]
    return value


def _derive(values: dict[str, Any], rules: Mapping[str, dict[str, Any]], place: Place) -> None:
    """Set the defaults that depend on the stack or on another key, and put the base scope first."""
    if values["upstream"] is not None:
        members = rules["upstream"]["properties"].items()
        values["upstream"] = {key: rule["default"] for key, rule in members if "default" in rule} | values["upstream"]
    if values["edge"] is None:
        # CloudFront is another service in China, and missing in the other partitions.
        values["edge"] = CLOUDFRONT if place.partition() == "aws" else "none"
    scopes = values["scopes"]
    values["stageName"] = values["stageName"] or pulumi.get_stack()
    values["baseScope"] = base = values["baseScope"] or next(iter(scopes))
    if values["machineClients"] is None:
        # Where users sign in, the identity provider decides who may use the tools. Machine clients bypass it.
        values["machineClients"] = "open" if values["upstream"] is None else "token"
    if values["machineScopes"] is None:
        values["machineScopes"] = [base]
    if values["clientIdMetadataDocuments"] is None:
        values["clientIdMetadataDocuments"] = ["*"] if values["registration"] == "open" else []
    values["scopes"] = {name: scopes[name] for name in sorted(scopes, key=lambda name: name != base)}
    if values["challengeScopes"] is None:
        values["challengeScopes"] = list(values["scopes"])
