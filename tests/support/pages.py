"""The commands of the documents: what stands in their fenced blocks of shell."""

import textwrap
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
FENCE = "```"


class Block(NamedTuple):
    """One fenced block of shell, below the heading of its page that is the last one before it."""

    page: str
    section: str
    text: str


def blocks_of(page: str) -> list[Block]:
    """Return the blocks of a page, which is named by its path in the project, in their order."""
    found: list[Block] = []
    section, kind, text = "", "", ""
    for line in (ROOT / page).read_text().splitlines(keepends=True):
        if line.lstrip().startswith(FENCE):
            if kind == "sh":
                found.append(Block(page, section, textwrap.dedent(text)))
            # The same marks open and close; an opening one names the language.
            kind = "" if kind else line.strip().removeprefix(FENCE) or "text"
            text = ""
        elif kind:
            text += line
        elif line.startswith("#"):
            section = line.lstrip("#").strip()
    return found


def sections_of(page: str) -> dict[str, list[str]]:
    """Return the texts of the blocks by their sections, both in their order."""
    sections: dict[str, list[str]] = {}
    for block in blocks_of(page):
        sections.setdefault(block.section, []).append(block.text)
    return sections
