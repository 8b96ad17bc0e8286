"""HTML made of templates: whatever is put into one is escaped, unless it is markup itself."""

import functools
import html
import unicodedata
from pathlib import Path
from string import Template

TEMPLATES = Path(__file__).parent / "templates"
LONGEST_NAME = 80
# More marks on one letter than any script needs could cover what stands next to it.
MOST_MARKS = 3
# Letters and a symbol that are drawn as nothing (Unicode Standard: Hangul fillers, the empty Braille pattern).
INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800")


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def fill(template: str, **values: str) -> Markup:
    """A template of ``string.Template`` with its values, each escaped for text and for quoted attributes.

    Raises ``KeyError`` for a name that has no value.
    """
    safe = {name: value if isinstance(value, Markup) else html.escape(value) for name, value in values.items()}
    return Markup(Template(template).substitute(safe))


def joined(*parts: Markup) -> Markup:
    """Several pieces of markup, one after the other."""
    return Markup("".join(parts))


@functools.cache
def page_file(name: str) -> str:
    """A file of the pages."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def plain(name: str) -> str:
    """What a stranger calls itself, as one short line that can neither reorder nor cover what stands around it.

    Control and format characters (which bidirectional overrides are, Unicode Standard Annex 9, 2) and whatever has no
    glyph are left out, white space becomes one space, and marks beyond a few on one letter go.
    """
    shown: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", " ".join(name.split())):
        category = unicodedata.category(char)
        marks = marks + 1 if category[0] == "M" else 0
        if char not in INVISIBLE and category[0] != "C" and category not in {"Zl", "Zp"} and marks <= MOST_MARKS:
            shown.append(char)
    text = " ".join("".join(shown).split())
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
