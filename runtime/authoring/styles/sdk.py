"""The names of the official Python SDK: ``from runtime.authoring.styles.sdk import MCPServer, Context``.

``FastMCP`` is the name of the same class in version 1.
"""

from typing import Any, TypeVar

from runtime.authoring.asking import Elicitation
from runtime.authoring.context import Level
from runtime.authoring.resource import NoSuchResource as ResourceNotFoundError
from runtime.authoring.styles.content import (
    AssistantMessage,
    Audio,
    Icon,
    Image,
    ImageContent,
    Message,
    TextContent,
    ToolAnnotations,
    ToolResult,
    UserMessage,
)
from runtime.authoring.styles.context import Sent, StyleContext
from runtime.authoring.styles.depending import Dependency, Question
from runtime.authoring.styles.forms import (
    AcceptedElicitation,
    CancelledElicitation,
    DeclinedElicitation,
    ElicitationResult,
    TypedForm,
)
from runtime.authoring.styles.missing import refuse_in
from runtime.authoring.styles.server import Server
from runtime.authoring.tool import ToolError

__all__ = [
    "AcceptedElicitation",
    "AssistantMessage",
    "Audio",
    "CallToolResult",
    "CancelledElicitation",
    "Context",
    "DeclinedElicitation",
    "Elicit",
    "ElicitationResult",
    "FastMCP",
    "Icon",
    "Image",
    "ImageContent",
    "MCPServer",
    "Message",
    "Resolve",
    "ResourceNotFoundError",
    "ServerSession",
    "TextContent",
    "ToolAnnotations",
    "ToolError",
    "UserMessage",
]
__getattr__ = refuse_in(__name__)
CallToolResult = ToolResult
T = TypeVar("T")


class MCPServer(Server):
    """The SDK's server object: an app."""


FastMCP = MCPServer


class ServerSession:
    """A name for annotations, ``Context[ServerSession, None]``: no request needs a session here."""


class Context(StyleContext):
    """The current request, under the SDK's names."""

    def log(self, level: Level, data: Any, *, logger_name: str | None = None, **_extra: Any) -> Sent:
        """Send a log message."""
        return self._send_log(data, level, logger_name)

    async def elicit(self, message: str, schema: Any) -> Any:
        """Ask the user to fill in a class with plain members."""
        return self.ask_typed(message, TypedForm(schema))

    async def elicit_url(self, message: str, url: str, elicitation_id: str | None = None) -> Elicitation:
        """Ask the user to visit a URL."""
        return self._request.elicit_url(message, url, key=elicitation_id)


class Resolve(Dependency):
    """Fill a parameter with what a function returns: ``Annotated[Login, Resolve(ask_login)]``."""


class Elicit(Question[T]):
    """What a function of ``Resolve`` returns to ask the user."""
