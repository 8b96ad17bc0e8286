"""How the time of a pattern grows with the text: computed from the pattern, and compared with ``re``."""

import importlib
import re
import time
from pathlib import Path

import pytest

from runtime.validation.pattern_check import MOST_STEPS, UnusablePattern, check_patterns
from runtime.validation.patterns.growth import growth

RUNTIME = Path(__file__).resolve().parents[3] / "runtime"


@pytest.mark.parametrize(
    ("pattern", "power"),
    [
        ("^[a-z]+$", 1),
        ("^[a-z0-9]+(-[a-z0-9]+)*$", 1),
        (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", 2),
        ("^a*a*$", 2),
        ("^a*a*a*b$", 3),
        ("^(a+)+$", None),
        ("^(a|a)*$", None),
        ("^(a|ab|b)*c$", None),
        (r"^(a)\1*$", None),
        ("^(?:[0-9]{1,3}\\.){3}[0-9]{1,3}$", 1),
    ],
)
def test_the_growth_of_a_pattern_is_computed(pattern: str, power: int | None) -> None:
    assert growth(pattern) == power


def test_a_pattern_that_is_called_linear_is_so_in_re_and_one_that_is_not_is_refused() -> None:
    """The catastrophe is real: 22 characters of it take longer than 20,000 of an accepted one."""

    def seconds(pattern: str, text: str) -> float:
        started = time.process_time()
        re.search(pattern, text)
        return time.process_time() - started

    assert seconds("^(a+)+$", "a" * 22 + "b") > seconds("^[a-z0-9]+(-[a-z0-9]+)*$", "a-" * 10_000 + "_")


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"pattern": "^(a+)+$"}, "/pattern may take a time that doubles"),
        ({"pattern": "^(a+)+$", "maxLength": 64}, "/pattern may take a time that doubles"),
        ({"pattern": "^a*a*b$"}, "/pattern takes a time that grows with power 2 of the text: it needs a maxLength"),
        ({"pattern": "^a*a*b$", "maxLength": 257}, "of at most 256"),
        ({"patternProperties": {"^a*a*b$": {}}}, "/patternProperties/^a*a*b$ takes a time"),
        ({"pattern": "("}, "/pattern must be a regular expression that Python can compile"),
    ],
)
def test_a_pattern_that_may_take_too_long_is_refused_with_its_place(schema: dict[str, object], reason: str) -> None:
    with pytest.raises(UnusablePattern, match=re.escape(reason)):
        check_patterns(schema, "")


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": "^[a-z]+$"},
        {"pattern": "^a*a*b$", "maxLength": int(MOST_STEPS**0.5)},
        {"patternProperties": {"^a*a*b$": {}}, "propertyNames": {"maxLength": 100}},
        {"properties": {"pattern": {"type": "string"}}},
    ],
)
def test_a_pattern_that_is_quick_enough_is_accepted(schema: dict[str, object]) -> None:
    check_patterns(schema, "/x")


SEARCHING = re.compile(r"\b(\w+)\.(?:finditer|findall|search|split|subn?)\(")


def patterns_of_the_runtime() -> list[tuple[str, str]]:
    """Return each pattern of the runtime's modules by its place, with anchors if it is only matched as a whole."""
    found = []
    for source in sorted(RUNTIME.rglob("*.py")):
        name = ".".join(source.relative_to(RUNTIME.parent).with_suffix("").parts)
        if "re.compile(" not in source.read_text():
            continue
        searched = set(SEARCHING.findall(source.read_text()))
        for constant, value in vars(importlib.import_module(name)).items():
            if isinstance(value, re.Pattern):
                text = value.pattern
                found.append((f"{name}.{constant}", text if constant in searched else rf"\A(?:{text})\Z"))
    return found


@pytest.mark.parametrize(("place", "pattern"), patterns_of_the_runtime())
def test_every_pattern_of_the_runtime_takes_linear_time(place: str, pattern: str) -> None:
    assert growth(pattern) == 1, place


def test_a_quoted_string_is_linear_because_its_quantifier_is_possessive() -> None:
    """Without it, each of many opening quotes would search to the end of the header."""
    assert growth(r'"(?:[^"\\]|\\.)*"') == 2
