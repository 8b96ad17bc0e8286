"""Answers one request to the MCP endpoint."""

from collections.abc import Mapping
from typing import Any

from runtime.authoring.app import App
from runtime.authoring.context import Channel, Context
from runtime.http.errors import MethodNotAllowed, NotFound
from runtime.http.event import Caller, Request, Response
from runtime.mcp import features, legacy, modern, session
from runtime.mcp.backchannel import Admit, Backchannel, Outcome, Terms
from runtime.mcp.call import Call, Services
from runtime.mcp.errors import (
    InsufficientScope,
    InvalidMessage,
    JsonRpcError,
    MethodNotFound,
    TokenExpired,
    UnsupportedProtocolVersion,
)
from runtime.mcp.failures import answering
from runtime.mcp.message import Message, check_params, read_message
from runtime.mcp.needs import admit, needed_scopes
from runtime.mcp.origin import check_origin
from runtime.mcp.revisions import LEGACY, MODERN, SUPPORTED, UNSTATED
from runtime.mcp.wire import answered, check_accept, reads_streams
from runtime.records import mcp
from runtime.settings import McpSettings
from runtime.tokens.signer import Signer


class McpServer:
    """The MCP endpoint over what a deployment's owner has defined."""

    def __init__(self, app: App, settings: McpSettings, services: Services) -> None:
        self._app = app
        self._settings = settings
        self._services = services
        self._backchannel = Backchannel(services)
        self._server_info = {"name": settings.server_name, "version": app.version}
        self._modern = features.offered(modern.METHODS, app)
        self._legacy = features.offered(legacy.METHODS, app)

    def admit(self, request: Request) -> None:
        """Let in a request whose token is still good, and whose page and media types may have an answer.

        Raises ``TokenExpired``, ``OriginForbidden`` or ``NotAcceptable``.
        """
        # API Gateway caches the authorizer's verdict on a token for longer than the token may have left.
        if _caller(request).expires_at <= self._services.clock():
            raise TokenExpired(self._settings.public_url)
        check_origin(request, self._settings.public_url, self._settings.allowed_origins)
        check_accept(request)

    def post(self, request: Request, value: Message | list[Any]) -> Response:
        """200 with the result of a request, 202 for what wants no answer. Raises ``Problem``."""
        try:
            return self._posted(request, value)
        except InsufficientScope as error:
            error.challenge(self._settings.public_url)
            raise

    def _posted(self, request: Request, value: Message | list[Any]) -> Response:
        if isinstance(value, list):
            return self._batch(request, value)
        if value.method is None or value.id is None:
            return self._accept(request, value)
        with answering(value.id, request.request_id):
            if modern.speaks(request, value):
                return self._answer_modern(request, value)
            outcome, headers = self._answer_legacy(request, value, streams=reads_streams(request))
            if outcome.needed is not None:
                return self._ask(request, value, outcome)
            return answered(request, [*outcome.notifications, outcome.body()], headers)

    def get(self, request: Request, _nothing: None) -> Response:
        """Resume the stream of a request that asked something (2025-11-25, Resumability). Raises ``MethodNotAllowed``
        for any other stream: nothing could be sent on it, and 2026-07-28 has none."""
        last_event_id = request.headers.get("last-event-id")
        if last_event_id is None or request.headers.get("mcp-protocol-version", LEGACY[0]) not in LEGACY:
            raise MethodNotAllowed(["POST"])
        try:
            resumed = self._backchannel.resume(
                _owner(request), last_event_id, self._admit(request), lambda exchange: self._rerun(request, exchange)
            )
        except InsufficientScope as error:
            error.challenge(self._settings.public_url)
            raise
        if resumed is None:
            raise NotFound("there is no such stream")
        return resumed

    def _answer_modern(self, request: Request, message: Message) -> Response:
        try:
            modern.check_envelope(request, message)
            _check_method(message, self._modern, MODERN)
            signer = self._signer(request)
            exchange = modern.exchange(message, signer)
            call = self._call(request, message, MODERN, exchange, signer)
            result = modern.answer(request, message, call)
        except JsonRpcError as error:
            error.status = error.modern_status
            raise
        return answered(request, [*exchange.unsent, {"jsonrpc": "2.0", "id": message.id, "result": result}])

    def _answer_legacy(self, request: Request, message: Message, *, streams: bool) -> tuple[Outcome, dict[str, str]]:
        """What a request led to, and the headers that go with it. Raises ``JsonRpcError``."""
        signer = self._signer(request)
        revision = legacy.revision(request, message)
        _check_method(message, self._legacy, legacy.ERA)
        exchange = legacy.exchange(message, session.capabilities(request, signer), _owner(request), self._services)
        call = self._call(request, message, revision, exchange, signer)
        outcome = legacy.unaskable(message, call, legacy.run(message, call), streams=streams)
        if outcome.error is not None:
            raise outcome.error
        if message.method != "initialize":
            return outcome, {}
        return outcome, {session.HEADER: session.session_id(message.params["capabilities"], signer)}

    def _batch(self, request: Request, values: list[Any]) -> Response:
        """2025-03-26, Batching: the responses to the requests of a batch, in its order; 202 where it has none."""
        messages: list[Mapping[str, Any]] = []
        for value in values:
            try:
                message = read_message(value)
                with answering(message.id if message.method else None, request.request_id):
                    messages += self._batched(request, message)
            except JsonRpcError as error:
                messages.append(error.body())
        return answered(request, messages, batch=True) if messages else Response(202)

    def _batched(self, request: Request, message: Message) -> list[Mapping[str, Any]]:
        """What one message of a batch is answered with."""
        if message.method is None or message.id is None:
            self._accept(request, message)
            return []
        if message.method == "initialize":
            # 2025-03-26, Lifecycle, Initialization.
            raise InvalidMessage("must not be part of a batch", pointer="/method")
        outcome, _ = self._answer_legacy(request, message, streams=False)
        return [*outcome.notifications, outcome.body()]

    def _accept(self, request: Request, message: Message) -> Response:
        """202 for a notification, or for the response of a legacy client to something it was asked."""
        stated = request.headers.get("mcp-protocol-version", UNSTATED)
        if stated not in SUPPORTED:
            raise UnsupportedProtocolVersion(stated)
        if message.method is None:
            self._backchannel.deliver(_owner(request), message, self._admit(request))
        elif not message.method.startswith("notifications/"):
            raise InvalidMessage("is required", pointer="/id")
        return Response(202)

    def _ask(self, request: Request, message: Message, outcome: Outcome) -> Response:
        terms = Terms(
            revision=legacy.revision(request, message),
            capabilities=session.capabilities(request, self._signer(request)),
            scopes=_caller(request).scopes,
            needs=needed_scopes(self._app, str(message.method), message.params),
        )
        return self._backchannel.begin(_owner(request), message, terms, outcome)

    def _admit(self, request: Request) -> Admit:
        return lambda exchange: admit(exchange, self._app, _caller(request).scopes)

    def _rerun(self, request: Request, kept: mcp.Exchange) -> Outcome:
        """Run a kept request again, with the answers that have come in and the scopes that are left to it."""
        request = request._replace(caller=_caller(request)._replace(scopes=frozenset(kept.scopes or ())))
        message = Message(kept.request["id"], kept.request["method"], kept.request["params"])
        exchange = legacy.exchange(message, kept.capabilities, kept.owner, self._services)
        exchange.answers, exchange.refused, exchange.already_sent = kept.answers, kept.refused, kept.notified
        call = self._call(request, message, kept.revision, exchange, self._signer(request))
        return legacy.unaskable(message, call, legacy.run(message, call), streams=True)

    def _call(self, request: Request, message: Message, revision: str, exchange: Channel, signer: Signer) -> Call:
        caller = _caller(request)
        context = Context(
            client_id=caller.client_id,
            subject=caller.subject,
            scopes=caller.scopes,
            request_id=request.request_id,
            protocol_version=revision,
            exchange=exchange,
            remaining=request.time_left,
        )
        return Call(
            message.id, message.params, context, exchange, caller, self._app, signer, self._services, self._server_info
        )

    def _signer(self, request: Request) -> Signer:
        return Signer(_caller(request).signer_keys, self._services.clock)


def _check_method(message: Message, methods: Mapping[str, Any], era: str) -> None:
    if message.method not in methods:
        raise MethodNotFound("is not a method of this server", pointer="/method")
    check_params(message, era)


def _caller(request: Request) -> Caller:
    if request.caller is None:
        raise RuntimeError("the MCP route is not protected")
    return request.caller


def _owner(request: Request) -> mcp.Principal:
    caller = _caller(request)
    return mcp.Principal(caller.client_id, caller.subject)
