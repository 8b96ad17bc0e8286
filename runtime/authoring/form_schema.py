"""The schema of a form (MCP, Elicitation, Requested Schema): a flat object of plain values and choices."""

from collections.abc import Mapping
from typing import Any

from runtime.authoring.schema_check import InvalidSchema, read_schema

_PLAIN = frozenset({"boolean", "integer", "number", "string"})


def read_form(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a form, with the ``properties`` that clients require.

    Raise ``InvalidSchema`` or ``NotJson``.
    """
    form = {"properties": {}, **read_schema(schema)}
    for name, rule in form["properties"].items():
        if not _is_field(rule):
            raise InvalidSchema(
                f"/properties/{name}", "must be of type string, number, integer or boolean, or an array of choices"
            )
    return form


def _is_field(rule: Any) -> bool:
    if not isinstance(rule, dict):
        return False
    if rule.get("type") != "array":
        return isinstance(rule.get("type"), str) and rule["type"] in _PLAIN
    choices = rule.get("items")
    return isinstance(choices, dict) and bool({"enum", "anyOf"} & choices.keys())
