"""What an app declares and the local stack does not know: it is left out, and the tools that use it are named.

The program goes on with stand-ins for the outputs of such a resource. Wherever one of them turns up again, the resource
is used: in another resource of the app, which is then left out, too, or in a function.
"""

import json
import types
import typing
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi import _types

from local.aws import PARTITION, Aws

Key = tuple[str, str]

FUNCTION, ROLE_POLICY = "aws:lambda/function:Function", "aws:iam/rolePolicy:RolePolicy"


@dataclass
class Omission:
    """A resource that is left out, and the functions that use it."""

    type: str
    name: str
    reason: str
    functions: set[str] = field(default_factory=set)

    @property
    def stand_in(self) -> str:
        """The text that its outputs have. It tells the resource from every other."""
        return f"left-out-{self.type.rpartition(':')[2]}-{self.name}-"

    def __str__(self) -> str:
        used = f"; the tools of {_join_names(sorted(self.functions))} that use it fail here" if self.functions else ""
        return f"{self.type} {self.name}: {self.reason}{used}"


class LeftOut:
    """The resources of an app that are left out. ``prefix`` starts the names of the stack's functions.

    ``own`` are the resources that the app declares, by type and name. ``classes`` are the Python classes of resources.
    """

    def __init__(self, aws: Aws, prefix: str) -> None:
        self.own: set[Key] = set()
        self.classes: dict[Key, type] = {}
        self.omissions: list[Omission] = []
        self._aws = aws
        self._prefix = prefix

    def leave_out(self, kind: str, name: str, inputs: Mapping[str, Any], reason: str) -> tuple[str, dict[str, Any]]:
        """Leave a resource out. Return the id and the outputs with which the program goes on."""
        omission = Omission(kind, name, reason)
        self.omissions.append(omission)
        text = omission.stand_in
        resource = self.classes.get((kind, name))
        outputs = {key: _stand_in(hint, f"{text}{key}") for key, hint in _outputs(resource).items()}
        service = kind.split(":")[1].partition("/")[0] if ":" in kind else kind
        arn = f"arn:{PARTITION}:{service}:{self._aws.region}:{self._aws.account}:{text}arn"
        return f"{text}id", {**outputs, "arn": arn, **inputs}

    def find_omissions(self, inputs: object) -> Sequence[Omission]:
        """Return those that are left out and that ``inputs`` are made of."""
        text = json.dumps(inputs, default=str)
        return [omission for omission in self.omissions if omission.stand_in in text]

    def note_use(self, kind: str, name: str, inputs: object) -> None:
        """Note a function that gets a variable or a permission made of what is left out."""
        if self.omissions and kind in {FUNCTION, ROLE_POLICY}:
            function = name.removesuffix("-policy").removeprefix(self._prefix)
            for omission in self.find_omissions(inputs):
                omission.functions.add(function)

    def lines(self) -> Iterator[str]:
        """Return a line for each resource that is left out."""
        return map(str, self.omissions)


def _outputs(resource: type | None) -> Mapping[str, Any]:
    """Return the types of the properties of a resource class, by their names in Pulumi."""
    return _types.resource_types(resource) if resource else {}


def _stand_in(hint: Any, text: str) -> Any:
    """Return a value of a type, so that what a program makes of it does not fail."""
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        hint = next(each for each in typing.get_args(hint) if each is not types.NoneType)
    plain = {str: text, int: 0, float: 0, bool: False}
    if hint in plain:
        return plain[hint]
    origin = typing.get_origin(hint)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {}
    if isinstance(origin, type) and issubclass(origin, Collection):
        return []
    return None


def _join_names(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
