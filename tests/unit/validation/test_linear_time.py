"""The time of a request is linear in its size: every schema, with every kind of hostile value."""

import contextlib
import gc
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest

from runtime.authoring import App, Context, tool
from runtime.authoring.asking import Form, Question, Roots, Sample, UnusableAnswer
from runtime.authoring.context import Channel
from runtime.authoring.tool import Tool
from runtime.validation.files import SCHEMAS
from runtime.validation.judge import Judge
from runtime.validation.schemas import SchemaViolation, schema
from tests.conformance import app as conformance
from tests.support import example_app
from tests.support.hostile import Attack, attacks

pytestmark = pytest.mark.proof
NAMES = sorted(path.relative_to(SCHEMAS).with_suffix("").as_posix() for path in Path(SCHEMAS).rglob("*.json"))
# Items or members; a text has eight times as many characters. A body has at most 64 KB, that of /mcp 50,000 values.
SMALL, LARGE, TOOLS_SIZE = 3_000, 4_000, 1_500
# What takes less tells of nothing but noise.
NOTEWORTHY_SECONDS = 0.06
MOST_SECONDS = 3.0
MOST_GROWTH = 2.5
ATTEMPTS = 6


def seconds(check: Callable[[Any], object], value: Any) -> float:
    """Return the processor time of a run without the garbage collector."""
    gc.disable()
    started = time.process_time()
    try:
        with contextlib.suppress(SchemaViolation, UnusableAnswer):
            check(value)
        return time.process_time() - started
    finally:
        gc.enable()


def disproportion(check: Callable[[Any], object], attack: Attack, size: int) -> str | None:
    """What is wrong with the time that a check takes, if anything is, and is so at twice the size too.

    Whatever grows with the square takes four times as long at every size; a cache that is full does so at one.
    """
    return grows_too_fast(check, attack, size) and grows_too_fast(check, attack, 2 * size)


def grows_too_fast(check: Callable[[Any], object], attack: Attack, size: int) -> str | None:
    half = attack.value(size)
    least_half = seconds(check, half)
    if least_half > MOST_SECONDS:
        return f"{attack.name}: {least_half:.1f} s"
    whole = attack.value(2 * size)
    least_whole = seconds(check, whole)
    if least_whole < NOTEWORTHY_SECONDS:
        return None
    # A body of twice as many items has more than twice the bytes where the items are numbered.
    allowed = MOST_GROWTH * len(json.dumps(whole)) / len(json.dumps(half)) / 2
    for _ in range(ATTEMPTS):
        if least_whole <= allowed * least_half:
            return None
        least_half, least_whole = min(least_half, seconds(check, half)), min(least_whole, seconds(check, whole))
    return f"{attack.name}: {least_half:.3f} s, {least_whole:.3f} s"


def complaints(check: Callable[[Any], object], document: Mapping[str, Any], size: int) -> list[str]:
    found = (disproportion(check, attack, size) for attack in attacks(document))
    return [complaint for complaint in found if complaint]


@pytest.mark.parametrize("name", NAMES)
def test_twice_the_body_takes_at_most_two_and_a_half_times_the_time(name: str) -> None:
    document = json.loads((SCHEMAS / f"{name}.json").read_bytes())
    size = LARGE if name.startswith("mcp/") else SMALL
    assert complaints(schema(name).check, document, size) == []
    # A value that is plainly valid would never get there.
    assert complaints(Judge(document, f"{name}.json").find_violation, document, size) == []


class Leaf(msgspec.Struct, tag="leaf", forbid_unknown_fields=True):
    """The end of a tree."""

    value: int


class Branch(msgspec.Struct, tag="branch", forbid_unknown_fields=True):
    """A tree that ends nowhere."""

    left: "Branch | Leaf"
    right: "Branch | Leaf"


@tool
def collect(numbers: set[int], ids: frozenset[UUID], amounts: set[Decimal], names: set[str]) -> str:
    """Take sets."""
    return "done"


@tool
def pair(
    places: set[tuple[int, int]], kinds: set[Literal["a", "b"]], groups: list[set[UUID]], any_of_them: set[int | str]
) -> str:
    """Take sets of other things."""
    return "done"


@tool
def climb(tree: Branch | Leaf, trees: list[Branch | Leaf] | None = None) -> str:
    """Take trees."""
    return "done"


@tool
def match(
    code: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}-[0-9]+(-[a-z0-9]{1,8})*$")],
    address: Annotated[str, msgspec.Meta(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)],
    share: Annotated[float, msgspec.Meta(multiple_of=0.5)] = 1,
) -> str:
    """Take texts."""
    return "done"


