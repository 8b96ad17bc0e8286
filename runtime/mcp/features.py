"""The features of an app, and the capabilities that announce them to clients."""

from typing import Any

from runtime.authoring.app import App
from runtime.mcp.call import Feature


def features_of(app: App) -> list[Feature]:
    """Return the features that an app has."""
    present: dict[Feature, bool] = {
        "tools": bool(app.tools),
        "resources": bool(app.resources or app.templates),
        "prompts": bool(app.prompts),
        "completions": bool(app.completions),
        "tasks": any(tool.options.task for tool in app.tools.values()),
    }
    return [feature for feature, is_present in present.items() if is_present]


def capabilities(app: App) -> dict[str, Any]:
    """Return the capabilities of an app, without its extensions.

    ``listChanged`` is never announced, because no list changes while a process lives.
    """
    announced: dict[str, Any] = {"logging": {}}
    return {**announced, **{feature: {} for feature in features_of(app) if feature != "tasks"}}
