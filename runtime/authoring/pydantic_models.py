"""Parameters and results that Pydantic describes: its models, its types, and ``Field``.

Used only for code that has imported Pydantic, which takes longer than all of a cold start. This file does not import
it, because a function gets all libraries that its files import.
"""

import sys
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args, get_type_hints

import msgspec

from runtime.authoring.derived import REFERENCE
from runtime.validation.schemas import SchemaViolation

_pydantic: Any = sys.modules["pydantic"]
Mode = Literal["validation", "serialization"]
# Names of definitions that msgspec gives to no class.
_PREFIX = "pydantic."
_MODULES = ("pydantic", "pydantic_core", "annotated_types")


class Model:
    """A type that Pydantic checks and converts, and the ``Field`` that is the default of a parameter, if it is one."""

    def __init__(self, kind: Any, field: Any = None) -> None:
        self._adapter: Any = _pydantic.TypeAdapter(kind if field is None else Annotated[kind, field])
        self._field = field

    @property
    def is_required(self) -> bool:
        """Whether a ``Field`` states no default."""
        return self._field is not None and bool(self._field.is_required())

    def defaults(self, name: str) -> dict[str, Any]:
        """Return the default that a ``Field`` states, by the name of the parameter."""
        if self._field is None or self._field.is_required():
            return {}
        return {name: self._field.get_default(call_default_factory=True, validated_data={})}

    def schema(self, mode: Mode) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the JSON Schema 2020-12 of the type, and the definitions that it refers to.

        Raise ``TypeError`` for a type that JSON cannot carry.
        """
        try:
            schema: dict[str, Any] = self._adapter.json_schema(mode=mode, ref_template=f"{REFERENCE}{_PREFIX}{{model}}")
        except Exception as error:
            # Its errors for such types have no class in common.
            raise TypeError(f"Pydantic has no JSON Schema for it: {error}") from error
        definitions = {f"{_PREFIX}{name}": rule for name, rule in schema.pop("$defs", {}).items()}
        return schema, definitions

    def convert(self, name: str, value: Any) -> Any:
        """Return the value in the type. Raise ``SchemaViolation``, which does not contain the value."""
        try:
            return self._adapter.validate_python(value)
        except _pydantic.ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            pointer = "".join(f"/{part}" for part in (name, *first["loc"]))
            raise SchemaViolation(pointer, first["msg"]) from error


def find_models(types: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Model]:
    """Return the models of the parameters, and of ``return``, that Pydantic describes."""
    found = {}
    for name, kind in types.items():
        field = defaults.get(name)
        if isinstance(field, _pydantic.fields.FieldInfo):
            found[name] = Model(kind, field)
        elif any(map(_is_of_pydantic, _parts(kind))):
            found[name] = Model(kind)
    return found


def _is_of_pydantic(part: Any) -> bool:
    kind = part if isinstance(part, type) else type(part)
    return hasattr(kind, "__get_pydantic_core_schema__") or kind.__module__.partition(".")[0] in _MODULES


def _parts(kind: Any) -> Iterator[Any]:
    """Yield a type and all that it consists of: arguments, metadata, and the members of classes."""
    seen: set[int] = set()
    waiting = [kind]
    while waiting:
        part = waiting.pop()
        if id(part) in seen or isinstance(part, msgspec.Meta):
            continue
        seen.add(id(part))
        yield part
        waiting += [*get_args(part), *getattr(part, "__metadata__", ())]
        if isinstance(part, type) and getattr(part, "__annotations__", None) and not _is_of_pydantic(part):
            waiting += get_type_hints(part, include_extras=True).values()
