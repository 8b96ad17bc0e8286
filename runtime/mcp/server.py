"""Answers one POST to the MCP endpoint."""

from typing import Any

from runtime.authoring.app import App
from runtime.authoring.context import Context
from runtime.errors import NotAcceptable, OriginForbidden
from runtime.event import Request, Response, json_response
from runtime.mcp import legacy, modern
from runtime.mcp.call import Call
from runtime.mcp.errors import InvalidMessage, JsonRpcError, MethodNotFound
from runtime.mcp.message import Message, check_params
from runtime.mcp.revisions import MODERN
from runtime.settings import McpSettings


class McpServer:
    """The MCP endpoint over what a deployment's owner has defined."""

    def __init__(self, app: App, settings: McpSettings) -> None:
        self._app = app
        self._settings = settings

    def handle(self, request: Request, message: Message) -> Response:
        """200 with the result of a request, 202 for what wants no answer. Raises ``Problem``."""
        self._check_headers(request)
        if message.id is None or message.method is None:
            return _accepted(message)
        is_modern = modern.speaks(request, message)
        try:
            result = self._modern(request, message) if is_modern else self._legacy(request, message)
        except JsonRpcError as error:
            error.id = message.id
            error.status = error.modern_status if is_modern else error.status
            raise
        return json_response(200, {"jsonrpc": "2.0", "id": message.id, "result": result})

    def _check_headers(self, request: Request) -> None:
        origin = request.headers.get("origin")
        if origin is not None and not {"*", origin} & set(self._settings.allowed_origins):
            raise OriginForbidden("this origin may not call the server")
        accept = request.headers.get("accept", "*/*")
        if not any(kind in accept for kind in ("application/json", "application/*", "*/*")):
            raise NotAcceptable("Accept must admit application/json")

    def _modern(self, request: Request, message: Message) -> dict[str, Any]:
        modern.check_envelope(request, message)
        method = modern.METHODS.get(str(message.method))
        if method is None:
            raise MethodNotFound("is not a method of this server", pointer="/method")
        check_params(message, modern.ERA)
        call = self._call(request, message, MODERN)
        return modern.complete(method(call), call)

    def _legacy(self, request: Request, message: Message) -> dict[str, Any]:
        revision = legacy.revision(request)
        method = legacy.METHODS.get(str(message.method))
        if method is None:
            raise MethodNotFound("is not a method of this server", pointer="/method")
        check_params(message, legacy.ERA)
        return method(self._call(request, message, revision))

    def _call(self, request: Request, message: Message, revision: str) -> Call:
        caller = request.caller
        if caller is None:
            raise RuntimeError("the MCP route is not protected")
        context = Context(caller.client_id, caller.subject, caller.scopes, request.request_id, revision)
        return Call(message.params, context, self._app, self._settings.server_name)


def _accepted(message: Message) -> Response:
    """202 for a notification or a response; a request without an id is neither."""
    if message.method is not None and not message.method.startswith("notifications/"):
        raise InvalidMessage("is required", pointer="/id")
    return Response(202)
