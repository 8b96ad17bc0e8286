"""Tools that answer by themselves: every kind of content, notifications on the way, schemas and headers."""

import json
from typing import Annotated, Any, Final

from runtime.authoring import Audio, Context, EmbeddedResource, Image, Text, ToolError, header, tool
from tests.conformance.app.media import RED_PIXEL, SILENCE


@tool
def test_simple_text() -> str:
    """Answer with text."""
    return "This is a simple text response for testing."


@tool
def test_image_content() -> Image:
    """Answer with an image."""
    return Image(RED_PIXEL)


@tool
def test_audio_content() -> Audio:
    """Answer with a sound."""
    return Audio(SILENCE)


@tool
def test_embedded_resource() -> EmbeddedResource:
    """Answer with the content of a resource."""
    return EmbeddedResource("test://embedded-resource", "This is an embedded resource content.")


@tool
def test_multiple_content_types() -> list[Text | Image | EmbeddedResource]:
    """Answer with three kinds of content."""
    return [
        Text("Multiple content types test:"),
        Image(RED_PIXEL),
        EmbeddedResource(
            "test://mixed-content-resource", json.dumps({"test": "data", "value": 123}), "application/json"
        ),
    ]


@tool
def test_tool_with_logging(context: Context) -> str:
    """Log three messages."""
    for message in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        context.log(message)
    return "Three messages were logged."


@tool
def test_logging_tool(context: Context) -> str:
    """Log one message, for those who want it."""
    context.log("Only a client that asked for messages may see this.")
    return "One message was logged."


@tool
def test_tool_with_progress(context: Context) -> str:
    """Report progress in three steps."""
    for done in (0, 50, 100):
        context.progress(done, 100, f"Completed step {done} of 100")
    return "All steps are completed."


@tool
def test_error_handling() -> str:
    """Fail."""
    raise ToolError("This tool intentionally returns an error for testing")


@tool
def routed_by_region(region: Annotated[str, header("Region")], priority: int = 0) -> str:
    """Take a parameter that clients repeat in a header."""
    return f"Region {region}, priority {priority}."


_CONTACT: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


@tool(input_schema=_CONTACT)
def json_schema_2020_12_tool(**contact: Any) -> str:
    """Take arguments that only a schema with conditions and references describes."""
    return f"Called with {json.dumps(contact)}"
