"""JSON Schema 2020-12 validation in time linear in the value.

``jsonschema`` compares each item of ``uniqueItems`` and ``unevaluatedItems`` with every other. It collects violations
where a verdict is enough. It follows a recursive ``$ref`` again for every way to reach it, and each level of an
``anyOf`` doubles those ways. Here a keyword looks at a value once.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from itertools import islice
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from jsonschema._utils import find_evaluated_item_indexes_by_schema, find_evaluated_property_keys_by_schema
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

# Cheap checks come first, so that a value that is too large is not searched.
SIZES = ("maxLength", "maxItems", "maxProperties", "minLength", "minItems", "minProperties")
_RANKS = {keyword: rank for rank, keyword in enumerate(("type", *SIZES, "propertyNames"))}

Errors = Iterator[ValidationError]
_follow = Draft202012Validator.VALIDATORS["$ref"]


class _Run(NamedTuple):
    """One validation: how many violations of a reference to keep, and those found, by schema and value."""

    most: int
    found: dict[tuple[int, int], list[ValidationError]]


_run: ContextVar[_Run] = ContextVar("_run")


@contextmanager
def run(most: int) -> Iterator[None]:
    """Open one validation: a ``$ref`` is followed once for each value, and yields at most ``most`` violations.

    Every validation needs one. Neither the schema nor the value may change within it.
    """
    token = _run.set(_Run(most, {}))
    try:
        yield
    finally:
        _run.reset(token)


def sizes_first(document: Any) -> Any:
    """Return a copy of a schema with the size keywords first: keywords are checked in their order."""
    if isinstance(document, Mapping):
        names = sorted(document, key=lambda name: _RANKS.get(name, len(_RANKS)))
        return {name: sizes_first(document[name]) for name in names}
    return [sizes_first(part) for part in document] if isinstance(document, list | tuple) else document


def first(errors: Iterable[ValidationError], most: int) -> Errors:
    """Yield at most ``most`` violations, and none after one of a size: a value that is too large is not searched."""
    for error in islice(errors, most):
        yield error
        if error.validator in SIZES:
            return


def canonical(value: Any) -> str:
    """Return a text that is the same for equal values by JSON Schema (Core 4.2.2): 1 and 1.0, but not 1 and true.

    Python seeds the hashes of texts. An attacker can choose numbers that have the same hash.
    """
    match value:
        case str():
            text = f"{len(value)}:{value}"
        case int() if not isinstance(value, bool):
            text = f"{value:x}"
        case float():
            text = f"{int(value):x}" if value.is_integer() else value.hex()
        case Mapping():
            text = f"{{{','.join(f'{canonical(name)}={canonical(value[name])}' for name in sorted(value))}}}"
        case list() | tuple():
            text = f"[{','.join(map(canonical, value))}]"
        case _:
            text = repr(value)
    return text


def _ref(validator: Any, target: str, value: Any, rule: Mapping[str, Any]) -> Errors:
    most, found = _run.get()
    place = id(rule), id(value)
    if place not in found:
        # If it is met again on the way, the schema refers to itself, which adds no violation.
        found[place] = []
        found[place] = list(first(_follow(validator, target, value, rule), most))
    # Copies, because a violation collects its path on the way up, and each place has another path.
    yield from map(ValidationError.create_from, found[place])


def _any_of(validator: Any, rules: Iterable[Any], value: Any, _rule: Any) -> Errors:
    if not any(_satisfies(validator, value, rule) for rule in rules):
        yield _none_of(validator, rules, value)


def _one_of(validator: Any, rules: Iterable[Any], value: Any, _rule: Any) -> Errors:
    satisfied = list(islice((rule for rule in rules if _satisfies(validator, value, rule)), 2))
    if not satisfied:
        yield _none_of(validator, rules, value)
    elif len(satisfied) > 1:
        yield ValidationError("satisfies more than one of the schemas")


def _satisfies(validator: Any, value: Any, rule: Any) -> bool:
    return next(validator.descend(value, rule), None) is None


def _none_of(validator: Any, rules: Iterable[Any], value: Any) -> ValidationError:
    most = _run.get().most
    context = [
        error
        for index, rule in enumerate(rules)
        for error in first(validator.descend(value, rule, schema_path=index), most)
    ]
    return ValidationError("satisfies none of the schemas", context=context)


def _unique_items(validator: Any, unique: bool, value: Any, _rule: Any) -> Errors:
    if unique and validator.is_type(value, "array"):
        seen: set[str] = set()
        for item in map(canonical, value):
            if item in seen:
                yield ValidationError("has the same item twice")
                return
            seen.add(item)


def _unevaluated_items(validator: Any, _unevaluated: Any, value: Any, rule: Mapping[str, Any]) -> Errors:
    if validator.is_type(value, "array"):
        evaluated = set(find_evaluated_item_indexes_by_schema(validator, value, rule))
        if not evaluated.issuperset(range(len(value))):
            yield ValidationError("has items that no keyword has evaluated")


def _unevaluated_properties(validator: Any, unevaluated: Any, value: Any, rule: Mapping[str, Any]) -> Errors:
    if validator.is_type(value, "object"):
        evaluated = set(find_evaluated_property_keys_by_schema(validator, value, rule))
        for name in value:
            if name not in evaluated and not _satisfies(validator, value[name], unevaluated):
                yield ValidationError("has a member that no keyword has evaluated")
                return


def _multiple_of(validator: Any, divisor: float, value: Any, _rule: Any) -> Errors:
    """Divide the decimals of the JSON text, so that 0.3 is a multiple of 0.1 and no number is too large."""
    if validator.is_type(value, "number") and (not _finite(value) or _exact(value) % _exact(divisor)):
        yield ValidationError("is not a multiple")


def _finite(number: float) -> bool:
    return isinstance(number, int) or math.isfinite(number)


def _exact(number: float) -> int | Fraction:
    return number if isinstance(number, int) else Fraction(repr(number))


LinearValidator: type[Validator] = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "$ref": _ref,
        "anyOf": _any_of,
        "oneOf": _one_of,
        "uniqueItems": _unique_items,
        "unevaluatedItems": _unevaluated_items,
        "unevaluatedProperties": _unevaluated_properties,
        "multipleOf": _multiple_of,
    },
)


def _evolve(self: Any, **changes: Any) -> Validator:
    current = {"schema": self.schema, "registry": self._registry, "_resolver": self._resolver}
    return LinearValidator(**(current | changes))


# The library's own evolve selects a validator by ``$schema``, and would drop these keywords.
LinearValidator.evolve = _evolve  # type: ignore[method-assign]
