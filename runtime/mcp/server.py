"""The MCP endpoint: answers one HTTP request."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from runtime.authoring.app import App
from runtime.authoring.context import Channel, Context
from runtime.http.errors import MethodNotAllowed, NotFound
from runtime.http.event import Request, Response
from runtime.mcp import legacy, modern, session
from runtime.mcp.backchannel import Admit, Backchannel, Outcome, Terms
from runtime.mcp.call import Call, Method, Sender, Services
from runtime.mcp.errors import (
    ErrorResponse,
    InvalidMessage,
    MethodNotFound,
    TokenExpired,
    UnsupportedProtocolVersion,
)
from runtime.mcp.failures import error_responses
from runtime.mcp.message import Message, check_params, read_message
from runtime.mcp.methods import METHODS, available_methods
from runtime.mcp.needs import admit, find_scopes
from runtime.mcp.origin import check_origin
from runtime.mcp.revisions import LEGACY, LEGACY_ERA, MODERN, SUPPORTED, UNSTATED
from runtime.mcp.server_info import server_info
from runtime.mcp.wire import check_accept, reads_streams, to_response
from runtime.records import mcp
from runtime.settings import McpSettings
from runtime.tokens.signer import Signer

# API Gateway counts from when it received the decision, and by its own clock. A 401 from here has no challenge on AWS.
LEEWAY_SECONDS: Final = 5


class McpServer:
    """The MCP endpoint of one app."""

    def __init__(self, app: App, settings: McpSettings, services: Services) -> None:
        self._app = app
        self._settings = settings
        self._services = services
        self._backchannel = Backchannel(services)
        self._server_info = server_info(settings, app.version)
        self._methods = {era: available_methods(era, app) for era in (LEGACY_ERA, MODERN)}

    def admit(self, request: Request) -> Sender:
        """Check the token's expiry, the origin and the accepted media types, and return the sender of the request.

        Raise ``TokenExpired``, ``OriginForbidden`` or ``NotAcceptable``.
        """
        caller = request.caller
        if caller is None:
            raise RuntimeError("the MCP route is not protected")
        # No decision that API Gateway caches is older, unless the length of its cache has just changed.
        if caller.served_until + LEEWAY_SECONDS <= self._services.clock():
            raise TokenExpired(self._settings.public_url)
        check_origin(request, self._settings.public_url, self._settings.allowed_origins)
        check_accept(request)
        owner = mcp.Principal(caller.client_id, caller.subject)
        return Sender(caller, owner, Signer(caller.signer_keys, self._services.clock))

    def post(self, request: Request, value: Message | list[Any]) -> Response:
        """Return 200 with the response to a request, or 202 for a message that needs no response. Raise ``Problem``."""
        if isinstance(value, list):
            return self._answer_batch(request, value)
        if value.method is None or value.id is None:
            return self._accept(request, value)
        if modern.is_modern(request, value):
            return self._answer_modern(request, value)
        with error_responses(value.id, request.request_id):
            outcome, headers = self._answer_legacy(request, value, streams=reads_streams(request))
            if outcome.needed is not None:
                return self._ask(request, value, outcome)
            return to_response(request, [*outcome.notifications, outcome.body()], headers)

    def get(self, request: Request, _nothing: None) -> Response:
        """Resume the stream of a request that asked the client something (2025-11-25, Resumability).

        Raise ``NotFound`` if there is no such stream. Raise ``MethodNotAllowed`` for a stream of any other kind:
        nothing could be sent on it, and 2026-07-28 has none.
        """
        last_event_id = request.headers.get("last-event-id")
        if last_event_id is None or request.headers.get("mcp-protocol-version", LEGACY[0]) not in LEGACY:
            raise MethodNotAllowed(["POST"])
        resumed = self._backchannel.resume(
            _sender(request).owner,
            last_event_id,
            self._admission(request),
            lambda exchange: self._rerun(request, exchange),
        )
        if resumed is None:
            raise NotFound("there is no such stream")
        return resumed

    def _answer_modern(self, request: Request, message: Message) -> Response:
        with error_responses(message.id, request.request_id, is_modern=True):
            modern.check_envelope(request, message, METHODS.get(str(message.method)))
            method = self._find_method(message, MODERN)
            channel = modern.open_channel(method, message, _sender(request).signer)
            result = modern.run(method, message, self._call(request, message, MODERN, channel))
            response = {"jsonrpc": "2.0", "id": message.id, "result": result}
            return to_response(request, [*channel.unsent, response])

    def _answer_legacy(self, request: Request, message: Message, *, streams: bool) -> tuple[Outcome, dict[str, str]]:
        """Return the outcome of a request and the headers of its response. Raise ``Problem``."""
        sender = _sender(request)
        revision = legacy.read_revision(request, message)
        method = self._find_method(message, LEGACY_ERA)
        capabilities = session.read_capabilities(request, sender.signer)
        channel = legacy.open_channel(message, capabilities, sender.owner, self._services)
        call = self._call(request, message, revision, channel)
        outcome = legacy.refuse_unaskable(message, call, legacy.run(method, message, call), streams=streams)
        if outcome.error is not None:
            raise outcome.error
        if message.method != "initialize":
            return outcome, {}
        return outcome, {session.HEADER: session.session_id(message.params["capabilities"], sender.signer)}

    def _answer_batch(self, request: Request, values: list[Any]) -> Response:
        """2025-03-26, Batching: the responses to the requests of a batch, in its order; 202 if it has no requests."""
        messages: list[Mapping[str, Any]] = []
        for value in values:
            try:
                message = read_message(value)
                with error_responses(message.id if message.method else None, request.request_id):
                    messages += self._answer_batch_item(request, message)
            except ErrorResponse as error:
                messages.append(error.body())
        return to_response(request, messages, batch=True) if messages else Response(202)

    def _answer_batch_item(self, request: Request, message: Message) -> list[Mapping[str, Any]]:
        """Return the notifications and the response that answer one message of a batch."""
        if message.method is None or message.id is None:
            self._accept(request, message)
            return []
        if message.method == "initialize":
            # 2025-03-26, Lifecycle, Initialization.
            raise InvalidMessage("must not be part of a batch", pointer="/method")
        outcome, _ = self._answer_legacy(request, message, streams=False)
        return [*outcome.notifications, outcome.body()]

    def _accept(self, request: Request, message: Message) -> Response:
        """Return 202 for a notification, or for a legacy client's response to a question."""
        stated = request.headers.get("mcp-protocol-version", UNSTATED)
        if stated not in SUPPORTED:
            raise UnsupportedProtocolVersion(stated)
        if message.method is None:
            self._backchannel.deliver(_sender(request).owner, message, self._admission(request))
        elif not message.method.startswith("notifications/"):
            raise InvalidMessage("is required", pointer="/id")
        return Response(202)

    def _ask(self, request: Request, message: Message, outcome: Outcome) -> Response:
        """Store a legacy request that asks the client something, and return the stream with its questions."""
        sender = _sender(request)
        terms = Terms(
            revision=legacy.read_revision(request, message),
            capabilities=session.read_capabilities(request, sender.signer),
            scopes=sender.caller.scopes,
            needs=find_scopes(self._app, str(message.method), message.params),
        )
        return self._backchannel.begin(sender.owner, message, terms, outcome)

    def _admission(self, request: Request) -> Admit:
        scopes = _sender(request).caller.scopes
        return lambda exchange: admit(exchange, self._app, scopes, self._settings.public_url)

    def _rerun(self, request: Request, stored: mcp.Exchange) -> Outcome:
        """Run a stored request again, with the client's answers and the scopes that all tokens so far have had."""
        sender = _sender(request)
        narrowed = replace(sender, caller=sender.caller._replace(scopes=frozenset(stored.scopes or ())))
        message = Message(stored.request["id"], stored.request["method"], stored.request["params"])
        channel = legacy.open_channel(message, stored.capabilities, stored.owner, self._services)
        channel.answers, channel.refused, channel.already_sent = stored.answers, stored.refused, stored.notified
        call = self._call(request._replace(admitted=narrowed), message, stored.revision, channel)
        outcome = legacy.run(METHODS[str(message.method)], message, call)
        return legacy.refuse_unaskable(message, call, outcome, streams=True)

    def _find_method(self, message: Message, era: str) -> Method:
        """Return the method of a message whose parameters are valid. Raise ``MethodNotFound`` or ``InvalidParams``."""
        method = self._methods[era].get(str(message.method))
        if method is None:
            raise MethodNotFound("is not a method of this server", pointer="/method")
        check_params(message, era)
        return method

    def _call(self, request: Request, message: Message, revision: str, channel: Channel) -> Call:
        sender = _sender(request)
        context = Context(
            client_id=sender.caller.client_id,
            subject=sender.caller.subject,
            scopes=sender.caller.scopes,
            request_id=request.request_id,
            protocol_version=revision,
            channel=channel,
            remaining=request.time_left,
        )
        return Call(
            id=message.id,
            params=message.params,
            context=context,
            channel=channel,
            request=request,
            sender=sender,
            app=self._app,
            services=self._services,
            server_info=self._server_info,
            public_url=self._settings.public_url,
        )


def _sender(request: Request) -> Sender:
    """Return the sender that ``McpServer.admit`` has found."""
    return request.admitted  # type: ignore[no-any-return]
