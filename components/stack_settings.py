"""The configuration of the current stack as it is set. Only this module reads ``pulumi.Config``."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import pulumi
from pulumi.runtime import config as pulumi_config

from components.app.file import find_needs_file, read_schema
from components.app.settings import NAMESPACE
from components.config_checks import find_foreign_keys
from components.config_members import members_set_twice, nest_members, rule_of
from components.config_values import PROJECT

APP_CONFIG = "appConfig"
# The rule of a setting of an app without a schema.
ANY: Mapping[str, Any] = {"type": "object"}


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
    stated = {key: _parse(text, rule_of(key, rules)) for key, text in _read_texts(pulumi.get_project())}
    problems = [*find_foreign_keys(_full_keys()), *members_set_twice(stated, rules)]
    values = nest_members(stated, rules)
    if texts := _read_app_texts():
        problems += _wrong_app_keys(values, texts)
        values[APP_CONFIG] = {**_as_object(values.get(APP_CONFIG)), **_parse_app(values, texts)}
    return Settings(values, _read_default_tags(), problems)


def _read_texts(namespace: str) -> Iterator[tuple[str, str]]:
    """Return all keys that the stack sets in a namespace, including unknown keys, and their texts."""
    config = pulumi.Config(namespace)
    for full_key in _full_keys():
        if full_key.startswith(f"{namespace}:"):
            key = full_key.removeprefix(f"{namespace}:")
            yield key, config.get(key) or ""


def _read_app_texts() -> dict[str, str]:
    """Return the keys in the namespace of the app, and their texts. A project of this name has no other."""
    return {} if pulumi.get_project() == NAMESPACE else dict(_read_texts(NAMESPACE))


def _parse_app(values: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings of the app, as its schema says of which type they are. Without one, JSON is taken as JSON."""
    places = (values.get("appNeeds"), values.get("appDirectory"))
    named, directory = (place if isinstance(place, str) else None for place in places)
    file = find_needs_file(named, directory, PROJECT)
    properties = (read_schema(file) or {}).get("properties", {}) if file else {}
    return {key: _parse(text, properties.get(key) or ANY) for key, text in texts.items()}


def _wrong_app_keys(values: Mapping[str, Any], texts: Mapping[str, str]) -> Iterator[str]:
    for key in texts:
        if pulumi_config.is_config_secret(f"{NAMESPACE}:{key}"):
            yield f"{NAMESPACE}:{key} is a secret, which would end up in the state; declare it with needs.secret"
        if key in _as_object(values.get(APP_CONFIG)):
            yield f"{NAMESPACE}:{key} is set twice, as a key of its own and in {APP_CONFIG}; remove one"


def _as_object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


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
