"""Tests that names of a deployed stack stay: a new URN replaces a resource, and a new key breaks a configuration.

Change a file under ``snapshot`` only together with an entry in the changelog.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.infra.recorder import PROJECT, Stack

SNAPSHOTS = Path(__file__).parent / "snapshot"


def names_of(stack: Stack) -> dict[str, list[str]]:
    """Return the URNs of all resources and the names of all outputs."""
    return {"outputs": sorted(stack.outputs), "urns": sorted(stack.urns)}


def pointers(schema: dict[str, Any], pointer: str = "") -> list[str]:
    """Return the JSON pointers of all configuration keys and their members."""
    found = []
    for name, member in sorted(schema.get("properties", {}).items()):
        found += [f"{pointer}/{name}", *pointers(member, f"{pointer}/{name}")]
    return found


@pytest.mark.parametrize("name", ["stack", "custom_stack"])
def test_resources_and_outputs_keep_their_names(name: str, request: pytest.FixtureRequest) -> None:
    assert names_of(request.getfixturevalue(name)) == json.loads((SNAPSHOTS / f"{name}.json").read_text())


def test_configuration_keys_keep_their_names() -> None:
    schema = json.loads((PROJECT / "schemas" / "stack-config.json").read_text())
    assert pointers(schema) == json.loads((SNAPSHOTS / "configuration.json").read_text())
