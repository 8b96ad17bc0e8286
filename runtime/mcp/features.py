"""What a server offers, as it tells clients."""

from collections.abc import Mapping
from typing import Any

from runtime.authoring.app import App


def capabilities(app: App) -> dict[str, Any]:
    """The capabilities of an app. No list changes while a process lives, so ``listChanged`` is never announced."""
    announced: dict[str, Any] = {"logging": {}}
    if app.tools:
        announced["tools"] = {}
    if app.resources or app.templates:
        announced["resources"] = {}
    if app.prompts:
        announced["prompts"] = {}
    if app.completions:
        announced["completions"] = {}
    return announced


def offers_tasks(app: App) -> bool:
    """Whether any tool may run as a task."""
    return any(tool.options.task for tool in app.tools.values())


def offered(methods: Mapping[str, Any], app: App) -> dict[str, Any]:
    """The methods that an app has something behind, so that none is answered that is not announced."""
    announced = capabilities(app)
    needs = {"tools": "tools", "resources": "resources", "prompts": "prompts", "completion": "completions"}
    kept = {}
    for name, method in methods.items():
        family = name.partition("/")[0]
        if family == "tasks" and not offers_tasks(app):
            continue
        if family not in needs or needs[family] in announced:
            kept[name] = method
    return kept
