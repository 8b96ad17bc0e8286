"""A reader of docstrings in Google, NumPy, Sphinx or Epydoc style.

Text under the heading for parameters, or in a field for one, describes that parameter. Every other line, under any
heading, is part of the function's description and does not change.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

# Compiled when the first docstring is read: to list tools, not to call one.
_GOOGLE = r"(Args|Arguments|Parameters|Params|Keyword Args|Keyword Arguments|Other Parameters):"
_GOOGLE_ENTRY = r"\*{0,2}(\w+)\s*(?:\(.*?\)\s*)?:(?:\s+(.*))?"
_NUMPY = r"(Other )?Parameters"
_NUMPY_ENTRY = r"(\*{0,2}\w+(?:\s*,\s*\*{0,2}\w+)*)(?:\s+:.*)?"
_UNDERLINE = r"-{3,}"
_FIELD = r"[:@](?:param|parameter|arg|argument|key|keyword)\s+(?:[^:]*\s)?\*{0,2}(\w+)\s*:(?:\s+(.*))?"
# The schema already has the type.
_TYPE = r"[:@]type\s+\w+\s*:.*"


class Documentation(msgspec.Struct, frozen=True):
    """The description of a function, and those of its parameters by name."""

    description: str
    parameters: Mapping[str, str]


class _Part(NamedTuple):
    """The part of a docstring from some line on: descriptions by name, the lines to keep, and the line after it."""

    described: Sequence[tuple[str, list[str]]]
    kept: Sequence[str]
    end: int


def read_docstring(text: str) -> Documentation:
    """Read a docstring whose indentation ``inspect.getdoc`` has cleaned up."""
    lines = text.split("\n")
    kept: list[str] = []
    found: dict[str, list[str]] = {}
    at = 0
    while at < len(lines):
        part = (
            _read_google(lines, at)
            or _read_numpy(lines, at)
            or _read_field(lines, at)
            or _Part((), (lines[at],), at + 1)
        )
        for name, described in part.described:
            found.setdefault(name, []).append(_join(described))
        kept += part.kept
        at = part.end
        if not part.kept and (not kept or not kept[-1].strip()):
            # One blank line remains in place of a part that was removed.
            at = _after_blank(lines, at)
    return Documentation("\n".join(kept).strip(), {name: "\n".join(texts).strip() for name, texts in found.items()})


def _read_google(lines: Sequence[str], at: int) -> _Part | None:
    """Read ``Args:`` and, indented below it, ``name (type): text``. Return ``None`` for other lines."""
    if not re.fullmatch(_GOOGLE, lines[at].strip()):
        return None
    end = _end_of_block(lines, at + 1, _indentation(lines[at]))
    body = lines[at + 1 : end]
    level = min((_indentation(line) for line in body if line.strip()), default=0)
    described: list[tuple[str, list[str]]] = []
    rest: list[str] = []
    for line in body:
        entry = re.fullmatch(_GOOGLE_ENTRY, line.strip()) if _indentation(line) == level else None
        if entry:
            described.append((entry[1], [entry[2] or ""]))
        elif described and (not line.strip() or _indentation(line) > level):
            described[-1][1].append(line)
        else:
            rest.append(line)
    if not described:
        return None
    return _Part(described, [lines[at], *rest] if any(line.strip() for line in rest) else (), end)


def _read_numpy(lines: Sequence[str], at: int) -> _Part | None:
    """Read ``Parameters``, underlined, and below it ``name : type`` with indented text. Return ``None`` otherwise."""
    if not re.fullmatch(_NUMPY, lines[at].strip()) or not _is_underlined(lines, at):
        return None
    level = _indentation(lines[at])
    described: list[tuple[str, list[str]]] = []
    end = at + 2
    while end < len(lines) and not _is_underlined(lines, end) and _indentation(lines[end]) <= level:
        entry = re.fullmatch(_NUMPY_ENTRY, lines[end].strip())
        if not entry:
            break
        until = _end_of_block(lines, end + 1, level)
        names = [name.strip().lstrip("*") for name in entry[1].split(",")]
        described += [(name, ["", *lines[end + 1 : until]]) for name in names]
        end = _after_blank(lines, until)
    if not described:
        return None
    return _Part(described, (), end)


def _read_field(lines: Sequence[str], at: int) -> _Part | None:
    """Read Sphinx ``:param type name: text`` or Epydoc ``@param name: text``, and the lines indented below."""
    line = lines[at].strip()
    field = re.fullmatch(_FIELD, line)
    if not field:
        return _Part((), (), at + 1) if re.fullmatch(_TYPE, line) else None
    end = _end_of_block(lines, at + 1, _indentation(lines[at]))
    return _Part([(field[1], [field[2] or "", *lines[at + 1 : end]])], (), end)


def _end_of_block(lines: Sequence[str], at: int, level: int) -> int:
    """Return the first line from ``at`` that is not indented deeper. Blank lines belong to the text after them."""
    end = at
    for index in range(at, len(lines)):
        if lines[index].strip():
            if _indentation(lines[index]) <= level:
                break
            end = index + 1
    return end


def _after_blank(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _is_underlined(lines: Sequence[str], at: int) -> bool:
    return bool(lines[at].strip()) and at + 1 < len(lines) and bool(re.fullmatch(_UNDERLINE, lines[at + 1].strip()))


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _join(lines: Sequence[str]) -> str:
    """Return the text of a description: its first line stands behind the name, the others are indented."""
    level = min((_indentation(line) for line in lines[1:] if line.strip()), default=0)
    return "\n".join([lines[0], *(line[level:] for line in lines[1:])]).strip()
