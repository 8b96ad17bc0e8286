"""The schemas of tool arguments that common clients are publicly known to accept.

- VS Code: ``toolSchemaNormalizer.ts`` of microsoft/vscode-copilot-chat, whose first two rules refuse a whole server's
  tools. It, Copilot CLI and Claude Desktop were reported to drop ``$defs`` (PrefectHQ/fastmcp 2808, github/copilot-cli
  1876).
- OpenAI: "Supported schemas" of the guide to Structured Outputs, with what function calling without ``strict`` takes
  beyond it; its root rule holds for Claude's API as well ("input_schema does not support oneOf, allOf, or anyOf at the
  top level"), whose rule for names of properties is here too.
- Gemini: the members that ``FunctionDeclaration.parametersJsonSchema`` and ``Schema`` are documented to have. A schema
  node needs a type, or Vertex AI refuses the function.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft7Validator

Schema = Mapping[str, Any]
COMPOSITION = {"oneOf", "anyOf", "allOf", "not", "if", "then", "else", "enum", "const", "$ref"}
OPENAI_UNKNOWN = {"allOf", "not", "dependentRequired", "dependentSchemas", "if", "then", "else", "oneOf", "prefixItems"}
OPENAI_FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
GEMINI_MEMBERS = {
    *("type", "format", "title", "description", "enum", "items", "minItems", "maxItems", "minimum", "maximum", "anyOf"),
    *("properties", "additionalProperties", "required", "default", "example", "examples", "pattern", "minLength"),
    *("maxLength", "minProperties", "maxProperties", "nullable", "propertyOrdering"),
}


def nodes(schema: Any) -> Iterator[Schema]:
    """Yield a schema and every schema in it."""
    if not isinstance(schema, Mapping):
        return
    yield schema
    for keyword, value in schema.items():
        if keyword in {"properties", "$defs", "patternProperties", "dependentSchemas"}:
            for inner in value.values():
                yield from nodes(inner)
        elif keyword in {"anyOf", "allOf", "oneOf", "prefixItems"}:
            for inner in value:
                yield from nodes(inner)
        elif keyword in {"items", "additionalProperties", "propertyNames", "not", "if", "then", "else", "contains"}:
            yield from nodes(value)


def vscode(schema: Schema) -> Iterator[str]:
    """Yield what VS Code refuses or breaks."""
    yield from (error.message for error in Draft7Validator(Draft7Validator.META_SCHEMA).iter_errors(schema))
    for node in nodes(schema):
        if node.get("type") == "array" and not isinstance(node.get("items"), Mapping):
            yield "array type must have items"
        if "$ref" in node:
            yield "$defs is dropped, and $ref leads nowhere"


def openai(schema: Schema) -> Iterator[str]:
    """Yield what the models of OpenAI and Anthropic refuse."""
    if schema.get("type") != "object" or COMPOSITION & schema.keys():
        yield "the root must be an object, without composition"
    for name in schema.get("properties", {}):
        if not re.fullmatch(r"[a-zA-Z0-9_.-]{1,64}", name):
            yield f"property {name}"
    for node in nodes(schema):
        yield from sorted(OPENAI_UNKNOWN & node.keys())
        if node.get("type") == "array" and "items" not in node:
            yield "array schema missing items"
        if node.get("format", "date") not in OPENAI_FORMATS:
            yield f"format {node['format']}"


def gemini(schema: Schema) -> Iterator[str]:
    """Yield what Gemini refuses or does not support."""
    for node in nodes(schema):
        yield from sorted(node.keys() - GEMINI_MEMBERS)
        if not {"type", "anyOf"} & node.keys():
            yield "a schema without a type"
        if not isinstance(node.get("type", ""), str):
            yield "several types"
        if "enum" in node and node.get("type") not in {"string", "integer", "number"}:
            yield "an enumeration of what is neither text nor a number"


CLIENTS: dict[str, Callable[[Schema], Iterator[str]]] = {"VS Code": vscode, "OpenAI": openai, "Gemini": gemini}


def refusals(schema: Schema) -> dict[str, list[str]]:
    """Return the objections of each client to a schema, without the clients that accept it."""
    found = {name: sorted(set(check(schema))) for name, check in CLIENTS.items()}
    return {name: reasons for name, reasons in found.items() if reasons}
