"""Hostile values of any size, made from a JSON Schema: what its keywords might take too long over.

Each is a value that the schema would take, with one place of it filled by as much as fits.
"""

import functools
import json
import re
import re._constants as op
import re._parser as parser
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from runtime.validation.files import SCHEMAS

DEEPEST = 24
# How long a number JSON may have before Python refuses to read it.
LONGEST_NUMBER = 4000

# Of a size, or of a part of a value; the dots are for what a lambda keeps in a default.
Fill = Callable[..., Any]


class Attack(NamedTuple):
    """A value for each size, which grows with it, and what is hostile about it."""

    name: str
    value: Fill


def attacks(document: Mapping[str, Any]) -> Iterator[Attack]:
    """Every place in a value of the schema, filled in every way."""
    for name, within, root, schema in _places(document, document, "", lambda value: value, 0):
        for kind, fill in _fills(root, schema):
            yield Attack(f"{name or '/'} {kind}", lambda size, fill=fill, within=within: within(fill(size)))


def _places(
    root: Mapping[str, Any], schema: Any, name: str, within: Fill, depth: int
) -> Iterator[tuple[str, Fill, Mapping[str, Any], Mapping[str, Any]]]:
    """Each schema about a part of the value, the document that it is in, and what puts such a part into a whole."""
    schema, root = _resolved(root, schema)
    if not isinstance(schema, Mapping) or depth > 4:
        return
    yield name, within, root, schema
    example = _example(root, schema, 0)
    base = example if isinstance(example, dict) else {}
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(keyword, ()):
            yield from _places(root, part, name, lambda value: within(_merged(base, value)), depth + 1)
    for member, part in schema.get("properties", {}).items():
        yield from _places(
            root, part, f"{name}/{member}", lambda value, member=member: within({**base, member: value}), depth + 1
        )
    for keyword in ("items", "contains", "unevaluatedItems"):
        yield from _places(root, schema.get(keyword), f"{name}/-", lambda value: within([value]), depth + 1)
    for index, part in enumerate(schema.get("prefixItems", ())):
        filler = [_example(root, before, 0) for before in schema["prefixItems"][:index]]
        yield from _places(
            root, part, f"{name}/{index}", lambda value, filler=filler: within([*filler, value]), depth + 1
        )
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        yield from _places(
            root, schema.get(keyword), f"{name}/*", lambda value: within({**base, "any": value}), depth + 1
        )
    for pattern, part in schema.get("patternProperties", {}).items():
        member = _matching(pattern)
        yield from _places(
            root, part, f"{name}/{member}", lambda value, member=member: within({**base, member: value}), depth + 1
        )


