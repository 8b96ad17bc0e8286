"""Completions: suggestions for an argument of a prompt or a variable of a resource template."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from runtime.authoring.context import Context
from runtime.authoring.definition import DefinitionError, Function, Signature, call, signature_of
from runtime.authoring.prompt import Prompt
from runtime.authoring.resource import Resource


class ArgumentCompletion(msgspec.Struct, frozen=True):
    """A function that suggests values for one argument of one prompt or template."""

    target: Prompt | Resource
    argument: str
    function: Function
    signature: Signature

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function itself."""
        return self.function(*args, **kwargs)

    def suggest(self, value: str, arguments: Mapping[str, str], context: Context) -> list[str]:
        """Return suggestions for a partial value, best first. ``arguments`` are those that are already filled in."""
        given = {"value": value, "arguments": dict(arguments)}
        wanted = {name: given[name] for name in self.signature.types}
        suggested = list(call(self.function, self.signature, wanted, context))
        return msgspec.convert(suggested, list[str])


def completion(target: Prompt | Resource, argument: str) -> Callable[[Function], ArgumentCompletion]:
    """Make a completion of a function that returns a list of strings.

    The function takes ``value: str``, and optionally ``arguments: dict[str, str]`` and a ``Context``. Raises
    ``DefinitionError``, at import time.
    """

    def define(function: Function) -> ArgumentCompletion:
        signature = signature_of(function)
        if "value" not in signature.types or set(signature.types) - {"value", "arguments"}:
            raise DefinitionError(function, "a completion takes `value`, and optionally `arguments` and a context")
        if argument not in target.signature.types:
            raise DefinitionError(function, f"{target.name} has no argument {argument!r}")
        return ArgumentCompletion(target, argument, function, signature)

    return define
