"""Sends requests to an API, safe from server-side request forgery: see ``runtime.outbound``.

``http.client`` follows no redirect by itself, uses no proxy, and is there already, unlike any other client.
"""

import functools
import http.client
import logging
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from runtime.openapi.auth import Auth
from runtime.openapi.base_url import HTTPS, BaseUrl
from runtime.openapi.request import Request
from runtime.outbound.address import is_public, is_public_or_private
from runtime.outbound.bounded import BoundedSocket
from runtime.outbound.connection import Connect, Connector, Resolve, addresses
from runtime.outbound.deadline import Deadline
from runtime.outbound.errors import FetchFailed, Unreachable
from runtime.version import VERSION

logger = logging.getLogger(__name__)

USER_AGENT: Final = f"remote-mcp/{VERSION}"
MOST_REDIRECTS: Final = 5
# RFC 9110 15.4: those that say where the same resource is now.
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# On top of the body, and of as much again for the framing of its chunks: the status line and the headers.
OVERHEAD_BYTES: Final = 64 * 1024


class TooLarge(FetchFailed):
    """The body of a response is larger than allowed."""


class Response(NamedTuple):
    """A response. The names of ``headers`` are in lower case."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes


@functools.cache
def default_tls() -> ssl.SSLContext:
    """Return the TLS settings of all requests: to read the certificates of authorities takes some milliseconds."""
    return ssl.create_default_context()


class Sender:
    """Sends requests to public addresses, and to private ones if ``private_addresses``.

    A response body has ``most_bytes`` at most. A redirect is followed only if ``redirects``, and for GET only; another
    origin gets no credentials.
    """

    def __init__(
        self,
        *,
        most_bytes: int,
        private_addresses: bool = False,
        redirects: bool = False,
        resolve: Resolve = addresses,
        connect: Connect = socket.create_connection,
        tls: Callable[[], ssl.SSLContext] = default_tls,
    ) -> None:
        self._connector = Connector(is_public_or_private if private_addresses else is_public, resolve, connect)
        self._cleartext = private_addresses
        self._redirects = MOST_REDIRECTS if redirects else 0
        self._most_bytes = most_bytes
        self._tls = tls

    def send(self, request: Request, auth: Auth | None, seconds: float) -> Response:
        """Send a request with its credentials, and return the response.

        Raise ``Unreachable`` if there is none within ``seconds``, ``TooLarge``, and ``FetchFailed`` for a redirect that
        is not followed and an address that is not allowed. Raise what ``auth`` raises.
        """
        deadline = Deadline(time.monotonic, seconds)
        outcome = "failed"
        try:
            response = self._follow(request, auth, deadline)
            outcome = str(response.status)
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable("took too long" if isinstance(error, TimeoutError) else "the connection broke") from error
        finally:
            # Neither path nor query: they can have personal data and keys.
            duration = round(deadline.seconds_since_start() * 1000, 2)
            details = {"host": request.base.host, "method": request.method, "outcome": outcome, "duration_ms": duration}
            logger.info("api call", extra=details)
        return response

    def _follow(self, request: Request, auth: Auth | None, deadline: Deadline) -> Response:
        origin = request.base.origin
        for _ in range(self._redirects + 1):
            is_same_origin = request.base.origin == origin
            signed = auth.sign(request) if auth and is_same_origin else request
            response = self._exchange(signed, deadline)
            if response.status not in REDIRECTS:
                return response
            if not self._redirects or request.method != "GET":
                raise FetchFailed("it sent a redirect, which this tool does not follow")
            request = self._redirect(request, response.headers.get("location", ""))
        raise FetchFailed("it sent too many redirects")

    def _redirect(self, request: Request, location: str) -> Request:
        """Return the request that a redirect asks for. RFC 9110 10.2.2: ``Location`` may be relative."""
        try:
            there = urlsplit(urljoin(request.base.origin + request.target, location))
            base = BaseUrl.parse(f"{there.scheme}://{there.netloc}{there.path}", cleartext=self._cleartext)
        except ValueError as error:
            raise FetchFailed("it sent a redirect to somewhere that is not allowed") from error
        query = tuple(
            (name, value) for name, _, value in (pair.partition("=") for pair in there.query.split("&")) if name
        )
        return request._replace(base=base, path=there.path or "/", query=query)

    def _exchange(self, request: Request, deadline: Deadline) -> Response:
        with ExitStack() as stack:
            connected = stack.enter_context(self._connector.open(request.base.host, request.base.port, deadline))
            connected.settimeout(deadline.remaining_seconds())
            if request.base.scheme == HTTPS:
                connected = self._tls().wrap_socket(connected, server_hostname=request.base.host)
                stack.enter_context(connected)
            bounded = BoundedSocket(connected, deadline, 2 * self._most_bytes + OVERHEAD_BYTES)
            return self._read(_send_on(bounded, request))

    def _read(self, response: http.client.HTTPResponse) -> Response:
        body = response.read(self._most_bytes + 1)
        if len(body) > self._most_bytes:
            raise TooLarge("the response is too large")
        # What ``read`` with a limit does not notice: the connection ended before the body did (RFC 9112 8).
        if response.length:
            raise Unreachable("the connection broke")
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Response(response.status, response.reason, headers, body)


def _send_on(bounded: BoundedSocket, request: Request) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(request.base.host)
    connection.sock = bounded
    # A body that is not compressed has the size that is counted.
    own = {
        "host": request.base.authority,
        "user-agent": USER_AGENT,
        "accept-encoding": "identity",
        "connection": "close",
    }
    # RFC 9110 8.6: a POST without a body says so.
    body = request.body if request.body or request.method in {"POST", "PUT", "PATCH"} else None
    connection.request(request.method, request.target, body, {**request.headers, **own})
    return connection.getresponse()
