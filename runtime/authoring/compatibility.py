"""Warnings, at definition, about valid tools that some clients refuse or misread."""

import inspect
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from runtime.authoring.schema_check import schemas_in

# The names of tools and of parameters that the APIs behind ChatGPT and Claude accept.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PARAMETER = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_AT_THE_TOP = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "enum", "const", "$ref")
# JSON Schema 6.3.3 recommends the regular expressions of ECMA-262, which do not have these.
_PYTHON_ONLY = re.compile(r"\\[AZ]|\(\?[aiLmsux#P]")


class CompatibilityWarning(UserWarning):
    """A tool that some clients do not accept."""


def warn_of_refusals(
    function: Callable[..., Any], name: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any] | None
) -> None:
    """Warn, at the line of the function, about everything in a tool that some clients refuse."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    for concern in [
        *_name_concerns(name),
        *_argument_concerns(inputs),
        *_pattern_concerns(inputs),
        *_pattern_concerns(outputs),
    ]:
        message = f"{function.__module__}.{function.__qualname__}: {concern}"
        if code is None:
            warnings.warn(message, CompatibilityWarning, stacklevel=2)
        else:
            warnings.warn_explicit(message, CompatibilityWarning, code.co_filename, code.co_firstlineno)


def _name_concerns(name: str) -> Iterator[str]:
    if not _NAME.fullmatch(name):
        yield "a name with a dot or of more than 64 characters is refused by OpenAI's and Anthropic's APIs"


def _argument_concerns(schema: Mapping[str, Any]) -> Iterator[str]:
    if composed := [keyword for keyword in _AT_THE_TOP if keyword in schema]:
        yield f"{', '.join(composed)} at the top of the input schema is refused by OpenAI's and Anthropic's APIs"
    for name in schema.get("properties", {}):
        if not _PARAMETER.fullmatch(name):
            yield f"the name of the parameter {name!r} is refused by Anthropic's API: letters, digits, _ . - up to 64"
    found = list(schemas_in(schema))
    if any(rule.get("type") == "array" and rule.get("items", False) is False for rule in found):
        yield "an array without items is refused by VS Code"
    if any("$ref" in rule for rule in found):
        yield "$ref is not followed by VS Code, Copilot CLI and Claude Desktop: write the schema in its place"


def _pattern_concerns(schema: Mapping[str, Any] | None) -> Iterator[str]:
    for rule in schemas_in(schema):
        for pattern in [rule.get("pattern", ""), *rule.get("patternProperties", ())]:
            if _PYTHON_ONLY.search(pattern):
                yield f"the pattern {pattern!r} works in Python only; clients in JavaScript cannot compile it"
