"""URI templates (RFC 6570), matched against URIs to find the variables.

Libraries expand templates; a server has to match them. Supported are ``{var}``, ``{+var}`` and ``{?a,b}``. The value of
``{var}`` is one path segment, even after decoding: it has no ``/`` and is not ``.`` or ``..``, so it is safe in a file
name. If a URI matches in several ways, the first variable is as long as possible.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

_EXPRESSION = re.compile(r"\{([+?]?)([^{}]*)\}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# RFC 6570 3.2.2 and 3.2.3: simple expansion percent-encodes these, reserved expansion does not.
_NOT_IN_A_SEGMENT = frozenset("/?#&")


class _Variable(NamedTuple):
    name: str
    is_segment: bool

    def admits(self, char: str) -> bool:
        return char not in _NOT_IN_A_SEGMENT if self.is_segment else char != "\n"


class UriTemplate:
    """A compiled template. Raises ``ValueError`` for an expression that is not supported."""

    def __init__(self, template: str) -> None:
        self.template = template
        self._query: list[str] = []
        self._parts: list[str | _Variable] = []
        position = 0
        for match in _EXPRESSION.finditer(template):
            self._parts.append(template[position : match.start()])
            self._add(*match.groups())
            position = match.end()
        rest = template[position:]
        self._parts.append(rest)
        if "{" in rest or "}" in rest or (self._query and rest):
            raise ValueError(f"{template!r} is not a URI template that can be matched")
        self.variables = [part.name for part in self._parts if isinstance(part, _Variable)] + self._query
        if len(set(self.variables)) < len(self.variables):
            raise ValueError(f"{template!r} has a variable twice")

    def match(self, uri: str) -> Mapping[str, str] | None:
        """Return the variables of a URI, percent-decoded, ``None`` for a URI that does not match."""
        base, _, query = uri.partition("?") if self._query else (uri, "", "")
        found = self._read(base)
        if found is None:
            return None
        named = {variable.name: unquote(value) for variable, value in found.items()}
        if any("/" in named[one.name] or named[one.name] in {".", ".."} for one in found if one.is_segment):
            return None
        return {**named, **{name: value for name, value in parse_qsl(query) if name in self._query}}

    def _read(self, text: str) -> dict[_Variable, str] | None:
        """Return the variables before decoding. Takes time linear in the text, in however many ways it matches."""
        if not text.startswith(str(self._parts[0])):
            return None
        ends = self._ends(text)
        found: dict[_Variable, str] = {}
        position = 0
        for part, possible in zip(self._parts, ends, strict=True):
            if isinstance(part, str):
                if position + len(part) not in possible or not text.startswith(part, position):
                    return None
                position += len(part)
                continue
            start = position
            longest = None
            while position < len(text) and part.admits(text[position]):
                position += 1
                longest = position if position in possible else longest
            if longest is None:
                return None
            found[part], position = text[start:longest], longest
        return found

    def _ends(self, text: str) -> list[set[int]]:
        """Return, for each part of the template, where it can end so that the later parts match the rest."""
        possible = [{len(text)}]
        for part in reversed(self._parts[1:]):
            after = possible[-1]
            if isinstance(part, str):
                before = {end - len(part) for end in after if text.endswith(part, 0, end)}
            else:
                before = set(_beginnings(text, part, after))
            possible.append(before)
        return possible[::-1]

    def _add(self, operator: str, names: str) -> None:
        variables = names.split(",")
        if not all(_VARIABLE.fullmatch(name) for name in variables) or (operator != "?" and len(variables) > 1):
            raise ValueError(f"{self.template!r} has an expression that is not supported: {names!r}")
        if operator == "?":
            self._query += variables
        else:
            self._parts.append(_Variable(variables[0], is_segment=operator == ""))


def _beginnings(text: str, variable: _Variable, ends: set[int]) -> Iterator[int]:
    """Yield the positions where a value of at least one character can begin that ends at one of ``ends``."""
    fits = False
    for position in range(len(text) - 1, -1, -1):
        fits = (fits or position + 1 in ends) and variable.admits(text[position])
        if fits:
            yield position
