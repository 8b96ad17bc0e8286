"""Resources: content that a client may read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from runtime.authoring.context import Context
from runtime.authoring.definition import DefinitionError, Function, Signature, described, signature_of


@dataclass(frozen=True, slots=True)
class Resource:
    """A function whose result can be read at a URI, and what a client is shown of it."""

    uri: str
    name: str
    title: str | None
    description: str
    mime_type: str
    function: Function
    signature: Signature

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function itself, so that a resource is as easy to test as any function."""
        return self.function(*args, **kwargs)

    def read(self, context: Context) -> str:
        """The text of the resource."""
        return str(self.function(**self.signature.bind({}, context)))


def resource(
    uri: str,
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    mime_type: str = "text/plain",
) -> Callable[[Function], Resource]:
    """Make a resource of a plain function that returns text.

    Raises ``DefinitionError``, at import time, for a function that cannot be one.
    """

    def define(target: Function) -> Resource:
        signature = signature_of(target)
        if signature.types:
            raise DefinitionError(target, "a resource takes no parameters but the context")
        return Resource(
            uri, name or target.__name__, title, described(target, description), mime_type, target, signature
        )

    return define
