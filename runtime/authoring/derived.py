"""Converts the JSON Schema that msgspec derives from a type into one that common clients accept.

They support less than JSON Schema 2020-12, and a client that refuses one tool often refuses all tools of its server. So
unsupported keywords are replaced by supported ones where possible; docs/tools.md lists where it is not.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

# The member of a structured result that is no object, as FastMCP and the official SDK name it.
WRAPPED = "result"
# The most schemas that may replace references, in total.
LARGEST = 200
REFERENCE = "#/$defs/"
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}

Node = dict[str, Any]


def make_portable(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Node:
    """Return the schema with references replaced by their definitions, except for recursive definitions."""
    kept = _recursive_names(definitions)
    if _size(schema, definitions, kept, {}) > LARGEST:
        kept = set(definitions)
    written = _Writer({name: rule for name, rule in definitions.items() if name not in kept})
    result: Node = written.schema(schema)
    if not kept:
        return result
    if result.keys() == {"$ref"}:
        result = written.schema(definitions[_name(result["$ref"])])
    return {**result, "$defs": {name: written.schema(definitions[name]) for name in definitions if name in kept}}


def add_members(rule: Mapping[str, Any], members: Mapping[str, Any]) -> Node:
    """Return the rule with further members. A reference gets a schema of its own, because many clients ignore or refuse
    the siblings of ``$ref``."""
    return {**members, "anyOf": [dict(rule)]} if "$ref" in rule and members else {**members, **rule}


def wrap_schema(schema: Mapping[str, Any]) -> Node:
    """Return the schema of an object whose one member has this schema."""
    member = {keyword: value for keyword, value in schema.items() if keyword != "$defs"}
    definitions = {"$defs": schema["$defs"]} if "$defs" in schema else {}
    return {"type": "object", "properties": {WRAPPED: member}, "required": [WRAPPED], **definitions}


class _Writer:
    """Rewrites schemas, with ``definitions`` in place of the references to them."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions

    def schema(self, rule: Any) -> Any:
        """Return a schema in the form that clients accept."""
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
        if keyword in _LISTS:
            return [self.schema(rule) for rule in value]
        return self.schema(value) if keyword in {"items", "additionalProperties", "propertyNames"} else value

    def _reference(self, node: Node) -> Node:
        reference = node.pop("$ref")
        if _name(reference) not in self._definitions:
            return add_members({"$ref": reference}, node)
        return {**self.schema(self._definitions[_name(reference)]), **node}


def _array(node: Node) -> Node:
    """Replace ``prefixItems`` by ``items``, which VS Code requires of every array: the same kinds, in any order.

    msgspec checks the order when it converts the value, and converts any array to a set.
    """
    node.pop("uniqueItems", None)
    places = node.pop("prefixItems", [])
    kinds: list[Any] = []
    for place in places:
        kind = {keyword: value for keyword, value in place.items() if keyword != "default"}
        if kind not in kinds:
            kinds.append(kind)
    # Without maxItems, there may be more items than places.
    if kinds and "maxItems" in node:
        node["items"] = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    elif not isinstance(node.get("items"), Mapping):
        node["items"] = {}
    return node


def _integer(node: Node) -> Node:
    """Replace exclusive limits by inclusive ones, which Gemini supports."""
    if "exclusiveMinimum" in node:
        node["minimum"] = math.floor(node.pop("exclusiveMinimum")) + 1
    if "exclusiveMaximum" in node:
        node["maximum"] = math.ceil(node.pop("exclusiveMaximum")) - 1
    return node


def _enumeration(node: Node) -> Node:
    """Give an ``enum`` its type, which Gemini requires. An enum of several types becomes one enum for each."""
    by_type: dict[str | None, list[Any]] = {}
    for value in node.pop("enum"):
        by_type.setdefault(_TYPES.get(type(value)), []).append(value)
    if None in by_type:
        # An enum with other values comes from the author, and stays.
        return {**node, "enum": [value for values in by_type.values() for value in values]}
    rules = [{"type": kind} if kind == "null" else {"type": kind, "enum": by_type[kind]} for kind in by_type]
    return {**node, **rules[0]} if len(rules) == 1 else {**node, "anyOf": rules}


def _recursive_names(definitions: Mapping[str, Any]) -> set[str]:
    """Return the names of the definitions that refer to themselves, directly or not."""
    leads_to = {name: set(_references(rule)) & definitions.keys() for name, rule in definitions.items()}
    return {name for name in definitions if name in _reachable(leads_to[name], leads_to)}


def _reachable(names: set[str], leads_to: Mapping[str, set[str]]) -> set[str]:
    """Return the names, and all names that they lead to."""
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += leads_to[name]
    return reached


def _size(rule: Any, definitions: Mapping[str, Any], kept: set[str], known: dict[str, int]) -> int:
    """Return how many schemas would replace the references in a schema."""
    size = 1
    for name in _references(rule):
        if name in kept or name not in definitions:
            continue
        if name not in known:
            known[name] = _size(definitions[name], definitions, kept, known)
        size += known[name]
    return size


def _references(rule: Any) -> Iterator[str]:
    """Yield the names of the definitions that a schema refers to, once for each reference."""
    if isinstance(rule, Mapping):
        if isinstance(rule.get("$ref"), str):
            yield _name(rule["$ref"])
        for keyword, value in rule.items():
            if keyword == "properties":
                for inner in value.values():
                    yield from _references(inner)
            elif keyword in _LISTS:
                for inner in value:
                    yield from _references(inner)
            elif keyword in {"items", "additionalProperties", "propertyNames"}:
                yield from _references(value)


def _name(reference: str) -> str:
    return reference.removeprefix(REFERENCE)
