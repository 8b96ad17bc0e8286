"""Writes schemas of a document as JSON Schema 2020-12 in the form that clients accept.

``runtime.authoring.derived`` does the same for types: everything in its place, a type on every schema, no keyword that
a client refuses. What is left out makes a schema looser, never stricter. The API itself has the last word.
"""

import json
import math
from collections.abc import Sequence
from typing import Any, Final, Literal, TypeGuard

from openapi.document import Part
from openapi.flat import NULL, Flat, flatten

Direction = Literal["input", "output"]
Node = dict[str, Any]
LONGEST_DESCRIPTION: Final = {"input": 300, "output": 120}
LONGEST_HINT: Final = 100
# What JSON Schema defines, of what msgspec derives for types, and of what is known to be accepted.
_FORMATS: Final = frozenset({"date-time", "date", "time", "duration", "uuid", "email", "hostname", "ipv4", "ipv6"})
# They say how large a number is, which matters to no caller.
_SILENT_FORMATS: Final = frozenset({"int32", "int64", "float", "double", "string", "integer", "number", "boolean"})
_COUNTS: Final = {"string": ("minLength", "maxLength"), "array": ("minItems", "maxItems")}
_SIMPLE: Final = ("string", "number", "boolean", "object")


class TooLarge(Exception):
    """A schema that has too many schemas inside."""


class SchemaWriter:
    """Writes schemas of arguments or of results.

    Together they have ``most`` schemas at most, nested ``depth`` levels: below that, an object is any object.
    """

    def __init__(self, direction: Direction, *, depth: int, most: float) -> None:
        self._direction = direction
        self._depth = depth
        self._left = most

    def write(self, parts: Sequence[Part]) -> Node:
        """Return the schema of a value to which all ``parts`` apply. Raise ``TooLarge``."""
        return self.describe(flatten(parts), self._depth)

    def write_object(self, parts: Sequence[Part]) -> Node:
        """Return the schema of an object, with its alternatives united. Raise ``TooLarge``."""
        return self.describe(flatten(parts), self._depth, as_object=True)

    def describe(self, flat: Flat, depth: int, *, as_object: bool = False) -> Node:
        """Return the schema. With ``as_object``, alternatives become one object that has the properties of all."""
        self._left -= 1
        if self._left < 0:
            raise TooLarge
        depth = 0 if flat.is_recursive else depth
        alternatives = self._alternatives(flat, depth, as_object=as_object)
        if (flat.nullable or self._direction == "output") and not as_object:
            node = _with_null(alternatives, self._direction)
        else:
            node = alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}
        if text := self._text(flat):
            node = {**node, "description": text}
        return {**node, **self._default(flat, node)}

    def _alternatives(self, flat: Flat, depth: int, *, as_object: bool) -> list[Node]:
        variants = [flatten([variant], flat.seen) for variant in flat.variants]
        flat.nullable = flat.nullable or any(variant.nullable and not variant.kinds for variant in variants)
        variants = [variant for variant in variants if variant.kinds or variant.variants or variant.required]
        is_object = flat.kinds == ["object"] or as_object
        if variants and is_object:
            _unite(flat, variants)
        elif variants and not flat.kinds:
            nodes: list[Node] = []
            for variant in variants:
                flat.nullable = flat.nullable or variant.nullable
                variant.nullable = False
                node = self.describe(variant, depth)
                nodes += [one for one in node.get("anyOf", [node]) if one not in nodes]
            return nodes
        kinds = ["object"] if as_object else flat.kinds
        return [self._of_type(flat, kind, depth) for kind in kinds] or self._anything()

    def _of_type(self, flat: Flat, kind: str, depth: int) -> Node:
        node: Node = {"type": kind}
        if kind == "object":
            return node | self._object(flat, depth)
        if kind == "array":
            node["items"] = self._items(flat, depth)
        if self._direction == "output":
            return node
        choices = [value for value in flat.choices if _is_of(kind, value)]
        if choices and kind != "array":
            node["enum"] = choices
        for name in _COUNTS.get(kind, ()):
            count = flat.keywords.get(name)
            if isinstance(count, int) and not isinstance(count, bool) and count >= 0:
                node[name] = count
        if kind in {"integer", "number"}:
            node |= _limits(flat, kind)
        if kind == "string" and flat.keywords.get("format") in _FORMATS:
            node["format"] = flat.keywords["format"]
        return node

    def _object(self, flat: Flat, depth: int) -> Node:
        if depth <= 0:
            return {}
        hidden = "readOnly" if self._direction == "input" else "writeOnly"
        inner = {name: flatten(parts, flat.seen) for name, parts in flat.properties.items()}
        shown = {name: rule for name, rule in inner.items() if rule.keywords.get(hidden) is not True}
        node: Node = {}
        if shown:
            node["properties"] = {name: self.describe(rule, depth - 1) for name, rule in shown.items()}
        if self._direction == "output":
            return node
        if required := [name for name in flat.required if name in shown]:
            node["required"] = required
        if flat.additional is not None and isinstance(flat.additional.value, dict) and flat.additional.value:
            node["additionalProperties"] = self.describe(flatten([flat.additional], flat.seen), depth - 1)
        elif flat.additional is not None and flat.additional.value is False:
            node["additionalProperties"] = False
        return node

    def _items(self, flat: Flat, depth: int) -> Node:
        items = flatten(flat.items, flat.seen)
        if depth > 0 and flat.items:
            return self.describe(items, depth - 1)
        if len(items.kinds) == 1 and items.kinds != ["array"] and not items.nullable and self._direction == "input":
            return {"type": items.kinds[0]}
        return _any_of(_SIMPLE) if self._direction == "input" else {}

    def _anything(self) -> list[Node]:
        """Return the schemas of any value: an argument needs a type for Gemini, a result does not."""
        if self._direction == "output":
            return [{}]
        return [*({"type": kind} for kind in _SIMPLE), {"type": "array", "items": _any_of(_SIMPLE)}]

    def _text(self, flat: Flat) -> str:
        hints = [flat.description]
        if self._direction == "input":
            kind, pattern = flat.keywords.get("format"), flat.keywords.get("pattern")
            if isinstance(kind, str) and kind not in _FORMATS | _SILENT_FORMATS:
                hints.append(f"Format: {kind}.")
            if isinstance(pattern, str) and len(pattern) <= LONGEST_HINT:
                hints.append(f"Pattern: {pattern}")
        if flat.keywords.get("deprecated") is True:
            hints.append("Deprecated.")
        return " ".join(filter(None, (shorten(hint, LONGEST_DESCRIPTION[self._direction]) for hint in hints)))

    def _default(self, flat: Flat, node: Node) -> Node:
        if self._direction == "output" or "default" not in flat.keywords:
            return {}
        default = flat.keywords["default"]
        allowed = [rule.get("type") for rule in node.get("anyOf", [node])]
        is_typed = any(isinstance(kind, str) and _is_of(kind, default) for kind in allowed)
        return {"default": default} if is_typed and len(json.dumps(default)) <= LONGEST_HINT else {}


