"""Fetch a JSON document from a URL that a client chose, safe from server-side request forgery (SSRF).

All addresses of the name must be public. The certificate is checked against the name. ``http.client`` follows no
redirects and uses no proxy; boto3 has already imported it and ``ssl``.
"""

import http.client
import logging
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from runtime.http.body import parse_json
from runtime.http.errors import MalformedBody
from runtime.http.header_values import media_type
from runtime.http.user_agent import USER_AGENT
from runtime.oauth.remote.cache_lifetime import cache_lifetime
from runtime.oauth.remote.url import RemoteUrl
from runtime.outbound.address import is_public
from runtime.outbound.bounded import BoundedSocket
from runtime.outbound.connection import Connect, Connector, Resolve, addresses
from runtime.outbound.deadline import Deadline
from runtime.outbound.errors import FetchFailed, Unreachable

logger = logging.getLogger(__name__)

MAX_BYTES: Final = 10 * 1024
# On top of the document: the status line, headers and the framing of chunks.
MAX_OVERHEAD_BYTES: Final = 16 * 1024
SECONDS: Final = 5.0
OK: Final = 200
# RFC 9110 15.5.9 and RFC 6585 4: like any 5xx, they say nothing about the document.
TRY_AGAIN: Final = (408, 429)
SERVER_ERRORS: Final = 500


class FetchedJson(NamedTuple):
    """A JSON object, and for how many seconds it may be cached."""

    document: dict[str, Any]
    lifetime: int


class Fetcher:
    """Fetches JSON documents. ``seconds`` is the time limit of one fetch, ``clock`` any clock in seconds."""

    def __init__(
        self,
        resolve: Resolve = addresses,
        connect: Connect = socket.create_connection,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = SECONDS,
    ) -> None:
        self._connector = Connector(is_public, resolve, connect)
        self._tls = tls
        self._context: ssl.SSLContext | None = None
        self._clock = clock
        self._seconds = seconds

    def get(self, url: str) -> FetchedJson:
        """Return the document at an https URL, which must be a JSON object of at most ``MAX_BYTES``.

        Raises ``FetchFailed`` if anything is wrong with the URL, the name, the address, the server or its response, and
        ``Unreachable`` if a retry may help: time, network, TLS, HTTP, or a status of 408, 429 or 5xx.
        """
        remote = RemoteUrl.parse(url)
        if remote is None:
            raise FetchFailed("not an https URL of a domain name")
        deadline = Deadline(self._clock, self._seconds)
        try:
            fetched = self._fetch(remote, deadline)
        except (FetchFailed, OSError, http.client.HTTPException) as error:
            _log(remote, f"{type(error).__name__}: {_reason(error)}", deadline)
            kind = type(error) if isinstance(error, FetchFailed) else Unreachable
            raise kind(_reason(error)) from error
        _log(remote, "ok", deadline)
        return fetched

    def _fetch(self, remote: RemoteUrl, deadline: Deadline) -> FetchedJson:
        with self._connector.open(remote.host, remote.port, deadline) as plain:
            plain.settimeout(deadline.remaining_seconds())
            self._context = self._context or self._tls()
            with self._context.wrap_socket(plain, server_hostname=remote.host) as encrypted:
                return _request_document(BoundedSocket(encrypted, deadline, MAX_BYTES + MAX_OVERHEAD_BYTES), remote)


def _request_document(bounded: BoundedSocket, remote: RemoteUrl) -> FetchedJson:
    connection = http.client.HTTPConnection(remote.host)
    connection.sock = bounded
    headers = {"Host": remote.authority, "User-Agent": USER_AGENT, "Accept": "application/json"}
    connection.request("GET", remote.target, headers={**headers, "Connection": "close"})
    response = connection.getresponse()
    if response.status != OK:
        again = response.status in TRY_AGAIN or response.status >= SERVER_ERRORS
        raise (Unreachable if again else FetchFailed)("the status is not 200")
    if not _is_json(response.getheader("Content-Type", "")):
        raise FetchFailed("the media type is not JSON")
    content = response.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise FetchFailed("the document is too large")
    lifetime = cache_lifetime(response.getheader("Cache-Control", ""), response.getheader("Age", ""))
    return FetchedJson(_parse(content), lifetime)


def _is_json(content_type: str) -> bool:
    """Whether a media type is application/json or has the suffix ``+json`` (RFC 6838 4.2.8)."""
    stated = media_type(content_type)
    return stated == "application/json" or (stated.startswith("application/") and stated.endswith("+json"))


def _parse(content: bytes) -> dict[str, Any]:
    """Parse a JSON object, or raise ``FetchFailed``."""
    try:
        document = parse_json(content)
    except MalformedBody as error:
        raise FetchFailed("the document is not JSON") from error
    if not isinstance(document, dict):
        raise FetchFailed("the document is not a JSON object")
    return document


def _reason(error: Exception) -> str:
    """Return a message for an error that is safe to show: those of libraries can repeat what the server sent."""
    if isinstance(error, TimeoutError):
        return "took too long"
    return str(error) if isinstance(error, FetchFailed) else "the server does not respond correctly"


def _log(remote: RemoteUrl, outcome: str, deadline: Deadline) -> None:
    duration = round(deadline.seconds_since_start() * 1000, 2)
    logger.info("fetch", extra={"host": remote.host, "outcome": outcome, "duration_ms": duration})
