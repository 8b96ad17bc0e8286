"""The methods of the protocol, one row each."""

from collections.abc import Mapping
from typing import Final

from runtime.authoring.app import App
from runtime.mcp import tasks
from runtime.mcp.call import Method
from runtime.mcp.features import features_of
from runtime.mcp.legacy import initialize, ping, set_level
from runtime.mcp.modern import discover
from runtime.mcp.prompts import complete, get_prompt, list_prompts
from runtime.mcp.resources import list_resources, list_templates, read_resource
from runtime.mcp.revisions import LEGACY_ERA, MODERN
from runtime.mcp.subscriptions import listen, subscribe
from runtime.mcp.tool_calls import call_tool
from runtime.mcp.tools import list_tools

_LEGACY: Final = (LEGACY_ERA,)
_MODERN: Final = (MODERN,)

# Mcp-Name: MCP 2026-07-28, Request Metadata; for tasks see the tasks extension, Routing Headers.
# can_ask: MCP 2026-07-28, Multi Round-Trip Requests, Supported Requests.
METHODS: Final[Mapping[str, Method]] = {
    "initialize": Method(initialize, _LEGACY),
    "ping": Method(ping, _LEGACY),
    "server/discover": Method(discover, _MODERN, is_cacheable=True),
    "tools/list": Method(list_tools, feature="tools", is_cacheable=True),
    "tools/call": Method(call_tool, feature="tools", name_member="name", can_ask=True),
    "resources/list": Method(list_resources, feature="resources", is_cacheable=True),
    "resources/templates/list": Method(list_templates, feature="resources", is_cacheable=True),
    "resources/read": Method(read_resource, feature="resources", name_member="uri", can_ask=True, is_cacheable=True),
    "resources/subscribe": Method(subscribe, _LEGACY, feature="resources"),
    "resources/unsubscribe": Method(subscribe, _LEGACY, feature="resources"),
    "prompts/list": Method(list_prompts, feature="prompts", is_cacheable=True),
    "prompts/get": Method(get_prompt, feature="prompts", name_member="name", can_ask=True),
    "completion/complete": Method(complete, feature="completions"),
    "logging/setLevel": Method(set_level, _LEGACY),
    "subscriptions/listen": Method(listen, _MODERN),
    "tasks/get": Method(tasks.get, _MODERN, feature="tasks", name_member="taskId"),
    "tasks/update": Method(tasks.update, _MODERN, feature="tasks", name_member="taskId"),
    "tasks/cancel": Method(tasks.cancel, _MODERN, feature="tasks", name_member="taskId"),
}


def methods_of(era: str) -> dict[str, Method]:
    """Return the methods of an era by name."""
    return {name: method for name, method in METHODS.items() if era in method.eras}


def available_methods(era: str, app: App) -> dict[str, Method]:
    """Return the methods of an era that an app answers: none that it does not announce."""
    features = features_of(app)
    return {
        name: method for name, method in methods_of(era).items() if method.feature is None or method.feature in features
    }
