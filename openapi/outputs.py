"""What an operation returns: the schema of a response that is a JSON object."""

from typing import Final

from openapi.document import DocumentError, Part
from openapi.flat import flatten
from openapi.found import Found
from openapi.inputs import JSON
from openapi.schemas import Node, SchemaWriter, TooLarge

DEPTHS: Final = (4, 3, 2, 1)
MOST_SCHEMAS: Final = 80


def output_schema(found: Found) -> Node | None:
    """Return the output schema of a tool, ``None`` if its successful response is no JSON object.

    It requires nothing and forbids nothing: an API that returns more or less than its document says is usual, and a
    client refuses a result that does not match.
    """
    schema = _response_schema(found)
    if schema is None:
        return None
    flat = flatten([schema])
    variants = [flatten([variant]) for variant in flat.variants]
    if flat.kinds != ["object"] and not (variants and all(variant.kinds == ["object"] for variant in variants)):
        return None
    for depth in DEPTHS:
        try:
            return SchemaWriter("output", depth=depth, most=MOST_SCHEMAS).write_object([schema])
        except TooLarge:
            continue
    return {"type": "object"}


def _response_schema(found: Found) -> Part | None:
    """Return the schema of the first 2xx response that is JSON."""
    responses = dict(found.part.get("responses").items())
    for status in sorted(name for name in responses if name.upper().startswith("2")):
        try:
            content = responses[status].resolve().get("content")
            for media_type, inner in content.items():
                if JSON.match(media_type):
                    return inner.resolve().get("schema")
        except DocumentError:
            return None
    return None
