"""The base class of resource types, and the translation from Pulumi's property names to boto3's."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from botocore.exceptions import ClientError

from local.aws import Aws
from local.errors import Unsupported

Properties = dict[str, Any]


class Applied(NamedTuple):
    """A resource after it was applied: its physical id, and the outputs that are not inputs."""

    id: str
    outputs: Properties


class Kind(ABC):
    """How to apply one Pulumi resource type. ``tags`` are applied separately, in the same way for all types.

    ``label`` is the name in progress lines. ``fixed`` names the inputs that AWS cannot change in place: if one of them
    differs, the resource is replaced. With ``create_first``, the replacement is created before the old one is deleted.
    Writing the resource again deletes the resources of the types in ``wipes`` whose inputs in ``scope`` are the same.
    """

    label: ClassVar[str]
    fixed: ClassVar[tuple[str, ...]] = ()
    create_first: ClassVar[bool] = False
    wipes: ClassVar[tuple[str, ...]] = ()
    scope: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        """Create the resource. ``name`` is the logical name, and the physical one if the program sets none."""

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        """Change the resource in place, or return ``None`` to replace it."""
        return None

    @abstractmethod
    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Delete the resource. An error that it does not exist is ignored."""

    def remove(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Delete the resource, unless it disappeared together with a resource that contained it."""
        try:
            self.delete(aws, identifier, inputs)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if not any(word in code for word in ("NotFound", "NoSuchEntity", "Nonexistent")):
                raise


class PutKind(Kind):
    """A type whose API creates and overwrites with the same call."""

    @abstractmethod
    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        """Create the resource or overwrite the existing one."""

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        return self.put(aws, name, inputs)

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        return self.put(aws, name, new)


def rename_keys(inputs: Mapping[str, Any], names: Mapping[str, str]) -> Properties:
    """Return ``inputs`` by their boto3 names. Inputs that map to ``""`` are left out; the caller handles them.

    Raise Unsupported for an input that ``names`` does not contain: ignoring it would make the stack differ from AWS.
    """
    unknown = sorted(inputs.keys() - names.keys())
    if unknown:
        raise Unsupported(f"the local stack does not support the input {', '.join(unknown)}")
    return {names[key]: value for key, value in inputs.items() if names[key]}


def whole_numbers(value: Any) -> Any:
    """Return whole numbers as ``int``. Protobuf delivers 128 as 128.0, which boto3 rejects."""
    if isinstance(value, dict):
        return {key: whole_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [whole_numbers(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def capitalize_keys(value: Mapping[str, Any]) -> Properties:
    """Return ``{"LogGroup": 1}`` for ``{"logGroup": 1}``: nested blocks often differ only in this."""
    return {key[0].upper() + key[1:]: item for key, item in value.items()}


def json_text(document: Any) -> str:
    """Return a policy document as text. Programs may also set it as an object."""
    return document if isinstance(document, str) else json.dumps(document)


def patch(old: Mapping[str, Any], new: Mapping[str, Any], paths: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the API Gateway patch operations that change the ``paths`` from ``old`` to ``new``."""
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
