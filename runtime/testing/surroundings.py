"""What is around an app when its tools run: environment variables, and the scopes that callers can have."""

import contextlib
import os
from collections.abc import Iterator, Mapping

from runtime.authoring.app import App
from runtime.authoring.secrets import SettingMissing, Source, use_source
from runtime.redaction import forget, hide


@contextlib.contextmanager
def add_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Add environment variables until the ``with`` statement ends."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            os.environ.pop(name)
        os.environ.update({name: before[name] for name in variables if name in before})


@contextlib.contextmanager
def use_secrets(secrets: Mapping[str, str], where: str) -> Iterator[None]:
    """Let an app read secrets, and its environment, until the ``with`` statement ends.

    ``where`` is what the error about a missing secret tells its reader to do.
    """

    def read(name: str) -> str:
        value = secrets.get(name)
        if not value:
            raise SettingMissing(f"the secret {name} has no value: {where}")
        hide(value)
        return value

    before = use_source(Source(os.environ, read))
    try:
        yield
    finally:
        use_source(before)
        forget()


def scopes_of(app: App) -> frozenset[str]:
    """Return all scopes that the tools, resources and prompts of an app need."""
    tools = (tool.options.scopes for tool in app.tools.values())
    resources = (resource.scopes for resource in [*app.resources.values(), *app.templates.values()])
    prompts = (prompt.scopes for prompt in app.prompts.values())
    return frozenset().union(*tools, *resources, *prompts)
