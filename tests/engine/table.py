"""The table of ``docs/settings-effects.md`` that says what a changed setting does."""

from collections.abc import Iterable, Mapping

from local.program import ROOT
from local.resources import KINDS
from tests.engine.engine import Changes

PAGE = ROOT / "docs" / "settings-effects.md"
BEGIN = "<!-- made by `make engine TABLE=write` -->\n"
END = "<!-- end -->\n"


def table(effects: Mapping[tuple[str, ...], Changes]) -> str:
    """Return the table: a row for keys with the same effect, with the kinds of resources by what happens to them."""
    keys: dict[str, list[str]] = {}
    for group, changes in effects.items():
        cells = (changes.updated, changes.replaced, changes.created | changes.deleted)
        keys.setdefault(" | ".join(_kinds(cell) for cell in cells), []).extend(group)
    rows = ["| setting | updated | replaced | created or deleted |", "| --- | --- | --- | --- |"]
    ordered = sorted(keys.items(), key=lambda item: (-len(item[1]), item[0]))
    rows += [f"| {', '.join(f'`{key}`' for key in sorted(group))} | {effect} |" for effect, group in ordered]
    return "\n".join(rows) + "\n"


def read_table() -> str:
    return PAGE.read_text().partition(BEGIN)[2].partition(END)[0]


def write_table(text: str) -> None:
    before, marker, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(before + marker + text + END + rest.partition(END)[2])


def _kinds(names: Iterable[str]) -> str:
    """Return the kinds of resources, given by type and name. Components are the sum of their parts."""
    types = {name.partition(" ")[0] for name in names}
    return ", ".join(sorted({KINDS[kind].label for kind in types if kind in KINDS}))
