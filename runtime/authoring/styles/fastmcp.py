"""The names of FastMCP: ``from runtime.authoring.styles.fastmcp import FastMCP, Context``."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from runtime.authoring.context import Context as Request
from runtime.authoring.context import Level
from runtime.authoring.resource import NoSuchResource as NotFoundError
from runtime.authoring.styles.content import (
    Audio,
    Icon,
    Image,
    ImageContent,
    Message,
    TextContent,
    ToolAnnotations,
    ToolResult,
)
from runtime.authoring.styles.context import Sent, StyleContext, current_request
from runtime.authoring.styles.depending import Dependency, RequestView
from runtime.authoring.styles.forms import AcceptedElicitation, CancelledElicitation, DeclinedElicitation, TypedForm
from runtime.authoring.styles.missing import refuse_in
from runtime.authoring.styles.server import Server
from runtime.authoring.tool import ToolError

__all__ = [
    "AcceptedElicitation",
    "AccessToken",
    "Audio",
    "CancelledElicitation",
    "Context",
    "CurrentAccessToken",
    "CurrentContext",
    "DeclinedElicitation",
    "Depends",
    "FastMCP",
    "Icon",
    "Image",
    "ImageContent",
    "Message",
    "NotFoundError",
    "PromptError",
    "ResourceError",
    "TextContent",
    "ToolAnnotations",
    "ToolError",
    "ToolResult",
    "get_access_token",
    "get_context",
    "require_scopes",
]
__getattr__ = refuse_in(__name__)
# Both are errors whose message the caller gets.
ResourceError: Final = ToolError
PromptError: Final = ToolError


class FastMCP(Server):
    """FastMCP's server object: an app."""


class Context(StyleContext):
    """The current request, under FastMCP's names."""

    def log(
        self,
        message: Any,
        level: Level = "info",
        logger_name: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Sent:
        """Send a log message. ``extra`` goes with it."""
        return self._send_log({"msg": message, "extra": dict(extra)} if extra else message, level, logger_name)

    async def elicit(
        self,
        message: str,
        response_type: Any = None,
        *,
        response_title: str | None = None,
        response_description: str | None = None,
    ) -> Any:
        """Ask the user for a value of a type: a class with plain members, a plain type, or choices."""
        if response_type is None:
            raise TypeError("elicit needs a response_type: bool asks for a confirmation")
        return self.ask_typed(message, TypedForm(response_type, response_title, response_description))


class AccessToken:
    """Whom the access token was issued to. The token itself stays with the server."""

    def __init__(self, request: Request) -> None:
        self.client_id = request.client_id
        self.subject = request.subject
        self.scopes = sorted(request.scopes)
        self.claims = {"sub": self.subject, "client_id": self.client_id, "scope": " ".join(self.scopes)}


def Depends(dependency: Callable[..., Any]) -> Any:  # noqa: N802  # FastMCP's name
    """Fill a parameter with what a function returns: ``db: Db = Depends(open_db)``."""
    return Dependency(dependency)


def CurrentContext() -> Any:  # noqa: N802  # FastMCP's name
    """Fill a parameter with the context."""
    return RequestView(Context)


def CurrentAccessToken() -> Any:  # noqa: N802  # FastMCP's name
    """Fill a parameter with whom the access token was issued to."""
    return RequestView(AccessToken)


def get_context() -> Context:
    """Return the context of the current request. Raise ``RuntimeError`` outside of one."""
    return Context(current_request())


def get_access_token() -> AccessToken:
    """Return whom the access token was issued to. Raise ``RuntimeError`` outside of a request."""
    return AccessToken(current_request())


def require_scopes(*scopes: str) -> list[str]:
    """Return the scopes that a caller needs: ``auth=require_scopes("write")`` means ``scopes=["write"]``."""
    return list(scopes)
