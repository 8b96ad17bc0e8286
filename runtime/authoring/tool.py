"""Tools: functions that a model may call."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, overload

import msgspec

from runtime.authoring.context import Context
from runtime.authoring.definition import DefinitionError, Function, Signature, described, signature_of
from runtime.validation import Schema


class ToolError(Exception):
    """Raised by a tool to tell its caller what went wrong. Any other exception is logged and not shown."""


@dataclass(frozen=True)
class Tool:
    """A function that a model may call, and what a client is shown of it."""

    name: str
    title: str | None
    description: str
    function: Function
    signature: Signature
    input_schema: Mapping[str, Any]
    output_schema: Mapping[str, Any] | None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function itself, so that a tool is as easy to test as any function."""
        return self.function(*args, **kwargs)

    @functools.cached_property
    def arguments(self) -> Schema:
        """The compiled ``input_schema``: the very one that ``tools/list`` shows."""
        return Schema(self.input_schema)

    def run(self, arguments: Mapping[str, Any], context: Context) -> Any:
        """Call the function with arguments that ``arguments`` has accepted."""
        return self.function(**self.signature.bind(arguments, context))


Decorator = Callable[[Function], Tool]


@overload
def tool(function: Function, /) -> Tool: ...


@overload
def tool(*, name: str | None = None, title: str | None = None, description: str | None = None) -> Decorator: ...


def tool(
    function: Function | None = None,
    /,
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
) -> Tool | Decorator:
    """Make a tool of a plain typed function; the name and the docstring are used where nothing else is said.

    Raises ``DefinitionError``, at import time, for a function that cannot be one.
    """

    def define(target: Function) -> Tool:
        signature = signature_of(target)
        try:
            return Tool(
                name=name or target.__name__,
                title=title,
                description=described(target, description),
                function=target,
                signature=signature,
                input_schema=signature.input_schema(),
                output_schema=signature.output_schema(),
            )
        except (TypeError, msgspec.MsgspecError) as error:
            if isinstance(error, DefinitionError):
                raise
            raise DefinitionError(target, str(error)) from error

    return define if function is None else define(function)
