"""A part of the API that a deployment takes a snapshot of."""

from dataclasses import dataclass
from typing import Any

import pulumi


@dataclass(frozen=True, slots=True)
class Declared:
    """A resource and the arguments it was made from: a deployment waits for the one and is hashed by the other."""

    resource: pulumi.Resource
    args: object

    @property
    def description(self) -> dict[str, Any]:
        """All that went into the resource, outputs among it."""
        return {"type": type(self.args).__name__, **vars(self.args)}
