"""The tables of ``docs/security.md`` that say what each function may do, and why. ``make docs`` writes them."""

from collections.abc import Iterable
from pathlib import Path

from tests.e2e.privilege.needs import NEEDS, NOT_TRIED
from tests.e2e.privilege.permission import Permission

PAGE = Path(__file__).resolve().parents[3] / "docs" / "security.md"
BEGIN, END = "<!-- made by `make docs` -->\n", "<!-- end -->\n"


def tables() -> str:
    """Return both tables: what a test has proven, and what the emulator cannot show."""
    proven = _table("fails without it", ((need.permission, need.feature) for need in NEEDS))
    listed = _table("needed for", NOT_TRIED.items())
    return f"{proven}\nThe emulator cannot show these:\n\n{listed}"


def read_tables() -> str:
    return PAGE.read_text().partition(BEGIN)[2].partition(END)[0]


def write_tables() -> None:
    before, marker, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(before + marker + tables() + END + rest.partition(END)[2])


def _table(heading: str, reasons: Iterable[tuple[Permission, str]]) -> str:
    """Return a table with a row for the actions on one resource that one feature needs."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for permission, reason in reasons:
        where = f"`{permission.target}`" if permission.target.endswith("#") else permission.target
        where += " in a transaction" if permission.together else ""
        rows.setdefault((permission.function, where, reason), []).append(f"`{permission.action}`")
    lines = [f"| function | action | on | {heading} |", "| --- | --- | --- | --- |"]
    lines += [f"| {name} | {', '.join(done)} | {where} | {reason} |" for (name, where, reason), done in rows.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    write_tables()
