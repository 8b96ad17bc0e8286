"""What is around an app when its tools run: environment variables, and the scopes that callers can have."""

import contextlib
import os
from collections.abc import Iterator, Mapping

from runtime.authoring.app import App


@contextlib.contextmanager
def added_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Add environment variables until the ``with`` statement ends."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            os.environ.pop(name)
        os.environ.update({name: before[name] for name in variables if name in before})


def scopes_of(app: App) -> frozenset[str]:
    """Return all scopes that the tools, resources and prompts of an app need."""
    tools = (tool.options.scopes for tool in app.tools.values())
    resources = (resource.scopes for resource in [*app.resources.values(), *app.templates.values()])
    prompts = (prompt.scopes for prompt in app.prompts.values())
    return frozenset().union(*tools, *resources, *prompts)
