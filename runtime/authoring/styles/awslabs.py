"""The names of awslabs' handler: ``from runtime.authoring.styles.awslabs import MCPLambdaHandler``."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

from runtime.authoring.content import Image
from runtime.authoring.styles.missing import refuse_in
from runtime.authoring.styles.server import Server
from runtime.authoring.tool import Tool

__all__ = ["MCPLambdaHandler"]

__getattr__ = refuse_in(__name__)

Function = Callable[..., Any]
_SIGNATURES = ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF8", "gif"), (b"RIFF", "webp"))


class MCPLambdaHandler(Server):
    """The handler of awslabs: an app. The stack serves it, so there is no ``handle_request``."""

    def __init__(self, name: str, version: str = "1.0.0", session_store: Any = None) -> None:
        if session_store is not None:
            self._refuse("session_store")
        super().__init__(name, version=version)

    def make_tool(self, function: Function, options: Mapping[str, Any]) -> Tool:
        """Return a tool whose result is text, or an image if it returns bytes."""
        returns_bytes = get_type_hints(function).get("return") is bytes
        shown = _show_bytes(function) if returns_bytes else function
        return super().make_tool(shown, {"structured_output": False, **options})


def _show_bytes(function: Function) -> Function:
    @functools.wraps(function)
    def show(*args: Any, **arguments: Any) -> Image:
        data = function(*args, **arguments)
        kind = next((kind for start, kind in _SIGNATURES if data.startswith(start)), None)
        return Image(data, f"image/{kind}" if kind else "application/octet-stream")

    show.__annotations__ = {**show.__annotations__, "return": Image}
    return show
