"""A check that can only say yes: what it accepts, the schema accepts. What it does not accept is for ``jsonschema``.

It translates a schema into a type of ``msgspec``, which checks a value against it in a microsecond. A schema with a
keyword that is not translated has no such check.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Final, Literal, Union

import msgspec

from runtime.validation.conjunction import ANNOTATIONS, Rule, Untranslatable, join

# The schema that a ``$ref`` names.
Lookup = Callable[[str], Any]
Accepts = Callable[[Any], bool]

NUMBERS: Final = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
ARRAYS: Final = {"items", "minItems", "maxItems"}
OBJECTS: Final = {"properties", "required", "additionalProperties", "minProperties", "maxProperties"}
# The keywords that are translated, by the type of the values that they are about.
KEYWORDS: Final[Mapping[str, set[str]]] = {
    "null": set(),
    "boolean": set(),
    "integer": NUMBERS,
    "number": NUMBERS,
    "string": {"minLength", "maxLength", "pattern"},
    "array": ARRAYS,
    "object": OBJECTS,
}
# A type without values, for members that must not be included.
NOTHING: Final = Annotated[int, msgspec.Meta(ge=1, le=0)]


def acceptance(schema: Any, lookup: Lookup) -> Accepts | None:
    """Return what tells whether a value is certain to match the ``schema``, ``None`` if nothing can.

    ``lookup`` returns the schema that a ``$ref`` names, and raises ``Untranslatable`` for one that it does not know.
    """
    try:
        translator = _Translator(lookup)
        # msgspec cannot tell objects apart by what they require, so each alternative is a type.
        types = [translator.type_of(rule) for rule in translator.alternatives(schema)]
        for kind in types:
            # Raises TypeError for a type that msgspec does not support.
            msgspec.json.Decoder(kind)
    except (Untranslatable, TypeError, ValueError, OverflowError):
        return None
    return lambda value: _is_accepted(value, types)


def _is_accepted(value: Any, types: Sequence[Any]) -> bool:
    for kind in types:
        try:
            msgspec.convert(value, kind)
        except (msgspec.ValidationError, OverflowError, RecursionError, UnicodeEncodeError):
            continue
        return True
    return False


class _Translator:
    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._followed: list[str] = []

    def alternatives(self, schema: Any) -> list[Any]:
        """Return schemas of which a value has to match one: those of an ``anyOf`` beside other keywords."""
        if not isinstance(schema, Mapping):
            return [schema]
        # The name of the whole document. One further inside would change what references mean.
        document = {name: value for name, value in schema.items() if name != "$id"}
        with self._flat(document) as rule:
            others = {name: value for name, value in rule.items() if name != "anyOf"}
            if "anyOf" not in rule or not others.keys() - ANNOTATIONS:
                return [rule]
            return [join(others, branch) for branch in rule["anyOf"]]

    def type_of(self, schema: Any) -> Any:
        """Return the type for a schema. Raise ``Untranslatable``."""
        if not isinstance(schema, Mapping):
            return Any if schema else NOTHING
        with self._flat(schema) as rule:
            keywords = rule.keys() - ANNOTATIONS
            if not keywords:
                return Any
            if keywords == {"not"} and rule["not"] in ({}, True):
                return NOTHING
            if keywords == {"anyOf"}:
                return Union[tuple(self.type_of(branch) for branch in rule["anyOf"])]  # noqa: UP007  # of unknown length
            if keywords & {"const", "enum"}:
                return _literal(rule, keywords)
            return self._type_by_name(rule, keywords)

    @contextmanager
    def _flat(self, schema: Rule) -> Iterator[Rule]:
        """Give the schema without references and conditions: at most what it accepts, never more."""
        rule = {name: value for name, value in schema.items() if name not in ("$ref", "allOf", "if", "then", "else")}
        parts = list(schema.get("allOf", ()))
        # What matches both branches of a condition need not be asked which one counts.
        parts += [schema[branch] for branch in ("then", "else") if "if" in schema and branch in schema]
        reference = schema.get("$ref")
        if reference in self._followed:
            raise Untranslatable("$ref")
        if reference is not None:
            self._followed.append(reference)
            parts.append(self._lookup(reference))
        for part in parts:
            with self._flat(part) as inner:
                rule = join(rule, inner)
        yield rule
        if reference is not None:
            self._followed.pop()

    def _type_by_name(self, rule: Rule, keywords: set[str]) -> Any:
        named = rule.get("type")
        if named is None:
            # Without a type, values of other types match too. Those are for jsonschema.
            named = "object" if keywords <= OBJECTS else "array" if keywords <= ARRAYS else ()
        names = [named] if isinstance(named, str) else named
        untranslated = keywords.difference({"type"}, *(KEYWORDS[name] for name in names))
        if not names or untranslated:
            raise Untranslatable(", ".join(untranslated) or "type")
        return Union[tuple(getattr(self, f"_{name}")(rule) for name in names)]  # noqa: UP007  # of unknown length

    def _null(self, _rule: Rule) -> Any:
        return None

    def _boolean(self, _rule: Rule) -> Any:
        return bool

    def _integer(self, rule: Rule) -> Any:
        return _number_type(int, rule)

    def _number(self, rule: Rule) -> Any:
        # As a float alone, a large integer would be rounded before it is compared.
        return _number_type(int, rule) | _number_type(float, rule)

    def _string(self, rule: Rule) -> Any:
        limits = {"min_length": rule.get("minLength"), "max_length": rule.get("maxLength")}
        return _with_limits(str, **limits, pattern=rule.get("pattern"))

    def _array(self, rule: Rule) -> Any:
        item = self.type_of(rule.get("items", True))
        return _with_limits(
            list.__class_getitem__(item), min_length=rule.get("minItems"), max_length=rule.get("maxItems")
        )

    def _object(self, rule: Rule) -> Any:
        properties, required = rule.get("properties", {}), rule.get("required", ())
        other = rule.get("additionalProperties", True)
        if not properties and not required:
            members = dict.__class_getitem__((str, self.type_of(other)))
            return _with_limits(members, min_length=rule.get("minProperties"), max_length=rule.get("maxProperties"))
        if rule.keys() & {"minProperties", "maxProperties"} or other not in (True, False, {}):
            raise Untranslatable("additionalProperties")
        if other is False and not properties.keys() >= set(required):
            raise Untranslatable("required")
        fields: list[Any] = []
        names = {f"_{index}": name for index, name in enumerate({**properties, **dict.fromkeys(required)})}
        for field, name in names.items():
            kind = self.type_of(properties.get(name, True))
            optional = (field, Union[kind, msgspec.UnsetType], msgspec.UNSET)  # noqa: UP007  # Any has no |
            fields.append((field, kind) if name in required else optional)
        return msgspec.defstruct(
            "Object", fields, kw_only=True, rename=names, forbid_unknown_fields=other is False, gc=False
        )


def _literal(rule: Rule, keywords: set[str]) -> Any:
    """Return the type of the strings and integers of ``enum`` or ``const``. For Python, 1 is True."""
    values = rule["enum"] if "enum" in rule else [rule["const"]]
    if len(keywords - {"type"}) > 1 or not all(type(value) in (str, int) for value in values):
        raise Untranslatable("enum")
    names = {"string" if isinstance(value, str) else "integer" for value in values}
    if not names or rule.get("type", next(iter(names))) not in names or ("type" in rule and len(names) > 1):
        raise Untranslatable("enum")
    return Literal[tuple(values)]


def _number_type(kind: type, rule: Rule) -> Any:
    """Return the type of numbers within bounds, which for integers are integers."""
    least, most, above, below = (
        rule.get(keyword) for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    )
    if kind is int:
        up, down = _round_with(math.ceil), _round_with(math.floor)
        return _with_limits(int, ge=up(least), le=down(most), gt=down(above), lt=up(below))
    if any(bound is not None and float(bound) != bound for bound in (least, most, above, below)):
        raise Untranslatable("minimum")
    return _with_limits(float, ge=least, le=most, gt=above, lt=below)


def _round_with(how: Callable[[float], int]) -> Callable[[float | None], int | None]:
    return lambda bound: None if bound is None else how(bound)


def _with_limits(kind: Any, **limits: Any) -> Any:
    """Return a type with the limits that are set."""
    given = {name: _whole(limit) for name, limit in limits.items() if limit is not None}
    return Annotated[kind, msgspec.Meta(**given)] if given else kind


def _whole(limit: Any) -> Any:
    """Return 5 for 5.0, which JSON Schema allows as a size."""
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit
