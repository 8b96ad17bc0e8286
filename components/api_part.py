"""A part of the API that belongs to its deployment."""

from dataclasses import dataclass
from typing import Any

import pulumi


@dataclass(frozen=True, slots=True)
class ApiPart:
    """A resource of the API and its arguments. A deployment depends on the resource and hashes the arguments."""

    resource: pulumi.Resource
    args: object

    @property
    def description(self) -> dict[str, Any]:
        """Return all arguments of the resource, including outputs of other resources."""
        return {"type": type(self.args).__name__, **vars(self.args)}
