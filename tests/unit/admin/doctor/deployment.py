"""A deployment on a port of this machine: the real endpoints and authorizer, behind HTTP and a small gateway."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from components.gateway_responses import challenge
from runtime.routes import ROUTES
from tests.unit.conftest import Send

CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "WWW-Authenticate"}
PREFLIGHT = {**CORS, "Access-Control-Allow-Headers": "*, Authorization", "Access-Control-Allow-Methods": "GET, POST"}
FUNCTIONS = {route.path: route.function for route in ROUTES}
PAGES = {route.path for route in ROUTES if route.page}
CLIENTS = "/clients/"


class Asked(NamedTuple):
    """One request to the deployment."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: str

    @property
    def path(self) -> str:
        return urlsplit(self.target).path


class Given(NamedTuple):
    """One answer of it."""

    status: int
    headers: Mapping[str, str]
    body: str

    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


def json_answer(status: int, document: Mapping[str, Any], **headers: str) -> Given:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return Given(status, {"Content-Type": "application/json", **CORS, **sent}, json.dumps(document))


# What a fault makes of an answer.
Fault = Callable[[Asked, Given], Given]
Authorize = Callable[[str], dict[str, str] | None]


@dataclass
class Deployment:
    """Answers below ``prefix``, as a stage does, and notes what it was asked.

    ``functions`` sends a request to a function. ``authorize`` returns what the authorizer tells the function about a
    token, ``None`` for a bad one.
    """

    functions: Mapping[str, Send]
    authorize: Authorize
    url: str
    prefix: str = ""
    fault: Fault = field(default=lambda _asked, given: given)
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Given:
        self.asked.append(asked)
        return self.fault(asked, self._healthy(asked))

    def _healthy(self, asked: Asked) -> Given:
        if not asked.path.startswith(f"{self.prefix}/"):
            return json_answer(403, {"message": "Forbidden"})
        path = asked.path.removeprefix(self.prefix)
        route = f"{CLIENTS}{{clientId}}" if path.startswith(CLIENTS) else path
        if route not in FUNCTIONS:
            return json_answer(404, {"error": "not_found"})
        if asked.method == "OPTIONS" and route not in PAGES:
            return Given(204, PREFLIGHT, "")
        return self._send(asked, route, path)

    def _send(self, asked: Asked, route: str, path: str) -> Given:
        parts: dict[str, Any] = {"headers": dict(asked.headers), "query": parse_qs(urlsplit(asked.target).query)}
        if asked.body:
            parts["body"] = asked.body
        if route != path:
            parts["path_parameters"] = {"clientId": path.removeprefix(CLIENTS)}
        if FUNCTIONS[route] == "mcp":
            parts["authorizer"] = self.authorize(asked.headers.get("Authorization", ""))
            if parts["authorizer"] is None:
                return json_answer(401, {"error": "invalid_token"}, WWW_Authenticate=challenge(self.url, ["mcp"]))
        answer = self.functions[FUNCTIONS[route]](asked.method, route, **parts)
        return Given(answer["statusCode"], answer["headers"], answer["body"])


def _handler(get: Callable[[], Deployment]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            given = get().answer(Asked(self.command, self.path, dict(self.headers.items()), body))
            content = given.body.encode()
            self.send_response(given.status)
            for name, value in given.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = do_OPTIONS = _answer  # noqa: N815  # the names that the base class looks for

        def log_message(self, *_args: object) -> None:
            """Write nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    """A server that says nothing of a client that has left, as an interrupted doctor does."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def listening(make: Callable[[str], Deployment]) -> Iterator[Deployment]:
    """Serve the deployment that ``make`` returns for an origin."""
    made: list[Deployment] = []
    with _Server(("127.0.0.1", 0), _handler(lambda: made[0])) as server:
        made.append(make(f"http://127.0.0.1:{server.server_port}"))
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield made[0]
        finally:
            server.shutdown()
            thread.join()
