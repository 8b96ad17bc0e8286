"""``resources/list``, ``resources/templates/list`` and ``resources/read``."""

from collections.abc import Mapping
from typing import Any

from runtime.authoring.content import resource_contents
from runtime.authoring.json_values import json_value
from runtime.authoring.resource import NoSuchResource, Resource
from runtime.mcp.call import Call
from runtime.mcp.errors import InvalidParams, JsonRpcError, ResourceNotFound
from runtime.mcp.pagination import page


def list_resources(call: Call) -> dict[str, Any]:
    """Return the resources that the caller may read, in the order of their definition."""
    return _list(call, call.app.resources, "resources")


def list_templates(call: Call) -> dict[str, Any]:
    """Return the resource templates that the caller may read, in the order of their definition."""
    return _list(call, call.app.templates, "resourceTemplates")


def read_resource(call: Call) -> dict[str, Any]:
    """Return the content at a URI.

    Raise ``ResourceNotFound`` (in 2026-07-28 ``InvalidParams``), ``InsufficientScope`` or ``NotJson``.
    """
    resource, variables = find_resource(call)
    try:
        content = resource.read(variables, call.context)
    except NoSuchResource as error:
        raise _missing_resource(call) from error
    return dict(json_value({"contents": [resource_contents(call.params["uri"], content, resource.mime_type)]}))


def find_resource(call: Call) -> tuple[Resource, Mapping[str, str]]:
    """Return the resource at a URI and the variables in the URI. Raise what ``read_resource`` raises."""
    for resource in [*call.app.resources.values(), *call.app.templates.values()]:
        variables = resource.match(call.params["uri"])
        if variables is not None:
            call.require_scopes(resource.scopes)
            return resource, variables
    raise _missing_resource(call)


def _missing_resource(call: Call) -> JsonRpcError:
    missing = InvalidParams if call.is_modern else ResourceNotFound
    return missing("is not a resource of this server", pointer="/params/uri", data={"uri": call.params["uri"]})


def _list(call: Call, resources: dict[str, Resource], listing: str) -> dict[str, Any]:
    readable = [resource for resource in resources.values() if call.has_scopes(resource.scopes)]
    items, following = page(readable, listing, call.params.get("cursor"), call.sender.signer)
    return {listing: [resource.listing for resource in items], **following}
