"""Expressions of GitHub's workflows, as far as ours use them.

https://docs.github.com/actions/reference/workflows-and-actions/expressions
"""

import re
from collections.abc import Mapping
from typing import Any

# A text, a name with dots, or a sign.
_TOKEN = re.compile(r"\s*(?:'(?:[^']|'')*'|[A-Za-z_][\w-]*(?:\.[\w-]+)*|&&|\|\||==|!=|[!()])")
_LITERALS = {"true": True, "false": False, "null": None}
STATUS = ("success()", "always()", "cancelled()", "failure()")


def evaluate(expression: str, contexts: Mapping[str, Any]) -> Any:
    """Return the value of an expression without its ``${{ }}``. Raise ValueError for what is none of ours.

    ``contexts`` has objects by name, such as ``github``, and the values of functions, such as ``cancelled()``. What an
    object does not have is null, as at GitHub. An object that is not in ``contexts`` is an error.
    """
    return _Parser(_tokens(expression), contexts).read()


def fill(text: str, contexts: Mapping[str, Any]) -> Any:
    """Return a value of a workflow with its expressions evaluated. What is one expression keeps its type."""
    whole = re.fullmatch(r"\$\{\{(.*?)\}\}", text, re.DOTALL)
    if whole:
        return evaluate(whole[1], contexts)
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: text_of(evaluate(found[1], contexts)), text, flags=re.DOTALL)


def text_of(value: Any) -> str:
    """Return a value as GitHub writes it into a text."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tokens(expression: str) -> list[str]:
    tokens, position = [], 0
    while position < len(expression.rstrip()):
        found = _TOKEN.match(expression, position)
        if found is None:
            raise ValueError(f"cannot read {expression[position:]!r}")
        tokens.append(found[0].strip())
        position = found.end()
    return tokens


class _Parser:
    """Reads tokens from the left: ``||`` binds least, then ``&&``, then comparisons, then ``!``."""

    def __init__(self, tokens: list[str], contexts: Mapping[str, Any]) -> None:
        self._tokens = tokens
        self._contexts = contexts

    def read(self) -> Any:
        value = self._any()
        if self._tokens:
            raise ValueError(f"cannot read {self._tokens}")
        return value

    def _take(self, *signs: str) -> str | None:
        return self._tokens.pop(0) if self._tokens and self._tokens[0] in signs else None

    def _any(self) -> Any:
        value = self._all()
        while self._take("||"):
            other = self._all()
            value = value or other
        return value

    def _all(self) -> Any:
        value = self._comparison()
        while self._take("&&"):
            other = self._comparison()
            value = value and other
        return value

    def _comparison(self) -> Any:
        value = self._not()
        while sign := self._take("==", "!="):
            equal = _comparable(value) == _comparable(self._not())
            value = equal if sign == "==" else not equal
        return value

    def _not(self) -> Any:
        return not self._not() if self._take("!") else self._value()

    def _value(self) -> Any:
        if self._take("("):
            value = self._any()
            if not self._take(")"):
                raise ValueError("a parenthesis is not closed")
            return value
        token = self._tokens.pop(0)
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if self._take("("):
            if not self._take(")"):
                raise ValueError(f"{token} has arguments")
            return self._contexts[f"{token}()"]
        return _LITERALS[token] if token in _LITERALS else self._look_up(token)

    def _look_up(self, name: str) -> Any:
        first, *rest = name.split(".")
        if first not in self._contexts:
            raise ValueError(f"there is no context {first}")
        value = self._contexts[first]
        for key in rest:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value


def _comparable(value: Any) -> Any:
    """GitHub compares texts without their case, and takes null for an empty text."""
    return "" if value is None else value.lower() if isinstance(value, str) else value
