"""The resources behind a recorded state, made again on the emulator.

The emulator gives other ids and ARNs to some of them, so the state that comes out names those. Functions have code that
does nothing: an update brings theirs.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from local.aws import Aws
from local.resources import KINDS
from local.resources.tags import retag
from local.secret_inputs import reveal
from tests.engine.provider.properties import for_kind
from tests.engine.released.state import PLAINTEXT, ReleasedState, Resource

HANDLER = "def handler(event, context):\n    return None\n"
# Shorter texts, such as the number of a version, are no names.
SHORTEST_NAME = 6


def replay(aws: Aws, state: ReleasedState, directory: Path) -> ReleasedState:
    """Create every resource of ``state`` on the emulator, and return the state that names what there is now."""
    lines = [json.dumps(resource) for resource in state.resources]
    done = []
    for number, line in enumerate(lines):
        resource: Resource = json.loads(line)
        if resource["type"] in KINDS:
            created = _create(aws, resource, directory)
            for old, new in _renamed(resource, created):
                lines[number + 1 :] = [later.replace(old, new) for later in lines[number + 1 :]]
            resource = created
        done.append(resource)
    return replace(state, resources=done)


def _create(aws: Aws, resource: Resource, directory: Path) -> Resource:
    name = resource["urn"].rpartition("::")[2]
    inputs = _plain(resource["inputs"])
    if "handler" in inputs:
        inputs["code"] = {**inputs["code"], "path": str(_write_archive(directory, inputs["handler"]))}
    applied = KINDS[resource["type"]].create(aws, name, for_kind(inputs))
    if inputs.get("tags"):
        retag(aws, applied.outputs["arn"], {}, inputs["tags"])
    outputs = {
        # A secret stays one.
        key: _as_before(resource["outputs"].get(key), value)
        for key, value in applied.outputs.items()
    }
    return {**resource, "id": applied.id, "outputs": {**resource["outputs"], **outputs}}


def _write_archive(directory: Path, handler: str) -> Path:
    """Write an archive whose ``handler`` does nothing, and return its path."""
    archive = directory / f"{handler}.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(f"{handler.rpartition('.')[0].replace('.', '/')}.py", HANDLER)
    return archive


def _renamed(before: Resource, after: Resource) -> Iterator[tuple[str, str]]:
    """Return the texts that name the resource and are not as they were."""
    old, new = _plain(before["outputs"]) | {"id": before["id"]}, _plain(after["outputs"]) | {"id": after["id"]}
    for name, value in old.items():
        other = new.get(name)
        if isinstance(value, str) and isinstance(other, str) and value != other and len(value) >= SHORTEST_NAME:
            yield value, other


def _plain(value: Any) -> Any:
    """Return properties without the marks of secrets."""
    if isinstance(value, Mapping):
        return (
            json.loads(value[PLAINTEXT]) if PLAINTEXT in value else {key: _plain(item) for key, item in value.items()}
        )
    return [_plain(item) for item in value] if isinstance(value, list) else reveal(value)


def _as_before(before: Any, value: Any) -> Any:
    is_secret = isinstance(before, dict) and PLAINTEXT in before
    return {**before, PLAINTEXT: json.dumps(value)} if is_secret else value
