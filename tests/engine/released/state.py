"""The state of a stack as a file of this repository, without secrets and without anything of the machine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Self

from pulumi.runtime import rpc

FOLDER = Path(__file__).parent
# The same stacks as in the other tests, under names of their own: one engine has all of them.
NAMES = ("released", "released-prod")
# How a state holds a secret that it need not encrypt.
PLAINTEXT = "plaintext"
# What starts the names of inputs that are no outputs.
OF_THE_ENGINE = "__"
# Where and when a resource was declared, and what depends on which input, do not decide what an update does.
OMITTED = ("created", "modified", "sourcePosition", "stackTrace", "propertyDependencies")

Resource = dict[str, Any]


@dataclass(frozen=True)
class ReleasedState:
    """The settings of a stack by their full keys, the version of its program, and the resources in its state."""

    version: str
    config: Mapping[str, Any]
    resources: list[Resource]

    @classmethod
    def load(cls, name: str) -> Self:
        """Return the recorded state of a stack."""
        members = json.loads(_path(name).read_bytes())
        return cls(members["version"], members["config"], [_complete(each) for each in members["resources"]])

    @classmethod
    def from_export(cls, exported: Mapping[str, Any], version: str, config: Mapping[str, Any]) -> Self:
        """Return the state that ``pulumi stack export --show-secrets`` has printed, without its secrets."""
        text = json.dumps(exported["deployment"]["resources"])
        for number, secret in enumerate(sorted(_secrets(json.loads(text)))):
            text = text.replace(secret, f"secret-of-no-stack-{number}")
        return cls(version, config, [_complete(_brief(each)) for each in json.loads(text)])

    def save(self, name: str) -> None:
        """Write the recorded state of a stack, a line for each resource."""
        lines = ",\n".join(f"  {json.dumps(_brief(each), sort_keys=True)}" for each in self.resources)
        head = json.dumps({"version": self.version, "config": dict(self.config)}, indent=1, sort_keys=True)
        _path(name).write_text(f'{head.removesuffix("}").rstrip()},\n "resources": [\n{lines}\n ]\n}}\n')


def _path(name: str) -> Path:
    return FOLDER / f"{name}.json"


def _brief(resource: Resource) -> Resource:
    """Return a resource without what an update does not need, and without outputs that repeat inputs."""
    inputs = _without_paths(resource.get("inputs", {}))
    outputs = {
        key: value for key, value in _without_paths(resource.get("outputs", {})).items() if inputs.get(key) != value
    }
    kept = {key: value for key, value in resource.items() if key not in OMITTED}
    return kept | {name: members for name, members in (("inputs", inputs), ("outputs", outputs)) if name in resource}


def _complete(resource: Resource) -> Resource:
    """Return a resource with the outputs that repeat inputs."""
    if "inputs" not in resource or not resource.get("custom"):
        return resource
    repeated = {key: value for key, value in resource["inputs"].items() if not key.startswith(OF_THE_ENGINE)}
    return {**resource, "outputs": {**repeated, **resource.get("outputs", {})}}


def _without_paths(value: Any) -> Any:
    """Return properties in which an archive has the name of its file, and no folder of a machine."""
    if isinstance(value, dict):
        kept = {key: _without_paths(item) for key, item in value.items()}
        is_archive = kept.get(rpc._special_sig_key) == rpc._special_archive_sig
        return {**kept, "path": PurePath(kept["path"]).name} if is_archive else kept
    return [_without_paths(item) for item in value] if isinstance(value, list) else value


def _secrets(value: Any) -> set[str]:
    """Return all secrets of a state that are a text. Other secrets of this program contain these."""
    if isinstance(value, dict):
        found = json.loads(value[PLAINTEXT]) if PLAINTEXT in value else None
        return {found} if isinstance(found, str) else set().union(*map(_secrets, value.values()))
    return set().union(*map(_secrets, value)) if isinstance(value, list) else set()
