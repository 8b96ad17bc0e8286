"""Typed questions: the form for a type, and the answer in that type."""

import dataclasses
import sys
from collections.abc import Mapping
from typing import Any, Generic, Literal, TypeVar

import msgspec

from runtime.authoring.derived import REFERENCE, make_portable

T = TypeVar("T")
_VALUE = "value"


@dataclasses.dataclass(frozen=True)
class AcceptedElicitation(Generic[T]):
    """A user's answer, in the type that was asked for."""

    data: T
    action: Literal["accept"] = "accept"


@dataclasses.dataclass(frozen=True)
class DeclinedElicitation:
    """A user who does not want to answer."""

    action: Literal["decline"] = "decline"


@dataclasses.dataclass(frozen=True)
class CancelledElicitation:
    """A user who closed the question."""

    action: Literal["cancel"] = "cancel"


ElicitationResult = AcceptedElicitation[T] | DeclinedElicitation | CancelledElicitation


class TypedForm:
    """The form for a type: its JSON Schema, and how to read an answer.

    A class becomes a form with its members. Any other type becomes a form with one member, and so does a choice:
    ``["low", "high"]``, ``{"low": {"title": "Low"}}``, or either in a list for several. Raise ``TypeError`` for a type
    that JSON cannot carry.
    """

    def __init__(self, kind: Any, title: str | None = None, description: str | None = None) -> None:
        self._kind = _plain_kind(kind)
        self._model = _model(kind)
        rule = _choice(kind) or self._derive()
        self._is_object = rule.get("type") == "object"
        if self._is_object:
            self.schema = {**rule, "properties": {name: _flat(part) for name, part in rule["properties"].items()}}
            return
        told = {"title": title, "description": description}
        shown = {**_flat(rule), **{name: text for name, text in told.items() if text}}
        self.schema = {"type": "object", "properties": {_VALUE: shown}, "required": [_VALUE]}

    def read(self, content: Mapping[str, Any]) -> Any:
        """Return the content of an answer in the type. Raise ``ValueError`` for one that does not fit."""
        value = dict(content) if self._is_object else content[_VALUE]
        return self._model.convert(_VALUE, value) if self._model else msgspec.convert(value, self._kind)

    def _derive(self) -> dict[str, Any]:
        if self._model:
            schema, definitions = self._model.schema("validation")
        else:
            (schema,), definitions = msgspec.json.schema_components([self._kind], ref_template=REFERENCE + "{name}")
        return make_portable(schema, definitions)


def _model(kind: Any) -> Any:
    """Return the model of a type that Pydantic describes, ``None`` for another."""
    if "pydantic" not in sys.modules or isinstance(kind, list | dict):
        return None
    from runtime.authoring.pydantic_models import find_models  # noqa: PLC0415  # only with Pydantic

    return find_models({_VALUE: kind}, {}).get(_VALUE)


def _plain_kind(kind: Any) -> Any:
    """Return the type of an answer: text, or a list of texts, for choices."""
    if isinstance(kind, dict):
        return str
    if isinstance(kind, list):
        return list[str] if isinstance(kind[0], list | dict) else str
    return kind


def _choice(kind: Any) -> dict[str, Any] | None:
    """Return the schema of a choice between stated values, ``None`` for a type."""
    match kind:
        case [list() | dict() as several]:
            items = {**(_choice(several) or {})}
            return {"type": "array", "items": {"anyOf": items["oneOf"]} if "oneOf" in items else items}
        case list():
            return {"type": "string", "enum": kind}
        case dict():
            titles = [{"const": value, "title": shown.get("title", value)} for value, shown in kind.items()]
            return {"type": "string", "oneOf": titles}
    return None


def _flat(rule: Any) -> Any:
    """Return the schema of a member without ``null``: a form leaves out what is optional."""
    if "anyOf" not in rule:
        return rule
    kinds = [part for part in rule["anyOf"] if part.get("type") != "null"]
    others = {name: value for name, value in rule.items() if name not in {"anyOf", "default"}}
    return {**kinds[0], **others} if len(kinds) == 1 else rule
