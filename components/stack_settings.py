"""The configuration of the current stack as it is set. Only this module reads ``pulumi.Config``."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import pulumi
from pulumi.runtime import config as pulumi_config

from components.config_checks import find_foreign_keys
from components.config_members import members_set_twice, nest_members, rule_of


@dataclass(frozen=True, slots=True)
class Settings:
    """What a stack sets: the ``values`` of this project's keys, and ``problems`` with how they and others are set.

    ``default_tags`` are those that the AWS provider adds to every resource.
    """

    values: Mapping[str, Any]
    default_tags: Mapping[str, str]
    problems: Sequence[str]


def read_settings(rules: Mapping[str, Mapping[str, Any]]) -> Settings:
    """Return what the current stack sets, unknown keys too. ``rules`` say of which type the values are."""
    stated = {key: _parse(text, rule_of(key, rules)) for key, text in _read_texts()}
    problems = [*find_foreign_keys(_full_keys()), *members_set_twice(stated, rules)]
    return Settings(nest_members(stated, rules), _read_default_tags(), problems)


def _read_texts() -> Iterator[tuple[str, str]]:
    """Return all keys that the stack sets in this project's namespace, including unknown keys, and their texts."""
    namespace = f"{pulumi.get_project()}:"
    config = pulumi.Config()
    for full_key in _full_keys():
        if full_key.startswith(namespace):
            key = full_key.removeprefix(namespace)
            yield key, config.get(key) or ""


def _full_keys() -> list[str]:
    """Return all keys that the stack sets, with their namespaces."""
    return sorted({**pulumi_config.get_config_env(), **pulumi_config.CONFIG.get()})


def _read_default_tags() -> dict[str, str]:
    """Return the tags that the AWS provider adds to every resource. It refuses other shapes than this one itself."""
    match _parse(pulumi.Config("aws").get("defaultTags") or "", {"type": "object"}):
        case {"tags": dict(tags)}:
            return {key: value for key, value in tags.items() if isinstance(value, str)}
    return {}


def _parse(text: str, rule: Mapping[str, Any]) -> Any:
    """Return the value of ``text`` under ``rule``, or the text itself if it is not valid JSON."""
    if "string" in rule.get("type", "string"):
        return text.strip()
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except ValueError:
        return text


def _refuse_constant(constant: str) -> NoReturn:
    """Refuse NaN and Infinity, which are not JSON and pass any minimum and maximum."""
    raise ValueError(constant)
