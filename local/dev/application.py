"""The HTTP server in front of an endpoint, for clients on this machine."""

import asyncio
import itertools
import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

from admin.text import printable
from local.report import say
from local.request_body import MAX_BODY_BYTES, read_body
from runtime.http.dispatch import CORS
from runtime.testing.endpoint import Answer, Identity

CONCURRENT_REQUESTS: Final = 32
# What the gateway answers to a preflight, so that the Inspector's page can connect.
PREFLIGHT: Final = {
    **CORS,
    "Access-Control-Allow-Headers": "*, Authorization",
    "Access-Control-Allow-Methods": "POST, GET",
    "Access-Control-Max-Age": "86400",
}


class Sends(Protocol):
    """What answers requests."""

    def send(self, method: str, headers: Mapping[str, str], body: str, identity: Identity, request_id: str) -> Answer:
        """Return the response to one request."""


class Application:
    """An ASGI application that passes every request for ``/mcp`` to an endpoint, as one caller."""

    def __init__(self, endpoint: Sends, identity: Identity, port: int) -> None:
        self._endpoint = endpoint
        self._identity = identity
        # A page of another site that has its name point here sends that name: DNS rebinding.
        self._hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))
        self._threads = ThreadPoolExecutor(CONCURRENT_REQUESTS)
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            # ASGI, Lifespan: an exception tells the server that lifespan events are not supported.
            raise NotImplementedError(scope["type"])
        body = await read_body(receive)
        answer = _refuse(scope, self._hosts, body)
        if answer is None:
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._threads, self._answer, scope["method"], headers, body or b"")
        # The next request must reach the process that has the latest change, not the one of this connection.
        stated = {**answer.headers, "Connection": "close"}
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in stated.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": encoded, "trailers": False})
        await send({"type": "http.response.body", "body": answer.body.encode(), "more_body": False})

    def _answer(self, method: str, headers: Mapping[str, str], body: bytes) -> Answer:
        started = time.perf_counter()
        request_id = f"request-{next(self._numbers)}"
        text = body.decode("utf-8", "replace")
        answer = self._endpoint.send(method, headers, text, self._identity, request_id)
        milliseconds = round((time.perf_counter() - started) * 1000)
        say(f"{time.strftime('%H:%M:%S')}  {_describe(method, text)}  {answer.status}  {milliseconds} ms")
        return answer


def _refuse(scope: HTTPScope, hosts: frozenset[str], body: bytes | None) -> Answer | None:
    """Return the answer to a request that is not for the endpoint, ``None`` for any other."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    if host.lower() not in hosts:
        return _problem(403, f"the header Host must be one of {', '.join(sorted(hosts))}")
    if scope["path"] != "/mcp":
        return _problem(404, "the endpoint is /mcp; there is no authorization server here, and no token is needed")
    if scope["method"] == "OPTIONS":
        return Answer(204, PREFLIGHT, "")
    if body is None:
        return _problem(413, f"a request may have at most {MAX_BODY_BYTES} bytes")
    return None


def _problem(status: int, reason: str) -> Answer:
    return Answer(status, {**CORS, "Content-Type": "application/json"}, json.dumps({"error": reason}))


def _describe(method: str, body: str) -> str:
    """Return what a request asks for: its JSON-RPC method and the name in it. A page of another site may send both."""
    try:
        message = json.loads(body) if body else None
    except ValueError:
        message = None
    if not isinstance(message, dict):
        return method
    params: Any = message.get("params")
    named = params if isinstance(params, dict) else {}
    name = named.get("name") or named.get("uri") or named.get("taskId") or ""
    return printable(f"{message.get('method', 'answer')} {name}".strip())
