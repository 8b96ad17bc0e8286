"""Loading the app that this deployment serves."""

import importlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from runtime.authoring import App, Tool
from runtime.deployment import MANIFEST

ROOT: Final = Path(__file__).resolve().parents[2]
# What an app imports that offers Lambda functions as tools.
CALLS: Final = "runtime.authoring.function_calls"


def load_app(module: str) -> App:
    """Import ``module`` and return its ``app``. Raises ``TypeError`` without an app, or ``ModuleNotFoundError``."""
    app = getattr(importlib.import_module(module), "app", None)
    if not isinstance(app, App):
        raise TypeError(f"the module {module} has no app to serve: it must define app = App(modules=[...])")
    if app.named:
        _add_listed_tools(app)
    if CALLS in sys.modules:
        _provide_functions()
    return app


def load_tools(modules: Iterable[str], function: str) -> dict[str, Tool]:
    """Import ``modules`` and return the tools in them that run in ``function``, by their names."""
    tools = App(map(importlib.import_module, modules)).tools
    return {name: tool for name, tool in tools.items() if tool.options.function == function}


def _provide_functions() -> None:
    """Let the tools of an app call Lambda functions."""
    # Imported for such an app only.
    from runtime.handlers.function_calls import provide_functions  # noqa: PLC0415

    provide_functions()


def _add_listed_tools(app: App) -> None:
    """Add the tools of modules that only their own functions import."""
    # Imported for such an app only.
    from runtime.authoring.manifest import decode_manifest  # noqa: PLC0415

    app.add_tools(decode_manifest((ROOT / MANIFEST).read_bytes()))
