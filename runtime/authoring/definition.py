"""The signature of a typed function, and the JSON Schemas of its parameters and its result."""

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

import msgspec

from runtime.authoring.context import Context
from runtime.authoring.derived import REFERENCE, make_portable
from runtime.authoring.hashing import keys_without_seed, limit_sets
from runtime.authoring.json_values import NotJson, json_value
from runtime.authoring.model import Model
from runtime.authoring.schema_check import InvalidSchema, read_schema
from runtime.authoring.settings import Settings, contains_settings, is_settings, members_of, read_settings
from runtime.validation.schemas import SchemaViolation

Function = Callable[..., Any]
_TEMPLATE = REFERENCE + "{name}"


class DefinitionError(TypeError):
    """An invalid definition of a tool, prompt, resource or completion. Names the function; raised at import time."""

    def __init__(self, function: Function, reason: str) -> None:
        super().__init__(f"{function.__module__}.{function.__qualname__}: {reason}")


class Signature(msgspec.Struct, frozen=True):
    """The parameters that a caller can set, by name.

    ``context`` names the parameter that receives the ``Context``; ``open`` is set for a function that accepts any
    keyword; ``is_async`` for a coroutine function; ``settings`` are the parameters that receive an instance of their
    class of settings. ``models`` has the types, and that of ``return``, that another library converts: in ``types``
    they are ``Any``.
    """

    types: Mapping[str, Any]
    defaults: Mapping[str, Any]
    context: str | None
    result: Any
    open: bool
    is_async: bool
    settings: Mapping[str, type[Settings]] = {}
    models: Mapping[str, Model] = {}

    def bind(self, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Return the keyword arguments in the types that the function declares.

        Raise ``SchemaViolation``, or ``SettingError`` for settings that are missing: nothing has happened yet.
        """
        bound = {
            name: _convert(name, value, self.types.get(name, Any))
            for name, value in arguments.items()
            if self.open or name in self.types
        }
        if self.settings:
            bound |= {name: read_settings(kind) for name, kind in self.settings.items()}
        for name, model in self.models.items():
            bound |= {name: model.convert(name, bound[name])} if name in bound else model.defaults(name)
        return {**bound, self.context: context} if self.context else bound

    def input_schema(self) -> dict[str, Any]:
        """Return the JSON Schema 2020-12 of the parameters: an object without other members."""
        names = list(self.types)
        schemas, definitions = msgspec.json.schema_components(
            [self.types[name] for name in names], ref_template=_TEMPLATE
        )
        properties = dict(zip(names, schemas, strict=True))
        for name in names:
            if name in self.models:
                properties[name], others = self.models[name].schema("validation")
                definitions |= others
        for name, default in self.defaults.items():
            if default is not msgspec.UNSET:
                properties[name] = {**properties[name], "default": _default_to_json(name, default)}
        schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        required = [name for name in names if name not in self.defaults]
        if required:
            schema["required"] = required
        bounded = {name: limit_sets(rule) for name, rule in definitions.items()}
        return make_portable(limit_sets(schema), bounded)

    def output_schema(self) -> dict[str, Any]:
        """Return the JSON Schema 2020-12 of the result."""
        if "return" in self.models:
            schema, definitions = self.models["return"].schema("serialization")
        else:
            (schema,), definitions = msgspec.json.schema_components([self.result], ref_template=_TEMPLATE)
        return make_portable(schema, definitions)


def signature_of(function: Function, *, typed: bool = True) -> Signature:
    """Read the parameters of a function.

    ``typed`` requires an annotation on each and refuses ``**keywords``. Raise ``DefinitionError``.
    """
    try:
        hints = get_type_hints(function, include_extras=True)
    except NameError as error:
        raise DefinitionError(function, f"annotation cannot be resolved: {error}") from error
    types: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    settings: dict[str, type[Settings]] = {}
    context, is_open = None, False
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD and not typed:
            is_open = True
        elif parameter.kind not in {parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY}:
            raise DefinitionError(function, f"parameter {name!r} must be settable by name")
        elif hints.get(name) is Context:
            context = name
        elif contains_settings(hints.get(name)):
            settings[name] = _settings_class(function, name, hints[name])
        elif typed and name not in hints:
            raise DefinitionError(function, f"parameter {name!r} has no type annotation")
        elif key := next(keys_without_seed(hints.get(name)), None):
            raise DefinitionError(function, f"parameter {name!r} has a dict with keys of {key.__name__}; use str")
        else:
            types[name] = hints.get(name, Any)
            if parameter.default is not parameter.empty:
                defaults[name] = parameter.default
    result = hints.get("return", Any)
    models = _find_models(function, {**types, "return": result}, defaults) if "pydantic" in sys.modules else {}
    types |= {name: Any for name in models if name in types}
    is_async = inspect.iscoroutinefunction(function)
    return Signature(types, _read_defaults(defaults, models), context, result, is_open, is_async, settings, models)


def _find_models(function: Function, types: Mapping[str, Any], defaults: Mapping[str, Any]) -> Mapping[str, Model]:
    # Imported only where the author's code has imported Pydantic.
    from runtime.authoring.pydantic_models import find_models  # noqa: PLC0415

    try:
        return find_models(types, defaults)
    except Exception as error:
        # Its errors for types that it does not know have no class in common.
        raise DefinitionError(function, str(error)) from error


def _read_defaults(defaults: Mapping[str, Any], models: Mapping[str, Model]) -> dict[str, Any]:
    """Return the defaults, with those that models state in place of what stands for them."""
    return {
        name: models[name].defaults(name).get(name, default) if name in models else default
        for name, default in defaults.items()
        if name not in models or not models[name].is_required
    }


def _settings_class(function: Function, name: str, annotation: Any) -> type[Settings]:
    """Return the class of settings that a parameter is annotated with. Raise ``DefinitionError``."""
    if not is_settings(annotation):
        # The caller could set anything else.
        raise DefinitionError(function, f"parameter {name!r} must be annotated with the class of settings alone")
    kind: type[Settings] = annotation
    try:
        schema_of(function, lambda: members_of(kind))
    except NameError as error:
        raise DefinitionError(function, f"annotation of {kind.__name__} cannot be resolved: {error}") from error
    return kind


def schema_of(function: Function, derive: Callable[[], Any]) -> Any:
    """Return the schema that ``derive`` returns. Raise ``DefinitionError`` for a type that JSON cannot carry."""
    try:
        return derive()
    except (TypeError, msgspec.MsgspecError) as error:
        raise DefinitionError(function, str(error)) from error


def check_members(function: Function, **members: Any) -> None:
    """Raise ``DefinitionError`` for members of a listing that JSON cannot carry."""
    for name, value in members.items():
        try:
            json_value(value)
        except NotJson as error:
            raise DefinitionError(function, f"{name}: {error}") from error


def define_schema(function: Function, name: str, schema: Any) -> dict[str, Any]:
    """Return the schema as JSON, ready to list and to validate with. Raise ``DefinitionError`` for an invalid one."""
    try:
        return read_schema(schema)
    except (InvalidSchema, NotJson) as error:
        raise DefinitionError(function, f"{name}: {error}") from error


def find_description(function: Function, description: str | None) -> str:
    """Return the stated description, else the docstring. Raise ``DefinitionError`` if there is neither."""
    text = description or inspect.getdoc(function)
    if not text:
        raise DefinitionError(function, "needs a docstring: models choose by it")
    return text


def call(function: Function, signature: Signature, arguments: Mapping[str, Any], context: Context) -> Any:
    """Call a function, plain or ``async``, with arguments that match its schema."""
    return invoke(function, signature, signature.bind(arguments, context))


def invoke(function: Function, signature: Signature, bound: Mapping[str, Any]) -> Any:
    """Call a function, plain or ``async``, with the result of ``Signature.bind``."""
    outcome = function(**bound)
    if not signature.is_async:
        return outcome
    # Imported for async functions only: it takes longer than all of this package.
    import asyncio  # noqa: PLC0415

    return asyncio.run(outcome)


def _default_to_json(name: str, default: Any) -> Any:
    try:
        return json_value(default)
    except NotJson as error:
        raise TypeError(f"the default of {name!r}: {error}") from error


def _convert(name: str, value: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(value, type=kind)
    except msgspec.ValidationError:
        try:
            return msgspec.convert(_integral(value), type=kind)
        except msgspec.ValidationError as error:
            # A schema cannot express everything that a type requires: that a string is a date, for example.
            raise SchemaViolation(f"/{name}", str(error)) from error


def _integral(value: Any) -> Any:
    """Return the value with 1 for 1.0: an integer for JSON Schema (Validation 6.1.1), but not for ``msgspec``."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_integral(item) for item in value]
    if isinstance(value, dict):
        return {name: _integral(item) for name, item in value.items()}
    return value
