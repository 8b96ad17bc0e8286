"""``resources/list``, ``resources/templates/list`` and ``resources/read``."""

from collections.abc import Mapping
from typing import Any

from runtime.authoring.content import resource_contents
from runtime.authoring.json_values import json_value
from runtime.authoring.resource import NoSuchResource, Resource
from runtime.mcp.call import Call
from runtime.mcp.errors import InvalidParams, JsonRpcError, ResourceNotFound
from runtime.mcp.pagination import page
from runtime.mcp.revisions import MODERN


def list_resources(call: Call) -> dict[str, Any]:
    """The resources that the caller may read, in the order of their definition."""
    return _listed(call, call.app.resources, "resources")


def list_templates(call: Call) -> dict[str, Any]:
    """The resource templates that the caller may read, in the order of their definition."""
    return _listed(call, call.app.templates, "resourceTemplates")


def read_resource(call: Call) -> dict[str, Any]:
    """The content at a URI.

    Raises ``ResourceNotFound``, which 2026-07-28 calls ``InvalidParams``, ``InsufficientScope`` or ``NotJson``.
    """
    resource, variables = find_resource(call)
    try:
        content = resource.read(variables, call.context)
    except NoSuchResource as error:
        raise _not_found(call) from error
    return dict(json_value({"contents": [resource_contents(call.params["uri"], content, resource.mime_type)]}))


def find_resource(call: Call) -> tuple[Resource, Mapping[str, str]]:
    """The resource at a URI, and the variables in that URI. Raises what ``read_resource`` does."""
    for resource in [*call.app.resources.values(), *call.app.templates.values()]:
        variables = resource.match(call.params["uri"])
        if variables is not None:
            call.check(resource.scopes)
            return resource, variables
    raise _not_found(call)


def _not_found(call: Call) -> JsonRpcError:
    missing = InvalidParams if call.context.protocol_version == MODERN else ResourceNotFound
    return missing("is not a resource of this server", pointer="/params/uri", data={"uri": call.params["uri"]})


def _listed(call: Call, resources: dict[str, Resource], listing: str) -> dict[str, Any]:
    readable = [resource for resource in resources.values() if call.may(resource.scopes)]
    shown, following = page(readable, listing, call.params.get("cursor"), call.signer)
    return {listing: [resource.shown for resource in shown], **following}
