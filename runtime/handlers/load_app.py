"""Loading the app that this deployment serves."""

import importlib

from runtime.authoring import App


def load_app(module: str) -> App:
    """Import ``module`` and return its ``app``. Raises ``TypeError`` without an app, or ``ModuleNotFoundError``."""
    app = getattr(importlib.import_module(module), "app", None)
    if not isinstance(app, App):
        raise TypeError(f"the module {module} has no app to serve: it must define app = App(modules=[...])")
    return app
