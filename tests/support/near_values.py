"""Values that match a JSON Schema or almost do: at its bounds, just beyond them, and what is easily taken for valid."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

# What Python, JSON and JSON Schema take for different numbers: a truth, a whole float, more than 64 bits.
NUMBERS = [0, 1, -1, True, False, 0.0, 1.0, -1.5, 2**53, 2**53 + 1, 2.0**53, 2**63, -(2**63) - 1, 2**64, 10**30, 1e300]
# The length of the first is 1 in code points, and more in bytes or UTF-16. The second is no Unicode.
TEXTS = ["\U0001f600", "\ud800", "e\u0301", "", "a", "a\n", "\n", "2.0", "1", "null", "\u2028", "x" * 300]
ANYTHING: list[Any] = [None, [], {}, [1], [None], {"": 0}, {"a": {}}, {"\ud800": 0}, *NUMBERS, *TEXTS]
SIZES = ("minLength", "maxLength", "minItems", "maxItems")
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def near_values(schema: Any, root: Mapping[str, Any] | None = None, depth: int = 0) -> st.SearchStrategy[Any]:
    """Return a strategy for values near the ``schema``, whose references are to ``root``."""
    root = schema if root is None else root
    anything = st.sampled_from(ANYTHING)
    if not isinstance(schema, Mapping) or depth > 6:
        return anything
    parts = [near_values(part, root, depth + 1) for part in _parts(schema, root)]
    found = [*parts, *(st.sampled_from(values) for values in _edges(schema) if values)]
    names = schema.get("type", "object" if "properties" in schema or "required" in schema else ())
    names = [names] if isinstance(names, str) else names
    if "object" in names:
        found.append(_objects(schema, root, depth))
    if "array" in names:
        inner = near_values(schema.get("items", True), root, depth + 1)
        sizes = [schema[name] for name in SIZES[2:] if name in schema and schema[name] < 5]
        found.append(st.lists(inner, min_size=0, max_size=max(sizes, default=2) + 1))
    if "string" in names and "pattern" in schema:
        found.append(st.from_regex(schema["pattern"]))
    if not found:
        return anything
    valid = st.one_of(found)
    # One in some is something else, so that most of a large value is right.
    return st.integers(0, 11).flatmap(lambda chance: anything if chance == 0 else valid)


def _parts(schema: Mapping[str, Any], root: Mapping[str, Any]) -> list[Any]:
    """Return the schemas that apply to the same value."""
    parts = [part for keyword in ("allOf", "anyOf", "oneOf") for part in schema.get(keyword, ())]
    for keyword in ("anyOf", "allOf"):
        if keyword in schema and "properties" in schema:
            others = {name: value for name, value in schema.items() if name != keyword}
            parts += [{**others, **part} for part in schema[keyword] if isinstance(part, Mapping)]
    reference = schema.get("$ref", "")
    if reference.startswith("#/"):
        target: Any = root
        for name in reference.split("/")[1:]:
            target = target[name]
        parts.append({**target, **{name: value for name, value in schema.items() if name != "$ref"}})
    return parts


def _edges(schema: Mapping[str, Any]) -> list[list[Any]]:
    """Return values at the bounds of a schema and beside them."""
    lengths = [schema[name] + step for name in SIZES[:2] if name in schema for step in (-1, 0, 1)]
    texts = [character * int(length) for length in lengths if 0 <= length <= 5000 for character in ("a", "\U0001f600")]
    numbers = [schema[name] + step for name in BOUNDS if name in schema for step in (-1, 0, 0.5, 1)]
    numbers += [kind(number) for number in numbers for kind in (int, float)]
    typed: dict[str, list[Any]] = {
        "string": TEXTS,
        "integer": NUMBERS,
        "number": NUMBERS,
        "boolean": [True, False, 0, 1],
        "null": [None],
    }
    names = schema.get("type", ())
    fitting = [typed[name] for name in ([names] if isinstance(names, str) else names) if name in typed]
    chosen = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]
    return [texts, numbers, chosen * 3, *fitting]


def _objects(schema: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
    members = {**dict.fromkeys(schema.get("required", ()), True), **schema.get("properties", {})}
    strategies = {name: near_values(rule, root, depth + 1) for name, rule in members.items()}
    required = {name: strategies[name] for name in schema.get("required", ())}
    optional = {name: strategy for name, strategy in strategies.items() if name not in required}
    extra = st.dictionaries(
        st.sampled_from(["a", "", "other", *members]), near_values(schema.get("additionalProperties", True), root, 5)
    )
    whole = st.fixed_dictionaries(required, optional=optional)
    some = st.fixed_dictionaries({}, optional=strategies)
    return st.one_of(whole, whole, some, st.tuples(extra, whole).map(lambda pair: {**pair[0], **pair[1]}), extra)
