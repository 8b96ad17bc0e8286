"""The proxy in front of the API. Like CloudFront or a custom domain on AWS, it maps ``/`` to the stage.

It receives requests with Hypercorn, which the emulator installs, and forwards them with urllib3, which boto3 installs:
both keep paths and repeated headers unchanged.
"""

import argparse
import asyncio
import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import NamedTuple

import urllib3
from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

# API Gateway's limits: the size of a request and, with room for a cold start, the time of an integration.
MAX_BODY_BYTES = 10 * 1024 * 1024
TIMEOUT_SECONDS = 60
CONCURRENT_REQUESTS = 64

Headers = list[tuple[str, str]]

# RFC 9110 7.6.1: these belong to one connection, not to the message. The proxy computes the length itself.
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "content-length",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# A trusted edge sets the origin and the target of a request itself.
_SET_BY_EDGE = frozenset(
    {
        "forwarded",
        "host",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-proto",
        "x-real-ip",
    }
)
# RFC 9110 8.6: these have no length.
_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class Answer(NamedTuple):
    status: int
    headers: Headers
    body: bytes


class Edge:
    """An ASGI application that forwards every request to one stage of one API."""

    def __init__(self, port: int, host: str, prefix: str) -> None:
        self._host = host
        self._prefix = prefix
        self._pool = urllib3.HTTPConnectionPool(
            "127.0.0.1",
            port,
            maxsize=CONCURRENT_REQUESTS,
            retries=False,
            timeout=urllib3.Timeout(connect=2, read=TIMEOUT_SECONDS),
        )
        self._threads = ThreadPoolExecutor(CONCURRENT_REQUESTS)

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            # ASGI, Lifespan: an exception tells the server that lifespan events are not supported.
            raise NotImplementedError(scope["type"])
        body = await _read_body(receive)
        if body is None:
            answer = _error(413, "payload_too_large", f"A request may have at most {MAX_BODY_BYTES} bytes.")
        else:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._threads, self._forward, scope, body)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers, "trailers": False})
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})

    def _forward(self, scope: HTTPScope, body: bytes) -> Answer:
        target = scope["raw_path"].decode("latin-1")
        if not target.startswith("/"):
            return _error(400, "invalid_request", "The request target must be a path.")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        try:
            response = self._pool.urlopen(
                scope["method"],
                self._prefix + target,
                body=body or None,
                headers=self._request_headers(scope),
                redirect=False,
                decode_content=False,
            )
        except urllib3.exceptions.ReadTimeoutError:
            return _error(504, "gateway_timeout", f"The emulator did not answer within {TIMEOUT_SECONDS} seconds.")
        except urllib3.exceptions.HTTPError:
            return _error(502, "bad_gateway", "The emulator does not answer. Start it again with: make up")
        headers = _end_to_end_headers(response.headers.items())
        if scope["method"] == "HEAD":
            headers += [(name, value) for name, value in response.headers.items() if name.lower() == "content-length"]
        elif response.status not in _WITHOUT_BODY:
            headers.append(("Content-Length", str(len(response.data))))
        return Answer(response.status, headers, response.data)

    def _request_headers(self, scope: HTTPScope) -> urllib3.HTTPHeaderDict:
        received = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        kept = [(name, value) for name, value in _end_to_end_headers(received) if name.lower() not in _SET_BY_EDGE]
        # urllib3 adds these two headers unless they are skipped.
        names = {name.lower() for name, _ in kept}
        silent = [(name, urllib3.util.SKIP_HEADER) for name in ("user-agent", "accept-encoding") if name not in names]
        client = scope["client"]
        return urllib3.HTTPHeaderDict(
            [
                *kept,
                *silent,
                ("Host", self._host),
                ("X-Forwarded-For", client[0] if client else "127.0.0.1"),
                ("X-Forwarded-Proto", scope["scheme"]),
            ]
        )


async def _read_body(receive: ASGIReceiveCallable) -> bytes | None:
    """Read the whole body. Return ``None`` if it is too large."""
    chunks: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] != "http.request":
            return b""
        size += len(event["body"])
        if size <= MAX_BODY_BYTES:
            chunks.append(event["body"])
        if not event["more_body"]:
            return b"".join(chunks) if size <= MAX_BODY_BYTES else None


def _end_to_end_headers(headers: Iterable[tuple[str, str]]) -> Headers:
    """Return ``headers`` without those of one connection, including the ones that ``Connection`` names."""
    headers = list(headers)
    named = {
        token.strip().lower() for name, value in headers if name.lower() == "connection" for token in value.split(",")
    }
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP | named]


def _error(status: int, code: str, description: str) -> Answer:
    body = json.dumps({"error": code, "error_description": description}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    return Answer(status, headers, body)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.proxy", description=__doc__)
    parser.add_argument("--socket", type=int, required=True, help="file descriptor of the bound socket to listen on")
    parser.add_argument("--port", type=int, required=True, help="port of the emulator")
    parser.add_argument("--host", required=True, help="host name that selects the API")
    parser.add_argument("--prefix", required=True, help="prefix of every path: the stage")
    arguments = parser.parse_args()
    config = Config()
    config.bind = [f"fd://{arguments.socket}"]
    config.keep_alive_timeout = 75
    # The response keeps the emulator's Date and names no server.
    config.include_date_header = False
    config.include_server_header = False
    asyncio.run(serve(Edge(arguments.port, arguments.host, arguments.prefix), config))


if __name__ == "__main__":
    main()
