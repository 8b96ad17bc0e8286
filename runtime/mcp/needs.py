"""The scopes that a stored request needs when it continues: those it needed at first, and those it needs now.

A deployment in between may remove a tool. Its scopes still protect the stored request.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from runtime.authoring.app import App
from runtime.mcp.errors import InsufficientScope
from runtime.records.mcp import Exchange


def find_scopes(app: App, method: str, params: Mapping[str, Any]) -> frozenset[str]:
    """Return the scopes of the tool, prompt or resource that a request names; none if the app has no such thing."""
    if method == "tools/call":
        tool = app.tools.get(params["name"])
        return tool.options.scopes if tool else frozenset()
    if method == "prompts/get":
        return _prompt_scopes(app, params["name"])
    if method == "resources/read":
        return _resource_scopes(app, params["uri"])
    if method == "completion/complete":
        reference = params["ref"]
        is_prompt = reference["type"] == "ref/prompt"
        return _prompt_scopes(app, reference["name"]) if is_prompt else _reference_scopes(app, reference["uri"])
    return frozenset()


def admit(exchange: Exchange, app: App, scopes: frozenset[str], public_url: str) -> Exchange:
    """Return the exchange as it continues with a token of some scopes: with those that every earlier token had too.

    Raise ``InsufficientScope`` for a token without the scopes that the request needs.
    """
    # The stored request of a failed exchange has neither.
    method, params = exchange.request.get("method", ""), exchange.request.get("params", {})
    needed = frozenset(exchange.needs) | find_scopes(app, method, params)
    if not needed <= scopes:
        raise InsufficientScope(needed, public_url)
    both = scopes if exchange.scopes is None else scopes.intersection(exchange.scopes)
    return replace(exchange, scopes=tuple(sorted(both)))


def _prompt_scopes(app: App, name: str) -> frozenset[str]:
    prompt = app.prompts.get(name)
    return prompt.scopes if prompt else frozenset()


def _resource_scopes(app: App, uri: str) -> frozenset[str]:
    for resource in [*app.resources.values(), *app.templates.values()]:
        if resource.match(uri) is not None:
            return resource.scopes
    return frozenset()


def _reference_scopes(app: App, uri: str) -> frozenset[str]:
    resource = app.resources.get(uri) or app.templates.get(uri)
    return resource.scopes if resource else frozenset()
