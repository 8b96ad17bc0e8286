"""From a plain typed function to a JSON Schema of its parameters and its result."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

import msgspec

from runtime.authoring.context import Context

Function = Callable[..., Any]


class DefinitionError(TypeError):
    """A tool or resource that is not defined well; the message names the function. Raised at import time."""

    def __init__(self, function: Function, reason: str) -> None:
        super().__init__(f"{function.__module__}.{function.__qualname__}: {reason}")


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters that a caller may set, by name; ``context`` names the one that receives the ``Context``."""

    types: Mapping[str, Any]
    defaults: Mapping[str, Any]
    context: str | None
    result: Any

    def bind(self, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Keyword arguments in the types that the function declares; raises ``msgspec.ValidationError``."""
        bound = {
            name: msgspec.convert(arguments[name], type=kind) for name, kind in self.types.items() if name in arguments
        }
        return {**bound, self.context: context} if self.context else bound

    def input_schema(self) -> dict[str, Any]:
        """JSON Schema 2020-12 of the parameters: an object that admits nothing else."""
        names = list(self.types)
        schemas, definitions = msgspec.json.schema_components(
            [self.types[name] for name in names], ref_template="#/$defs/{name}"
        )
        properties = dict(zip(names, schemas, strict=True))
        for name, default in self.defaults.items():
            properties[name] = {**properties[name], "default": msgspec.to_builtins(default)}
        schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        required = [name for name in names if name not in self.defaults]
        if required:
            schema["required"] = required
        return {**schema, "$defs": definitions} if definitions else schema

    def output_schema(self) -> dict[str, Any] | None:
        """JSON Schema 2020-12 of a result that is an object; ``None`` for any other, which is shown as text."""
        (schema,), definitions = msgspec.json.schema_components([self.result], ref_template="#/$defs/{name}")
        if "$ref" in schema:
            schema = {**definitions[schema["$ref"].rsplit("/", 1)[1]], "$defs": definitions}
        return schema if schema.get("type") == "object" else None


def signature_of(function: Function) -> Signature:
    """Read a function's parameters; raises ``DefinitionError`` for one that JSON cannot carry."""
    try:
        hints = get_type_hints(function, include_extras=True)
    except NameError as error:
        raise DefinitionError(function, f"annotation cannot be resolved: {error}") from error
    types: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    context = None
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind not in {parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY}:
            raise DefinitionError(function, f"parameter {name!r} must be settable by name")
        if name not in hints:
            raise DefinitionError(function, f"parameter {name!r} has no type annotation")
        if hints[name] is Context:
            context = name
            continue
        types[name] = hints[name]
        if parameter.default is not parameter.empty:
            defaults[name] = parameter.default
    return Signature(types, defaults, context, hints.get("return", Any))


def described(function: Function, description: str | None) -> str:
    """The description that is stated, else the docstring; raises ``DefinitionError`` where there is neither."""
    text = description or inspect.getdoc(function)
    if not text:
        raise DefinitionError(function, "needs a docstring: it is what a model chooses by")
    return text
