"""HTML from templates. Every value is escaped unless it is ``Markup``."""

import functools
import html
import unicodedata
from pathlib import Path
from string import Template

TEMPLATES = Path(__file__).parent / "templates"
LONGEST_NAME = 80
# More combining marks on one letter than any script needs could cover the text next to it.
MOST_MARKS = 3
# Letters and a symbol without a visible glyph (Unicode Standard: Hangul fillers, the empty Braille pattern).
INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800")


class Markup(str):
    """Text that is HTML, so it is not escaped."""

    __slots__ = ()


def fill(template: str, **values: str) -> Markup:
    """Fill a ``string.Template`` with values, each escaped for text and for quoted attributes.

    Raises ``KeyError`` for a name without a value.
    """
    safe = {name: value if isinstance(value, Markup) else html.escape(value) for name, value in values.items()}
    return Markup(Template(template).substitute(safe))


def join(*parts: Markup) -> Markup:
    """Join pieces of markup into one."""
    return Markup("".join(parts))


@functools.cache
def page_file(name: str) -> str:
    """Return the content of a template or of the style sheet."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def plain_text(name: str) -> str:
    """Return a name from outside as one short line that can neither reorder nor cover the text around it.

    This removes control and format characters (bidirectional overrides among them, Unicode Standard Annex 9, 2),
    characters without a glyph, and all but ``MOST_MARKS`` combining marks on one letter. White space becomes one space.
    """
    visible: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", " ".join(name.split())):
        category = unicodedata.category(char)
        marks = marks + 1 if category[0] == "M" else 0
        if char not in INVISIBLE and category[0] != "C" and category not in {"Zl", "Zp"} and marks <= MOST_MARKS:
            visible.append(char)
    text = " ".join("".join(visible).split())
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
