"""The contract every resource type fulfils, and the translation from Pulumi's property names to boto3's."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from local.aws import Aws
from local.errors import LocalError

Properties = dict[str, Any]


class Applied(NamedTuple):
    """A resource as it now exists: its physical id and what the provider computes beyond the inputs."""

    id: str
    outputs: Properties


class Kind(ABC):
    """How one Pulumi resource type is applied. ``tags`` never arrive here: they are applied alike for all types.

    ``label`` is what progress lines call it. ``fixed`` names the inputs AWS cannot change in place: when one of them
    differs, the resource is replaced. ``create_first`` creates the replacement before the old one goes. Writing one
    anew loses the resources of the types in ``wipes`` whose inputs agree with its own in all of ``scope``.
    """

    label: ClassVar[str]
    fixed: ClassVar[tuple[str, ...]] = ()
    create_first: ClassVar[bool] = False
    wipes: ClassVar[tuple[str, ...]] = ()
    scope: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        """Create it; ``name`` is the logical name, used as physical name where the program gives none."""

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        """Change it in place, or return ``None`` to have it replaced."""
        return None

    @abstractmethod
    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Delete it; an error that says it does not exist is fine."""


class PutKind(Kind):
    """A type whose API creates and overwrites with one and the same call."""

    @abstractmethod
    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        """Create it, or overwrite the one that is there."""

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        return self.put(aws, name, inputs)

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        return self.put(aws, name, new)


def renamed(inputs: Mapping[str, Any], names: Mapping[str, str]) -> Properties:
    """``inputs`` under the names boto3 wants; those mapped to ``""`` are left out, the caller deals with them.

    Raises LocalError for an input that ``names`` does not hold: what would be ignored here would differ on AWS.
    """
    unknown = sorted(inputs.keys() - names.keys())
    if unknown:
        raise LocalError(f"the local stack does not know its input {', '.join(unknown)}")
    return {names[key]: value for key, value in inputs.items() if names[key]}


def capitalized(value: Mapping[str, Any]) -> Properties:
    """``{"logGroup": 1}`` as ``{"LogGroup": 1}``, for nested blocks that differ in nothing else."""
    return {key[0].upper() + key[1:]: item for key, item in value.items()}


def json_text(document: Any) -> str:
    """A policy document as text; programs may also give it as an object."""
    return document if isinstance(document, str) else json.dumps(document)


def patch(old: Mapping[str, Any], new: Mapping[str, Any], paths: Mapping[str, str]) -> list[dict[str, str]]:
    """API Gateway patch operations that turn the ``paths`` of ``old`` into those of ``new``."""
    operations = []
    for key, path in paths.items():
        if old.get(key) == new.get(key):
            continue
        if new.get(key) is None:
            operations.append({"op": "remove", "path": path})
        else:
            value = new[key]
            text = str(value).lower() if isinstance(value, bool) else str(value)
            operations.append({"op": "replace", "path": path, "value": text})
    return operations
