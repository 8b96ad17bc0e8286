"""Regular expressions that compare numerals, in the syntax of CloudWatch Logs: without parentheses."""

from collections.abc import Iterator

# No latency has more: API Gateway ends a request after 29 seconds.
MOST_DIGITS = 7
DIGIT = "[0-9]"


def at_least(number: int) -> str:
    """Return what matches the numerals of ``number`` and above, up to ``MOST_DIGITS`` digits, without leading zeros."""
    text = str(number)
    longer = f"[1-9]{DIGIT}{{{len(text)},{MOST_DIGITS - 1}}}"
    greater = (_branch(text, place, int(digit) + 1, 9) for place, digit in enumerate(text) if digit != "9")
    return _alternatives(iter([text, *greater, longer]))


def below(number: int) -> str:
    """Return what matches the numerals from 0 to below ``number``, which is 1 or more, without leading zeros."""
    text = str(number)
    shorter = [f"{DIGIT}{{1,{len(text) - 1}}}"] if len(text) > 1 else []
    least = [0 if place or len(text) == 1 else 1 for place in range(len(text))]
    smaller = (
        _branch(text, place, least[place], int(digit) - 1)
        for place, digit in enumerate(text)
        if int(digit) > least[place]
    )
    return _alternatives(iter([*shorter, *smaller]))


def _branch(text: str, place: int, low: int, high: int) -> str:
    """Return what matches the same digits up to ``place``, a digit from ``low`` to ``high`` there, and any after it."""
    return f"{text[:place]}[{low}-{high}]{DIGIT * (len(text) - place - 1)}"


def _alternatives(branches: Iterator[str]) -> str:
    return "|".join(f"^{branch}$" for branch in branches)
