"""From the JSON Schema that msgspec has for a type to the one that common clients take for it.

They know less than JSON Schema 2020-12 has, and where they refuse a tool, they often refuse all of a server's. So what
they do not know is said in words that they know, as far as it can be; what cannot is in docs/authoring.md.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

# How many schemas may stand in place of references, in all.
LARGEST = 200
REFERENCE = "#/$defs/"
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}

Node = dict[str, Any]


def portable(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Node:
    """The schema, with ``definitions`` in place of the references to them, but for those that hold themselves."""
    kept = _recursive(definitions)
    if _size(schema, definitions, kept, {}) > LARGEST:
        kept = set(definitions)
    written = _Writer({name: rule for name, rule in definitions.items() if name not in kept})
    result: Node = written.schema(schema)
    if not kept:
        return result
    if result.keys() == {"$ref"}:
        result = written.schema(definitions[_name(result["$ref"])])
    return {**result, "$defs": {name: written.schema(definitions[name]) for name in definitions if name in kept}}


def beside(rule: Mapping[str, Any], members: Mapping[str, Any]) -> Node:
    """The rule with further members; a reference gets a schema of its own, since many readers ignore or refuse what
    stands beside ``$ref``."""
    return {**members, "anyOf": [dict(rule)]} if "$ref" in rule and members else {**members, **rule}


class _Writer:
    """Writes schemas anew, those of ``definitions`` in place of references to them."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions

    def schema(self, rule: Any) -> Any:
        """A schema in the form that clients take."""
        if not isinstance(rule, Mapping):
            return rule
        node = {keyword: self._inner(keyword, value) for keyword, value in rule.items()}
        node.pop("discriminator", None)
        if not node.get("required", True):
            del node["required"]
        if "$ref" in node:
            return self._reference(node)
        if node.get("type") == "array":
            return _array(node)
        if node.get("type") == "integer":
            return _integer(node)
        return _enumeration(node) if "enum" in node and "type" not in node else node

    def _inner(self, keyword: str, value: Any) -> Any:
        if keyword == "properties":
            return {name: self.schema(rule) for name, rule in value.items()}
        if keyword in {"anyOf", "prefixItems"}:
            return [self.schema(rule) for rule in value]
        return self.schema(value) if keyword in {"items", "additionalProperties", "propertyNames"} else value

    def _reference(self, node: Node) -> Node:
        reference = node.pop("$ref")
        if _name(reference) not in self._definitions:
            return beside({"$ref": reference}, node)
        return {**self.schema(self._definitions[_name(reference)]), **node}


def _array(node: Node) -> Node:
    """With ``items``, which VS Code demands of every array, in the place of ``prefixItems``: their kinds, in any order.

    The order is checked when the type is made of them. A set is made of any array.
    """
    node.pop("uniqueItems", None)
    places = node.pop("prefixItems", [])
    kinds: list[Any] = []
    for place in places:
        kind = {keyword: value for keyword, value in place.items() if keyword != "default"}
        if kind not in kinds:
            kinds.append(kind)
    # Without a limit there may be more items than places.
    if kinds and "maxItems" in node:
        node["items"] = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    elif not isinstance(node.get("items"), Mapping):
        node["items"] = {}
    return node


def _integer(node: Node) -> Node:
    """Exclusive limits as inclusive ones, which Gemini knows."""
    if "exclusiveMinimum" in node:
        node["minimum"] = math.floor(node.pop("exclusiveMinimum")) + 1
    if "exclusiveMaximum" in node:
        node["maximum"] = math.ceil(node.pop("exclusiveMaximum")) - 1
    return node


def _enumeration(node: Node) -> Node:
    """An ``enum`` that states a type, which Gemini demands; one of several types becomes one for each."""
    by_type: dict[str | None, list[Any]] = {}
    for value in node.pop("enum"):
        by_type.setdefault(_TYPES.get(type(value)), []).append(value)
    if None in by_type:
        # What somebody has put in by hand stays as it is.
        return {**node, "enum": [value for values in by_type.values() for value in values]}
    rules = [{"type": kind} if kind == "null" else {"type": kind, "enum": by_type[kind]} for kind in by_type]
    return {**node, **rules[0]} if len(rules) == 1 else {**node, "anyOf": rules}


def _recursive(definitions: Mapping[str, Any]) -> set[str]:
    """The names of the definitions that lead back to themselves."""
    leads_to = {name: set(_references(rule)) & definitions.keys() for name, rule in definitions.items()}
    return {name for name in definitions if name in _reached(leads_to[name], leads_to)}


def _reached(names: set[str], leads_to: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += leads_to[name]
    return reached


def _size(rule: Any, definitions: Mapping[str, Any], kept: set[str], known: dict[str, int]) -> int:
    """How many schemas there would be in place of the references in a schema."""
    size = 1
    for name in _references(rule):
        if name in kept or name not in definitions:
            continue
        if name not in known:
            known[name] = _size(definitions[name], definitions, kept, known)
        size += known[name]
    return size


def _references(rule: Any) -> Iterator[str]:
    """The names of the definitions that a schema refers to, once for each reference."""
    if isinstance(rule, Mapping):
        if isinstance(rule.get("$ref"), str):
            yield _name(rule["$ref"])
        for keyword, value in rule.items():
            if keyword == "properties":
                for inner in value.values():
                    yield from _references(inner)
            elif keyword in {"anyOf", "prefixItems"}:
                for inner in value:
                    yield from _references(inner)
            elif keyword in {"items", "additionalProperties", "propertyNames"}:
                yield from _references(value)


def _name(reference: str) -> str:
    return reference.removeprefix(REFERENCE)
