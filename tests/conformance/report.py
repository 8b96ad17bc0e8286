"""The table at the end of a run."""

import textwrap
from collections.abc import Iterator, Sequence

from tests.conformance.result import Result

COLUMNS = "{:<46}  {:<10}  {:>6}  {:>6}  {:>6}  {:<6}"
WIDTH = 120
LONGEST_REASON = 400


def table(results: Sequence[Result]) -> str:
    """One line per scenario, the reasons below those that fail, the notes, and the sum in the last line."""
    passed = sum(result.passed for result in results)
    heading = COLUMNS.format("scenario", "revision", "passed", "failed", "warned", "verdict")
    rows = [line for result in results for line in _row(result)]
    notes = [f"* {result.scenario}: {result.note}" for result in results if result.note]
    wrapped = [line for note in notes for line in _wrapped(note, "  ")]
    return "\n".join([heading, *rows, "", *wrapped, f"{passed} passed, {len(results) - passed} failed"])


def _row(result: Result) -> Iterator[str]:
    counts = result.counts
    yield COLUMNS.format(
        f"{result.scenario} *" if result.note else result.scenario,
        result.revision,
        counts.get("SUCCESS", 0),
        counts.get("FAILURE", 0),
        counts.get("WARNING", 0),
        "pass" if result.passed else "FAIL",
    ).rstrip()
    if result.passed:
        return
    for check in result.problems:
        reason = f": {check.reason[:LONGEST_REASON]}" if check.reason else ""
        yield from _wrapped(f"    {check.status} {check.id}{reason}", "      ")
    if not result.problems:
        yield "    nothing was checked"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False)