def shorten(text: str, most: int) -> str:
    """Return the text in one line of ``most`` characters at most."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _unite(flat: Flat, variants: Sequence[Flat]) -> None:
    """Give an object the properties of all its variants, and require what all of them require."""
    for variant in variants:
        for name, parts in variant.properties.items():
            flat.properties.setdefault(name, parts)
        flat.seen |= variant.seen
    common = set.intersection(*(set(variant.required) for variant in variants))
    flat.required += [name for name in variants[0].required if name in common and name not in flat.required]


def _with_null(alternatives: list[Node], direction: Direction) -> Node:
    """Return a schema that allows ``null`` too. Documents often forget to say so of results."""
    if direction == "output":
        if not all(alternatives):
            return {}
        if len(alternatives) == 1 and isinstance(alternatives[0].get("type"), str):
            return {**alternatives[0], "type": [alternatives[0]["type"], NULL]}
    known = [one for one in alternatives if one != {"type": NULL}]
    return {"anyOf": [*known, {"type": NULL}]}


def _any_of(kinds: Sequence[str]) -> Node:
    return {"anyOf": [{"type": kind} for kind in kinds]}


def _is_of(kind: str, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, int):
        return kind in {"integer", "number"}
    if isinstance(value, float):
        return kind == "number" and math.isfinite(value)
    types = {"string": str, "array": list, "object": dict}
    return kind in types and isinstance(value, types[kind])


def _is_number(value: Any) -> TypeGuard[float]:
    return _is_of("number", value)


def _limits(flat: Flat, kind: str) -> Node:
    """Return inclusive limits: Gemini knows no others. Those of OpenAPI 3.0 are exclusive by a boolean beside them."""
    node: Node = {}
    for name, exclusive, step, whole in (
        ("minimum", "exclusiveMinimum", 1, math.floor),
        ("maximum", "exclusiveMaximum", -1, math.ceil),
    ):
        limit, beyond = flat.keywords.get(name), flat.keywords.get(exclusive)
        if beyond is True:
            limit, beyond = None, limit
        limits = [limit] if _is_number(limit) else []
        if _is_number(beyond):
            limits.append(whole(beyond) + step if kind == "integer" else beyond)
        if limits:
            node[name] = max(limits) if step > 0 else min(limits)
    return node
