"""The app that this deployment serves, by the name of its module."""

import importlib

from runtime.authoring import App


def served_app(module: str) -> App:
    """The ``app`` of ``module``; raises ``TypeError`` when it is none, ``ModuleNotFoundError`` without the module."""
    app = getattr(importlib.import_module(module), "app", None)
    if not isinstance(app, App):
        raise TypeError(f"the module {module} has no app to serve: it must define app = App(modules=[...])")
    return app
