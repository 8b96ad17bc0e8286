"""From a plain typed function to the JSON Schema of its parameters and its result."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

import msgspec

from runtime.authoring.context import Context
from runtime.authoring.derived import REFERENCE, portable
from runtime.authoring.hashing import unseeded_keys, with_bounded_sets
from runtime.authoring.json_values import NotJson, json_value
from runtime.authoring.schema_check import InvalidSchema, checked_schema
from runtime.validation.schemas import SchemaViolation

Function = Callable[..., Any]
_TEMPLATE = REFERENCE + "{name}"


class DefinitionError(TypeError):
    """A tool, prompt, resource or completion that is not defined well; names the function. Raised at import time."""

    def __init__(self, function: Function, reason: str) -> None:
        super().__init__(f"{function.__module__}.{function.__qualname__}: {reason}")


class Signature(msgspec.Struct, frozen=True):
    """The parameters that a caller may set, by name.

    ``context`` names the parameter that receives the ``Context``; ``open`` is set for a function that takes any
    keyword; ``is_async`` for a coroutine function.
    """

    types: Mapping[str, Any]
    defaults: Mapping[str, Any]
    context: str | None
    result: Any
    open: bool
    is_async: bool

    def bind(self, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Keyword arguments in the types that the function declares; raises ``SchemaViolation``."""
        bound = {
            name: _converted(name, value, self.types.get(name, Any))
            for name, value in arguments.items()
            if self.open or name in self.types
        }
        return {**bound, self.context: context} if self.context else bound

    def input_schema(self) -> dict[str, Any]:
        """JSON Schema 2020-12 of the parameters: an object that admits nothing else."""
        names = list(self.types)
        schemas, definitions = msgspec.json.schema_components(
            [self.types[name] for name in names], ref_template=_TEMPLATE
        )
        properties = dict(zip(names, schemas, strict=True))
        for name, default in self.defaults.items():
            if default is not msgspec.UNSET:
                properties[name] = {**properties[name], "default": _carried(name, default)}
        schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        required = [name for name in names if name not in self.defaults]
        if required:
            schema["required"] = required
        bounded = {name: with_bounded_sets(rule) for name, rule in definitions.items()}
        return portable(with_bounded_sets(schema), bounded)

    def output_schema(self) -> dict[str, Any] | None:
        """JSON Schema 2020-12 of a result that is an object; ``None`` for any other, which is shown as text."""
        (schema,), definitions = msgspec.json.schema_components([self.result], ref_template=_TEMPLATE)
        schema = portable(schema, definitions)
        return schema if schema.get("type") == "object" else None


def signature_of(function: Function, *, typed: bool = True) -> Signature:
    """Read a function's parameters.

    ``typed`` demands an annotation on each and refuses ``**keywords``. Raises ``DefinitionError``.
    """
    try:
        hints = get_type_hints(function, include_extras=True)
    except NameError as error:
        raise DefinitionError(function, f"annotation cannot be resolved: {error}") from error
    types: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    context, is_open = None, False
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD and not typed:
            is_open = True
        elif parameter.kind not in {parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY}:
            raise DefinitionError(function, f"parameter {name!r} must be settable by name")
        elif hints.get(name) is Context:
            context = name
        elif typed and name not in hints:
            raise DefinitionError(function, f"parameter {name!r} has no type annotation")
        elif key := next(unseeded_keys(hints.get(name)), None):
            raise DefinitionError(function, f"parameter {name!r} has a dict with keys of {key.__name__}; use str")
        else:
            types[name] = hints.get(name, Any)
            if parameter.default is not parameter.empty:
                defaults[name] = parameter.default
    return Signature(types, defaults, context, hints.get("return", Any), is_open, inspect.iscoroutinefunction(function))


def schema_of(function: Function, derive: Callable[[], Any]) -> Any:
    """What ``derive`` makes of a function's types; raises ``DefinitionError`` for a type that JSON cannot carry."""
    try:
        return derive()
    except (TypeError, msgspec.MsgspecError) as error:
        raise DefinitionError(function, str(error)) from error


def check_members(function: Function, **members: Any) -> None:
    """Raise ``DefinitionError`` for what is told to clients and JSON cannot carry."""
    for name, value in members.items():
        try:
            json_value(value)
        except NotJson as error:
            raise DefinitionError(function, f"{name}: {error}") from error


def checked(function: Function, name: str, schema: Any) -> dict[str, Any]:
    """The schema in a form to show and to hold values against; raises ``DefinitionError`` for one that is of no use."""
    try:
        return checked_schema(schema)
    except (InvalidSchema, NotJson) as error:
        raise DefinitionError(function, f"{name}: {error}") from error


def documented(function: Function, description: str | None) -> str:
    """The description that is stated, else the docstring; raises ``DefinitionError`` where there is neither."""
    text = description or inspect.getdoc(function)
    if not text:
        raise DefinitionError(function, "needs a docstring: it is what a model chooses by")
    return text


def call(function: Function, signature: Signature, arguments: Mapping[str, Any], context: Context) -> Any:
    """Call a function, plain or ``async``, with arguments that its schema has accepted."""
    return invoke(function, signature, signature.bind(arguments, context))


def invoke(function: Function, signature: Signature, bound: Mapping[str, Any]) -> Any:
    """Call a function, plain or ``async``, with arguments that ``Signature.bind`` has made."""
    outcome = function(**bound)
    if not signature.is_async:
        return outcome
    # Only an async function pays for importing asyncio, which takes longer than all of this package.
    import asyncio  # noqa: PLC0415

    return asyncio.run(outcome)


def _carried(name: str, default: Any) -> Any:
    try:
        return json_value(default)
    except NotJson as error:
        raise TypeError(f"the default of {name!r}: {error}") from error


def _converted(name: str, value: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(value, type=kind)
    except msgspec.ValidationError:
        try:
            return msgspec.convert(_integral(value), type=kind)
        except msgspec.ValidationError as error:
            # Where a schema cannot say all that a type wants: that a string is a date, for one.
            raise SchemaViolation(f"/{name}", str(error)) from error


def _integral(value: Any) -> Any:
    """The value with 1 for 1.0: to JSON Schema that is an integer (Validation 6.1.1), to ``msgspec`` it is none."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_integral(item) for item in value]
    if isinstance(value, dict):
        return {name: _integral(item) for name, item in value.items()}
    return value
