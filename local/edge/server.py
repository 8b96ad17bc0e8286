"""The server of the edge.

It receives requests with Hypercorn, which the emulator installs, and forwards them with urllib3, which boto3 installs:
both keep paths and repeated headers unchanged.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import urllib3
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

from local.edge.answers import Answer, report_problem
from local.edge.headers import Headers, end_to_end
from local.edge.rules import headers_refusal, keep_for_cache, refusal, refuse_network, state_origin
from local.edge.settings import Settings
from local.request_body import MAX_BODY_BYTES, read_body

# API Gateway's limit on the time of an integration, with room for a cold start.
TIMEOUT_SECONDS = 60
CONCURRENT_REQUESTS = 64

# RFC 9110 8.6: these have no length.
_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class Edge:
    """An ASGI application that forwards every request to one stage of one API."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = urllib3.HTTPConnectionPool(
            "127.0.0.1",
            settings.port,
            maxsize=CONCURRENT_REQUESTS,
            retries=False,
            timeout=urllib3.Timeout(connect=2, read=TIMEOUT_SECONDS),
        )
        self._threads = ThreadPoolExecutor(CONCURRENT_REQUESTS)

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            # ASGI, Lifespan: an exception tells the server that lifespan events are not supported.
            raise NotImplementedError(scope["type"])
        body = await read_body(receive)
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, self._answer, scope, body)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers, "trailers": False})
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})

    def _answer(self, scope: HTTPScope, body: bytes | None) -> Answer:
        """Return a refusal of the edge, or the response of the stage. ``body`` is ``None`` if it is too large."""
        target = scope["raw_path"].decode("latin-1")
        if not target.startswith("/"):
            return report_problem(HTTPStatus.BAD_REQUEST, "invalid_request", "The request target must be a path.")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        if body is None:
            description = f"A request may have at most {MAX_BODY_BYTES} bytes."
            return report_problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "payload_too_large", description)
        refused = refuse_network(self._settings, _client(scope))
        refused = refused or refusal(self._settings, scope["method"], target, body)
        headers = self._headers_to_forward(scope, target)
        refused = refused or headers_refusal(headers)
        return refused or self._forward(scope["method"], self._settings.prefix + target, headers, body)

    def _forward(self, method: str, target: str, headers: Headers, body: bytes) -> Answer:
        try:
            response = self._pool.urlopen(
                method, target, body=body or None, headers=_exactly(headers), redirect=False, decode_content=False
            )
        except urllib3.exceptions.ReadTimeoutError:
            description = f"The emulator did not answer within {TIMEOUT_SECONDS} seconds."
            return report_problem(HTTPStatus.GATEWAY_TIMEOUT, "gateway_timeout", description)
        except urllib3.exceptions.HTTPError:
            description = "The emulator does not answer. Start it again with: make up"
            return report_problem(HTTPStatus.BAD_GATEWAY, "bad_gateway", description)
        returned = end_to_end(response.headers.items())
        if method == "HEAD":
            returned += [(name, value) for name, value in response.headers.items() if name.lower() == "content-length"]
        elif response.status not in _WITHOUT_BODY:
            returned.append(("Content-Length", str(len(response.data))))
        return Answer(response.status, returned, response.data)

    def _headers_to_forward(self, scope: HTTPScope, target: str) -> Headers:
        """Return the headers that reach API Gateway."""
        received = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        server = scope["server"] or ("", 0)
        kept = keep_for_cache(self._settings, target, end_to_end(received))
        return state_origin(self._settings, kept, _client(scope), (scope["scheme"], server[1] or 0))


def _client(scope: HTTPScope) -> str:
    """Return the address that connected."""
    return scope["client"][0] if scope["client"] else "127.0.0.1"


def _exactly(headers: Headers) -> urllib3.HTTPHeaderDict:
    """Return ``headers`` for urllib3, without the two that it would add."""
    names = {name.lower() for name, _ in headers}
    silent = [(name, urllib3.util.SKIP_HEADER) for name in ("user-agent", "accept-encoding") if name not in names]
    return urllib3.HTTPHeaderDict([*headers, *silent])