TREE = {
    "type": "object",
    "properties": {"tree": {"$ref": "#/$defs/tree"}},
    "$defs": {
        "tree": {
            "anyOf": [
                {
                    "properties": {"kind": {"const": name}, "child": {"$ref": "#/$defs/tree"}},
                    "required": ["kind", "child"],
                }
                for name in ("a", "b", "c")
            ]
        }
    },
}
EVERYTHING = {
    "type": "object",
    "properties": {
        "unique": {"type": "array", "uniqueItems": True},
        "rest": {"prefixItems": [{"type": "integer"}], "unevaluatedItems": {"type": "integer"}},
        "some": {"type": "array", "contains": {"type": "object", "required": ["a"]}, "minContains": 2},
        "one": {"type": "array", "items": {"oneOf": [{"type": "object"}, {"required": ["a"]}, {"type": "number"}]}},
        "none": {"type": "array", "items": {"not": {"anyOf": [{"type": "object"}, {"type": "array"}]}}},
        "equal": {"type": "array", "items": {"enum": [{"a": 0}, [[0]], 1.5]}},
        "step": {"type": "array", "items": {"multipleOf": 0.1}},
        "names": {"type": "object", "propertyNames": {"pattern": "^x[0-9]+$"}, "minProperties": 2},
        "patterns": {"patternProperties": {"^x[0-9]*$": {"type": "integer"}}, "additionalProperties": False},
        "dependent": {"dependentSchemas": {"x1": {"maxProperties": 3}}, "dependentRequired": {"x2": ["missing"]}},
        "few": {"type": "array", "maxItems": 5, "uniqueItems": True, "items": {"type": "string"}},
    },
    "allOf": [{"properties": {"unique": {"items": {"type": ["object", "integer"]}}}}],
    "unevaluatedProperties": False,
}


@tool(input_schema=TREE)
def descend(**arguments: Any) -> str:
    """Take a tree."""
    return "done"


@tool(input_schema=EVERYTHING)
def anything(**arguments: Any) -> str:
    """Take anything."""
    return "done"


OURS = App([sys.modules[__name__]])
APPS = (example_app.app, conformance.app, OURS)
TOOLS = {tool.name: tool for app in APPS for tool in app.tools.values()}


def context() -> Context:
    channel = Channel(capabilities={}, progress_token=None, log_level=lambda: None)
    said: dict[str, Any] = {
        "client_id": "c",
        "subject": "s",
        "scopes": frozenset(),
        "request_id": "r",
        "protocol_version": "2026-07-28",
    }
    return Context(**said, channel=channel, remaining=lambda: 60.0)


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_the_conversion_of_arguments_is_linear_too(name: str) -> None:
    """Also where Python hashes them: an attacker can make the hashes of numbers collide."""
    found: Tool = TOOLS[name]
    around = context()

    def bind(value: Any) -> None:
        if isinstance(value, dict):
            found.bind(value, around)

    assert complaints(bind, found.input_schema, TOOLS_SIZE) == []
    assert complaints(Judge(found.input_schema, None).find_violation, found.input_schema, TOOLS_SIZE) == []


FLAT = {
    "type": "object",
    "properties": {
        "choices": {"type": "array", "uniqueItems": True, "items": {"enum": ["a", "b"]}},
        "name": {"type": "string", "maxLength": 10},
        "count": {"type": "integer"},
    },
}
QUESTIONS: Mapping[str, tuple[Question, Callable[[Any], Any], Mapping[str, Any]]] = {
    "form": (Form("?", FLAT), lambda value: {"action": "accept", "content": value}, FLAT),
    "sample": (Sample("?", 1), lambda value: {"role": "user", "model": "m", "content": value}, {"items": {}}),
    "roots": (Roots(), lambda value: {"roots": value}, {"items": {"properties": {"uri": {}}, "required": ["uri"]}}),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_answer_to_a_question_is_linear_too(name: str) -> None:
    question, wrap, document = QUESTIONS[name]
    assert complaints(lambda value: question.answer(wrap(value)), document, LARGE) == []


def _levels() -> Iterator[tuple[str, Any]]:
    for name, inner in (("right", None), ("wrong", "wrong")):
        yield name, lambda depth, inner=inner: _chain(depth, inner)


def _chain(depth: int, inner: Any) -> Any:
    for _ in range(depth):
        inner = {"kind": "c", "child": inner}
    return {"tree": inner}


@pytest.mark.parametrize(("name", "chain"), list(_levels()))
def test_twice_the_levels_take_twice_the_time_however_many_alternatives_each_has(name: str, chain: Any) -> None:
    """Followed anew for each way to reach it, a schema that refers to itself takes 3 to the power of the levels."""
    judge = Judge(descend.input_schema, None)

    def check(depth: int) -> None:
        for _ in range(20):
            seconds(judge.find_violation, chain(depth))

    least = [min(_spent(check, depth) for _ in range(5)) for depth in (5, 10, 20)]
    assert least[2] < 20 * least[0]


def _spent(run: Callable[[int], None], depth: int) -> float:
    started = time.process_time()
    run(depth)
    return time.process_time() - started
