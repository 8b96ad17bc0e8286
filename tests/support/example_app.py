"""The app that the tests serve, whatever the owner of a deployment puts into ``runtime/app``."""

import sys
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from runtime.authoring import App, Context, resource, tool


@dataclass(frozen=True)
class Identity:
    """How the server sees its caller."""

    client_id: str
    subject: str
    scopes: list[str]
    protocol_version: str


@tool(title="Who am I")
def whoami(context: Context) -> Identity:
    """Tell the caller its client id, its subject, its scopes and the protocol revision it speaks."""
    return Identity(context.client_id, context.subject, sorted(context.scopes), context.protocol_version)


@tool
def repeat(text: str, times: Annotated[int, Meta(ge=1, le=10)] = 2) -> str:
    """Repeat a text."""
    return text * times


@resource("test://about", mime_type="text/plain")
def about() -> str:
    """Say what this is."""
    return "An app for tests."


app = App(modules=[sys.modules[__name__]], instructions="Start with whoami.")
