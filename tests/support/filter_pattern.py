"""Which log lines a metric filter matches: the JSON patterns of CloudWatch Logs, as far as the program uses them.

CloudWatch Logs User Guide, Filter pattern syntax and Supported regular expressions syntax. What is not documented there
is an error, so that no test holds what AWS would refuse.
"""

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any

Line = Mapping[str, Any]
Condition = Callable[[Line], bool]

TOKENS = re.compile(r"""\s*(?:(&&|\|\||[{}()]|!=|=)|\$\.([A-Za-z0-9_-]+)|"([^"]*)"|%([^%]*)%)""")
# Letters, digits, some symbols and these operators. Parentheses are not supported.
REGEX = re.compile(r"[A-Za-z0-9:_#=@/;,\-^$?\[\]{}|\\*+.]+")
LONGEST = 1024


class BadPattern(ValueError):
    """A pattern that CloudWatch Logs does not document."""


def matches(pattern: str, line: Line) -> bool:
    """Return whether a metric filter with this pattern matches a log line. Raise ``BadPattern``."""
    return _condition(pattern)(line)


def fields(pattern: str) -> set[str]:
    """Return the names of the members of a line that a pattern looks at."""
    return set(re.findall(r"\$\.([A-Za-z0-9_-]+)", pattern))


def count_regexes(pattern: str) -> int:
    return len(re.findall("%[^%]*%", pattern))


@functools.cache
def _condition(pattern: str) -> Condition:
    return _Parser(pattern).parse()


class _Parser:
    """Parses ``{ condition }``, where AND binds more tightly than OR."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > LONGEST:
            raise BadPattern(f"{len(pattern)} characters")
        self.tokens: list[tuple[str, str]] = []
        end = 0
        while end < len(pattern.rstrip()):
            found = TOKENS.match(pattern, end)
            if found is None:
                raise BadPattern(pattern[end:])
            kind = ("sign", "name", "text", "regex")[(found.lastindex or 0) - 1]
            self.tokens.append((kind, found.group(found.lastindex or 0)))
            end = found.end()

    def parse(self) -> Condition:
        self._take("{")
        condition = self._any()
        self._take("}")
        if self.tokens:
            raise BadPattern(str(self.tokens))
        return condition

    def _any(self) -> Condition:
        conditions = [self._all()]
        while self._next_is("||"):
            self._take("||")
            conditions.append(self._all())
        return lambda line: any(condition(line) for condition in conditions)

    def _all(self) -> Condition:
        conditions = [self._one()]
        while self._next_is("&&"):
            self._take("&&")
            conditions.append(self._one())
        return lambda line: all(condition(line) for condition in conditions)

    def _one(self) -> Condition:
        if self._next_is("("):
            self._take("(")
            condition = self._any()
            self._take(")")
            return condition
        name = self._value("name")
        sign = self._value("sign")
        kind, value = self.tokens.pop(0)
        if sign not in ("=", "!=") or kind not in ("text", "regex") or (kind == "regex" and sign != "="):
            raise BadPattern(f"{name} {sign} {value}")
        test = _regex(value) if kind == "regex" else _text(value)
        # A line without the member has another format, to which the filter does not apply.
        return lambda line: name in line and test(str(line[name])) is (sign == "=")

    def _next_is(self, sign: str) -> bool:
        return bool(self.tokens) and self.tokens[0] == ("sign", sign)

    def _take(self, sign: str) -> None:
        if not self._next_is(sign):
            raise BadPattern(f"expected {sign}, but there is {self.tokens[:1]}")
        self.tokens.pop(0)

    def _value(self, kind: str) -> str:
        if not self.tokens or self.tokens[0][0] != kind:
            raise BadPattern(f"expected a {kind}, but there is {self.tokens[:1]}")
        return self.tokens.pop(0)[1]


def _text(value: str) -> Callable[[str], bool]:
    """Return the test of a string, which may have an asterisk at its start and at its end."""
    inner = value.strip("*")
    if "*" in inner:
        raise BadPattern(value)
    expression = f"{'.*' if value.startswith('*') else ''}{re.escape(inner)}{'.*' if value.endswith('*') else ''}"
    return lambda text: re.fullmatch(expression, text) is not None


def _regex(value: str) -> Callable[[str], bool]:
    if not REGEX.fullmatch(value):
        raise BadPattern(value)
    return lambda text: re.search(value, text) is not None
