"""URI templates (RFC 6570) read backwards: from a URI to the variables of its template.

Libraries expand templates; a server has to match them. Supported are the expressions that can be matched without
ambiguity: ``{var}``, ``{+var}`` and ``{?a,b}``. The value of ``{var}`` is one segment of a path even once it is
decoded: it holds no ``/`` and is not ``.`` or ``..``, so that it can be part of a file name.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

_EXPRESSION = re.compile(r"\{([+?]?)([^{}]*)\}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class UriTemplate:
    """A compiled template. Raises ``ValueError`` for an expression that is not supported."""

    def __init__(self, template: str) -> None:
        self.template = template
        self.variables: list[str] = []
        self._query: list[str] = []
        self._segments: list[str] = []
        pattern, position = "", 0
        for match in _EXPRESSION.finditer(template):
            pattern += re.escape(template[position : match.start()]) + self._expression(*match.groups())
            position = match.end()
        rest = template[position:]
        if "{" in rest or "}" in rest or (self._query and rest):
            raise ValueError(f"{template!r} is not a URI template that can be matched")
        self._pattern = re.compile(pattern + re.escape(rest))

    def match(self, uri: str) -> Mapping[str, str] | None:
        """The variables of a URI, percent-decoded; ``None`` for a URI that the template does not make."""
        base, _, query = uri.partition("?") if self._query else (uri, "", "")
        match = self._pattern.fullmatch(base)
        if match is None:
            return None
        named = {name: unquote(value) for name, value in match.groupdict().items()}
        if any("/" in named[name] or named[name] in {".", ".."} for name in self._segments):
            return None
        return {**named, **{name: value for name, value in parse_qsl(query) if name in self._query}}

    def _expression(self, operator: str, names: str) -> str:
        variables = names.split(",")
        if not all(_VARIABLE.fullmatch(name) for name in variables) or (operator != "?" and len(variables) > 1):
            raise ValueError(f"{self.template!r} has an expression that is not supported: {names!r}")
        self.variables += variables
        if operator == "?":
            self._query += variables
            return ""
        if operator == "+":
            return f"(?P<{variables[0]}>.+)"
        self._segments += variables
        return f"(?P<{variables[0]}>[^/?#&]+)"