def _fills(root: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[tuple[str, Fill]]:
    """The values that are hostile to the types that the schema takes, and one that is of another type."""
    types = _types(schema)
    yield "objects in a list", LISTS["objects"]
    if "array" in types:
        item = _example(root, schema.get("items", schema.get("contains", {})), 0)
        yield from LISTS.items()
        yield "what it takes", lambda size: [item] * size
        yield "what it takes, numbered", lambda size: [_numbered(item, number) for number in range(size)]
    if "string" in types:
        yield from TEXTS.items()
        for pattern in [schema["pattern"]] if "pattern" in schema else []:
            yield from ((f"a text that almost matches {pattern}", pump) for pump in _pumps(pattern))
    if "object" in types:
        yield from _objects(root, schema)
    if {"integer", "number"} & types:
        yield from NUMBERS.items()
    if {"$ref", "anyOf", "oneOf", "allOf"} & schema.keys() or "array" in types:
        yield "itself within itself", lambda size: _itself(root, schema, size)


def _types(schema: Mapping[str, Any]) -> set[str]:
    stated = schema.get("type", ["array", "object", "string", "number"])
    return {stated} if isinstance(stated, str) else set(stated)


def _cached(fill: Fill) -> Fill:
    """Most time would go into making the same values again."""
    return functools.lru_cache(maxsize=4)(fill)


LISTS: Mapping[str, Fill] = {
    "numbers of every kind": _cached(lambda size: [{}, *range(size)]),
    "numbers with one hash": _cached(lambda size: [(number + 1) * (2**61 - 1) for number in range(size)]),
    "fractions": _cached(lambda size: [number + 0.5 for number in range(size)]),
    "identifiers with one hash": _cached(lambda size: [_uuid((number + 1) * (2**61 - 1)) for number in range(size)]),
    "objects": _cached(lambda size: [{"a": number} for number in range(size)]),
    "lists": _cached(lambda size: [[[number]] for number in range(size)]),
    "texts": _cached(lambda size: [f"{number:x}" for number in range(size)]),
    "nulls": _cached(lambda size: [None] * size),
    "deep lists": _cached(lambda size: [_nested(n % DEEPEST, lambda inner: [inner]) for n in range(size // 16)]),
    "long numbers": _cached(lambda size: [10**LONGEST_NUMBER + number for number in range(size // 500)]),
}
TEXTS: Mapping[str, Fill] = {
    "a long text": lambda size: "a" * size * 8,
    "white space": lambda size: " " * size * 8 + "\x00",
    "separators": lambda size: "-" * size * 4 + "." * size * 4 + "\x00",
}
NUMBERS: Mapping[str, Fill] = {
    "a long number": lambda _: 10**LONGEST_NUMBER,
    "a large fraction": lambda _: 1.7e308,
    "a small fraction": lambda _: 5e-324,
}
MEMBERS: Mapping[str, Fill] = {
    "unknown members": _cached(lambda size: {f"x{number}": number for number in range(size)}),
    "long names": _cached(lambda size: {"x" * size * 8: 1, "\n" + " " * size * 8 + "!": 1}),
    "deep objects": _cached(
        lambda size: {f"x{n}": _nested(n % DEEPEST, lambda inner: {"x": inner, "y": 1}) for n in range(size // 16)}
    ),
}


def _objects(root: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[tuple[str, Fill]]:
    example = _example(root, schema, 0)
    base = example if isinstance(example, dict) else {}
    for name, fill in MEMBERS.items():
        yield name, lambda size, fill=fill: {**base, **fill(size)}
    for pattern in schema.get("patternProperties", {}):
        name = _matching(pattern)
        yield f"names like {name}", lambda size, name=name: {**base, **{f"{name}{n}": 1 for n in range(size)}}
        for pump in _pumps(pattern):
            yield f"a name that almost matches {pattern}", lambda size, pump=pump: {**base, pump(size): 1}


def _itself(root: Mapping[str, Any], schema: Mapping[str, Any], size: int) -> Any:
    """A schema that refers to itself gets a chain of itself, wrong at its end; the deepest that a body may be."""
    value: Any = "wrong"
    depth = min(DEEPEST, size)
    for _ in range(depth):
        value = _recursive(root, schema, value)
    return [value] * (size // DEEPEST)


def _recursive(root: Mapping[str, Any], schema: Mapping[str, Any], inner: Any) -> Any:
    parts = [_resolved(root, part)[0] for part in schema.get("anyOf", [schema])]
    # The last of several alternatives: whoever tries one after the other looks at all of them.
    chosen = next((part for part in reversed(parts) if isinstance(part, Mapping) and part.get("properties")), None)
    if chosen is None:
        return [inner]
    example = _example(root, chosen, 0)
    # One member only: two of them at each level are millions at the last.
    names = sorted(chosen["properties"], key=lambda name: "$ref" not in json.dumps(chosen["properties"][name]))
    return {**example, names[0]: inner}


def _example(root: Mapping[str, Any], schema: Any, depth: int) -> Any:  # noqa: C901, PLR0911  # one return a kind
    """A small value that the schema takes, as far as that can be told with little effort."""
    schema, root = _resolved(root, schema)
    if not isinstance(schema, Mapping) or depth > 6:
        return "x"
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema and "properties" not in schema:
            return _example(root, schema[keyword][0], depth + 1)
    kind = schema.get("type", "object" if {"properties", "required"} & schema.keys() else "string")
    match kind if isinstance(kind, str) else kind[0]:
        case "object":
            parts = schema.get("properties", {})
            return {name: _example(root, parts.get(name, {}), depth + 1) for name in schema.get("required", ())}
        case "array":
            prefix = [_example(root, part, depth + 1) for part in schema.get("prefixItems", ())]
            return prefix + [_example(root, schema.get("items", {}), depth + 1)] * (
                schema.get("minItems", 0) - len(prefix)
            )
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "null":
            return None
    if schema.get("format") == "uuid":
        return _uuid(1)
    return _matching(schema["pattern"]) if "pattern" in schema else "x" * schema.get("minLength", 1)


def _numbered(item: Any, number: int) -> Any:  # noqa: PLR0911  # one return a kind
    match item:
        case str() if re.fullmatch(r"[0-9a-f-]{36}", item):
            return _uuid((number + 1) * (2**61 - 1))
        case str():
            return f"{item}{number}"
        case bool() | None:
            return item
        case int() | float():
            return (number + 1) * (2**61 - 1)
        case dict() if item:
            return {name: _numbered(part, number) for name, part in item.items()}
        case list() if item:
            return [_numbered(part, number) for part in item]
    return item


def _uuid(number: int) -> str:
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:32]}"


def _nested(depth: int, wrap: Fill) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = wrap(value)
    return value


def _merged(base: dict[str, Any], value: Any) -> Any:
    return {**base, **value} if isinstance(value, dict) else value


def _resolved(root: Mapping[str, Any], schema: Any) -> tuple[Any, Mapping[str, Any]]:
    """A schema with what it refers to, and the document that its own references are in."""
    seen = 0
    while isinstance(schema, Mapping) and "$ref" in schema and seen < 8:
        seen += 1
        file, _, pointer = schema["$ref"].partition("#")
        root = json.loads(next(SCHEMAS.rglob(file)).read_bytes()) if file else root
        target: Any = root
        for part in pointer.split("/")[1:]:
            target = target[part.replace("~1", "/").replace("~0", "~")]
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        members = {**target.get("properties", {}), **beside.get("properties", {})}
        required = [*target.get("required", ()), *beside.get("required", ())]
        schema = {
            **target,
            **beside,
            **({"properties": members} if members else {}),
            **({"required": required} if required else {}),
        }
    return schema, root


def _pumps(pattern: str) -> Iterator[Fill]:
    """For each repetition in a pattern: a text that goes through it for long, and then does not match."""
    for before, body in _repetitions(list(parser.parse(pattern)), ""):
        yield lambda size, before=before, body=body: before + body * (size * 8 // max(1, len(body))) + "\x00"


def _repetitions(items: list[tuple[Any, Any]], before: str) -> Iterator[tuple[str, str]]:
    for kind, value in items:
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT}:
            yield before, _least(list(value[2])) or "a"
            yield from _repetitions(list(value[2]), before)
        elif kind is op.SUBPATTERN:
            yield from _repetitions(list(value[3]), before)
        elif kind is op.BRANCH:
            for branch in value[1]:
                yield from _repetitions(list(branch), before)
        before += _least([(kind, value)])


def _matching(pattern: str) -> str:
    """A short text that the pattern matches."""
    return _least(list(parser.parse(pattern)))


def _least(items: list[tuple[Any, Any]]) -> str:
    text = ""
    for kind, value in items:
        if kind is op.LITERAL:
            text += chr(value)
        elif kind in {op.IN, op.ANY, op.NOT_LITERAL}:
            text += _member(kind, value)
        elif kind in {op.MAX_REPEAT, op.MIN_REPEAT}:
            text += _least(list(value[2])) * value[0]
        elif kind is op.SUBPATTERN:
            text += _least(list(value[3]))
        elif kind is op.BRANCH:
            text += _least(list(value[1][0]))
    return text


def _member(kind: Any, value: Any) -> str:
    if kind is not op.IN:
        return "a" if kind is op.ANY or value != ord("a") else "b"
    tried: dict[Any, Callable[[Any], str]] = {op.LITERAL: chr, op.RANGE: lambda one: chr(one[0])}
    if value[0][0] is not op.NEGATE:
        return next((tried[kind](one) for kind, one in value if kind in tried), "a")
    return next(char for char in "a1.- " if not any(kind is op.LITERAL and chr(one) == char for kind, one in value))
