"""The settings of a stack that its bill depends on, from a configuration file and from arguments."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from admin.errors import CommandFailed

SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "stack-config.json"
REGION = "aws:region"


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack in a region. ``values`` has each setting by its name in the configuration, or its default."""

    region: str
    values: Mapping[str, Any]

    def number(self, name: str) -> Decimal:
        """Return a setting that is a number."""
        return Decimal(str(self.values[name]))

    def is_on(self, name: str) -> bool:
        """Whether a setting is true, or is not none, null or empty."""
        return self.values[name] not in (False, None, "none", "", [], {})

    @property
    def has_distribution(self) -> bool:
        """Whether the stack has a CloudFront distribution. It is the default."""
        return self.values["edge"] in (None, "cloudfront")

    @property
    def is_watched_in_full(self) -> bool:
        """Whether alarms watch objectives."""
        return bool(self.values["monitoring"] == "full")


def read_stack(file: Path | None, settings: Sequence[str], region: str | None) -> Stack:
    """Return the stack that a ``Pulumi.<stack>.yaml`` and settings ``KEY=VALUE`` describe. Raise ``CommandFailed``."""
    schema = json.loads(SCHEMA.read_text())
    values = {name: member.get("default") for name, member in schema["properties"].items()}
    found = _read_file(file) if file else {}
    configured = found.pop(REGION, None)
    region = region or configured
    given = found | dict(_read_setting(setting) for setting in settings)
    for name, value in given.items():
        if name not in values:
            raise CommandFailed(f"there is no setting {name}; docs/configuration.md lists them")
        values[name] = _parse(value, schema["properties"][name], name)
    if region is None:
        raise CommandFailed("prices depend on the region: give --region, or a file that sets aws:region")
    return Stack(region, values)


def _read_file(file: Path) -> dict[str, Any]:
    """Return the configuration in a file, without the name of the project before each key."""
    try:
        content = yaml.safe_load(file.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CommandFailed(f"cannot read {file}: {type(error).__name__}") from error
    config = content.get("config") if isinstance(content, dict) else None
    if not isinstance(config, dict):
        raise CommandFailed(f"{file} has no config: it must be a Pulumi.<stack>.yaml")
    own = {key.rpartition(":")[2]: value for key, value in config.items() if not key.startswith(("aws:", "pulumi:"))}
    return own | ({REGION: config[REGION]} if REGION in config else {})


def _read_setting(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise CommandFailed(f"--set takes KEY=VALUE, not {text}")
    return name, value


def _parse(value: Any, schema: Mapping[str, Any], name: str) -> Any:
    """Return a value as the program reads it: JSON, or the text itself. Raise ``CommandFailed``."""
    try:
        parsed = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        parsed = value
    for candidate in (parsed, value):
        if Draft202012Validator(schema).is_valid(candidate):
            return candidate
    raise CommandFailed(f"{name} has a value that the configuration does not allow; docs/configuration.md says which")
