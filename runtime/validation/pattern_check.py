"""Checks that the patterns in a JSON Schema match in time linear in the text.

``runtime.validation.schemas`` keeps every keyword linear. It cannot do so for a regular expression in the document
whose time grows faster than the text.
"""

import re
from collections.abc import Mapping
from typing import Any

# The most steps that a pattern may take: a maxLength of 256 if the time is quadratic.
MOST_STEPS = 256**2


class UnusablePattern(ValueError):
    """A pattern that is not safe to validate with: its JSON pointer (RFC 6901), and the reason."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(f"{pointer} {reason}")
        self.pointer = pointer
        self.reason = reason


def check_patterns(schema: Mapping[str, Any], pointer: str) -> None:
    """Raise ``UnusablePattern`` for a pattern directly in this schema that can take more than ``MOST_STEPS``.

    A pattern that is linear in the text needs no limit; any other needs ``maxLength`` beside it. ``re`` must be able to
    compile all of them. ``pointer`` is the pointer of the schema.
    """
    if "pattern" in schema:
        _check_pattern(f"{pointer}/pattern", schema["pattern"], _longest(schema))
    patterns = schema.get("patternProperties")
    for pattern in patterns if isinstance(patterns, Mapping) else ():
        _check_pattern(f"{pointer}/patternProperties/{pattern}", pattern, _longest(schema.get("propertyNames")))


def _longest(schema: Any) -> float | None:
    longest = schema.get("maxLength") if isinstance(schema, Mapping) else None
    return longest if isinstance(longest, int | float) else None


def _check_pattern(pointer: str, pattern: str, longest: float | None) -> None:
    # Imported for schemas with patterns only: it would lengthen cold starts.
    from runtime.validation.patterns.growth import growth

    try:
        power = growth(pattern)
    except re.error as error:
        raise UnusablePattern(pointer, f"must be a regular expression that Python can compile: {error.msg}") from error
    if power is None:
        raise UnusablePattern(pointer, "may take a time that doubles with each character of the text")
    if power > 1 and (longest is None or longest**power > MOST_STEPS):
        most = int(MOST_STEPS ** (1 / power))
        raise UnusablePattern(
            pointer, f"takes a time that grows with power {power} of the text: it needs a maxLength of at most {most}"
        )
