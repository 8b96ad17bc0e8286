"""A declared resource, as rules read it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Unknown(Enum):
    """The type of ``UNKNOWN``."""

    VALUE = "known after the update"


# A value that a preview cannot know yet. No rule reports it.
UNKNOWN = Unknown.VALUE


@dataclass(frozen=True)
class Resource:
    """A resource by its type token, its name in the program, and its properties by the names of the AWS provider.

    ``urn`` and ``references`` connect the resources of a stack while a preview does not know their names:
    ``references`` has the URNs of the resources that each property was made from.
    """

    type: str
    name: str
    properties: Mapping[str, Any]
    urn: str = ""
    references: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Return the type token, which is the same for both generations of the bucket: ``BucketV2`` is ``Bucket``."""
        return re.sub(r"V2(?=:|$)", "", self.type) if self.type.startswith("aws:s3/") else self.type

    def value(self, *path: str) -> Any:
        """Return the value at a path of members: ``None`` if there is none, ``UNKNOWN`` if it cannot be known yet."""
        return find(self.properties, *path)

    def items(self, *path: str) -> Sequence[Any]:
        """Return the members of a list, and none if there is no list or it cannot be known yet."""
        found = self.value(*path)
        return found if isinstance(found, list | tuple) else ()

    def is_off(self, *path: str) -> bool:
        """Return whether a switch is known and not on."""
        return self.value(*path) not in (True, UNKNOWN)


def find(value: Any, *path: str) -> Any:
    """Return what is at a path of members below a value. A list of one stands for its only member."""
    for member in path:
        if isinstance(value, list | tuple) and len(value) == 1:
            [value] = value
        if not isinstance(value, Mapping):
            return UNKNOWN if value is UNKNOWN else None
        value = value.get(member)
    return value


def names(resource: Resource) -> set[str]:
    """Return what other resources call this one: its name in AWS, its id and its ARN, as far as they are known."""
    values = (resource.value(key) for key in ("name", "bucket", "id", "arn"))
    return {value for value in values if isinstance(value, str)}


def refers(source: Resource, member: str, target: Resource) -> bool:
    """Return whether a property names another resource, or may name it once it is known."""
    value, urns = source.value(member), source.references.get(member, frozenset())
    if urns:
        return target.urn in urns
    return value is UNKNOWN or value in names(target)


def of_kind(resources: Iterable[Resource], *kinds: str) -> Iterator[Resource]:
    return (resource for resource in resources if resource.kind in kinds)
