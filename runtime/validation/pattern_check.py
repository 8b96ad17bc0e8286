"""Which patterns in a JSON Schema are matched in a time that grows no faster than what they are given.

``runtime.validation.schemas`` keeps every keyword linear. What it cannot keep so is in the document: a regular
expression whose time grows faster than the text.
"""

import re
from collections.abc import Mapping
from typing import Any

# A text of n characters may take a pattern so many steps: with maxLength 256 where time grows with the square.
MOST_STEPS = 256**2


class UnusablePattern(ValueError):
    """A pattern that must not be validated with: the JSON pointer (RFC 6901) to it, and the reason."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(f"{pointer} {reason}")
        self.pointer = pointer
        self.reason = reason


def check_patterns(schema: Mapping[str, Any], pointer: str) -> None:
    """Raise ``UnusablePattern`` for a pattern right in this schema that may need more than ``MOST_STEPS``.

    A pattern that takes one pass over the text may be of any text; another needs ``maxLength`` beside it. ``re`` must
    be able to compile all of them. ``pointer`` is where the schema is.
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
    # Imported when there is a pattern: it would lengthen cold starts.
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
