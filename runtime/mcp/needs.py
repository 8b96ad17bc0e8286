"""Which scopes a request needs that was kept and goes on: those that it needed at first, and those that it needs now.

The app may be another one by then: what is gone from it is still closed to whoever was not let in before.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from runtime.authoring.app import App
from runtime.mcp.errors import InsufficientScope
from runtime.records.mcp import Exchange


def needed_scopes(app: App, method: str, params: Mapping[str, Any]) -> frozenset[str]:
    """The scopes of the tool, prompt or resource that a request names; none where it names nothing that is there."""
    if method == "tools/call":
        tool = app.tools.get(params["name"])
        return tool.options.scopes if tool else frozenset()
    if method == "prompts/get":
        return _of_prompt(app, params["name"])
    if method == "resources/read":
        return _of_resource(app, params["uri"])
    if method == "completion/complete":
        reference = params["ref"]
        is_prompt = reference["type"] == "ref/prompt"
        return _of_prompt(app, reference["name"]) if is_prompt else _of_reference(app, reference["uri"])
    return frozenset()


def admit(exchange: Exchange, app: App, scopes: frozenset[str]) -> Exchange:
    """The exchange as it goes on for a token with some scopes: with those that every token before had too.

    Raises ``InsufficientScope`` for a token that lacks what the request needs.
    """
    # What is kept of a request that failed has neither.
    method, params = exchange.request.get("method", ""), exchange.request.get("params", {})
    needed = frozenset(exchange.needs) | needed_scopes(app, method, params)
    if not needed <= scopes:
        raise InsufficientScope(needed)
    both = scopes if exchange.scopes is None else scopes.intersection(exchange.scopes)
    return replace(exchange, scopes=tuple(sorted(both)))


def _of_prompt(app: App, name: str) -> frozenset[str]:
    prompt = app.prompts.get(name)
    return prompt.scopes if prompt else frozenset()


def _of_resource(app: App, uri: str) -> frozenset[str]:
    for resource in [*app.resources.values(), *app.templates.values()]:
        if resource.match(uri) is not None:
            return resource.scopes
    return frozenset()


def _of_reference(app: App, uri: str) -> frozenset[str]:
    resource = app.resources.get(uri) or app.templates.get(uri)
    return resource.scopes if resource else frozenset()
