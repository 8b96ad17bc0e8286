"""``resources/list`` and ``resources/read``."""

from typing import Any

from runtime.authoring.resource import Resource
from runtime.mcp.call import Call
from runtime.mcp.errors import InvalidParams, ResourceNotFound
from runtime.mcp.revisions import MODERN


def list_resources(call: Call) -> dict[str, Any]:
    """The resources in the order of their definition."""
    return {"resources": [_shown(resource) for resource in call.app.resources.values()]}


def read_resource(call: Call) -> dict[str, Any]:
    """The content at a URI. Raises ``ResourceNotFound``, which 2026-07-28 calls ``InvalidParams``."""
    uri = call.params["uri"]
    resource = call.app.resources.get(uri)
    if resource is None:
        missing = InvalidParams if call.context.protocol_version == MODERN else ResourceNotFound
        raise missing("is not a resource of this server", pointer="/params/uri")
    return {"contents": [{"uri": uri, "mimeType": resource.mime_type, "text": resource.read(call.context)}]}


def _shown(resource: Resource) -> dict[str, Any]:
    shown = {
        "uri": resource.uri,
        "name": resource.name,
        "description": resource.description,
        "mimeType": resource.mime_type,
    }
    return {**shown, "title": resource.title} if resource.title else shown
