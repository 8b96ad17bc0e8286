"""Fetch a JSON document from a URL that a client chose, safe from server-side request forgery (SSRF).

The name is resolved once, all its addresses must be public, and the connection goes to one of those addresses: the name
is never resolved a second time. The certificate is checked against the name. ``http.client`` follows no redirects and
uses no proxy; boto3 has already imported it and ``ssl``.
"""

import http.client
import io
import logging
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from runtime.http.body import parse_json
from runtime.http.errors import MalformedBody
from runtime.http.header_values import media_type
from runtime.http.user_agent import USER_AGENT
from runtime.oauth.remote.cache_lifetime import cache_lifetime
from runtime.oauth.remote.url import RemoteUrl, is_public

logger = logging.getLogger(__name__)

MAX_BYTES: Final = 10 * 1024
# On top of the document: the status line, headers and the framing of chunks.
MAX_OVERHEAD_BYTES: Final = 16 * 1024
SECONDS: Final = 5.0
MAX_ADDRESSES: Final = 8
OK: Final = 200
# RFC 9110 15.5.9 and RFC 6585 4: like any 5xx, they say nothing about the document.
TRY_AGAIN: Final = (408, 429)
SERVER_ERRORS: Final = 500

Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[tuple[str, int], float], socket.socket]


class FetchFailed(Exception):
    """A document could not be fetched. The message says why, and never repeats what the other server sent."""


class Unreachable(FetchFailed):
    """The server did not respond, or reported a failure of its own. A retry may succeed."""


class FetchedJson(NamedTuple):
    """A JSON object, and for how many seconds it may be cached."""

    document: dict[str, Any]
    lifetime: int


def addresses(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of a name, or raise ``OSError`` if it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


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
        self._resolve = resolve
        self._connect = connect
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
        deadline = _Deadline(self._clock, self._seconds)
        try:
            fetched = self._fetch(remote, deadline)
        except (FetchFailed, OSError, http.client.HTTPException) as error:
            _log(remote, f"{type(error).__name__}: {_reason(error)}", deadline)
            kind = type(error) if isinstance(error, FetchFailed) else Unreachable
            raise kind(_reason(error)) from error
        _log(remote, "ok", deadline)
        return fetched

    def _fetch(self, remote: RemoteUrl, deadline: "_Deadline") -> FetchedJson:
        ips = self._resolve_public(remote, deadline)
        plain = self._dial(ips, remote.port, deadline)
        with plain:
            plain.settimeout(deadline.remaining_seconds())
            self._context = self._context or self._tls()
            with self._context.wrap_socket(plain, server_hostname=remote.host) as encrypted:
                return _request_document(_BoundedSocket(encrypted, deadline), remote)

    def _resolve_public(self, remote: RemoteUrl, deadline: "_Deadline") -> Sequence[str]:
        """Return the addresses of a name, or raise ``FetchFailed`` if one of them is not public."""
        ips = self._resolve_in_time(remote, deadline)
        if not ips or not all(map(is_public, ips)):
            raise FetchFailed("the name leads to an address that is not public")
        return ips[:MAX_ADDRESSES]

    def _resolve_in_time(self, remote: RemoteUrl, deadline: "_Deadline") -> Sequence[str]:
        """Resolve a name before the deadline. A resolver has no timeout of its own, so it runs in a thread."""
        answers: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

        def resolve() -> None:
            try:
                answers.put(self._resolve(remote.host, remote.port))
            except (OSError, UnicodeError):
                answers.put(())

        threading.Thread(target=resolve, daemon=True).start()
        try:
            return answers.get(timeout=deadline.remaining_seconds())
        except queue.Empty as error:
            raise Unreachable("took too long") from error

    def _dial(self, ips: Sequence[str], port: int, deadline: "_Deadline") -> socket.socket:
        """Connect to the first address that accepts. Each address gets an equal share of the remaining time."""
        for tried, address in enumerate(ips):
            share = deadline.remaining_seconds() / (len(ips) - tried)
            try:
                return self._connect((address, port), share)
            except OSError:
                logger.debug("no connection", extra={"address": address})
        raise Unreachable("no address accepts a connection")


class _Deadline:
    """The time at which a fetch is abandoned."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._started = clock()
        self._end = self._started + seconds

    def remaining_seconds(self) -> float:
        """Return the seconds until the deadline, more than 0, or raise ``Unreachable`` if it has passed."""
        remaining = self._end - self._clock()
        if remaining <= 0:
            raise Unreachable("took too long")
        return remaining

    def seconds_since_start(self) -> float:
        """Return the seconds since the start."""
        return self._clock() - self._started


class _BoundedReader(io.RawIOBase):
    """Reads a response within limits.

    A server that sends one byte at a time never exceeds the timeout of a single read. So the deadline and the number of
    bytes apply to the whole response, headers included.
    """

    def __init__(self, encrypted: ssl.SSLSocket, deadline: _Deadline) -> None:
        self._encrypted = encrypted
        self._deadline = deadline
        self._bytes_left = MAX_BYTES + MAX_OVERHEAD_BYTES

    def readable(self) -> bool:
        """Return ``True``: ``io.BufferedReader`` asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read available bytes; raise ``FetchFailed`` if there are too many, ``Unreachable`` after the deadline."""
        if self._bytes_left <= 0:
            raise FetchFailed("the response is too large")
        self._encrypted.settimeout(self._deadline.remaining_seconds())
        read = self._encrypted.recv_into(buffer)
        self._bytes_left -= read
        return read


class _BoundedSocket:
    """The methods of a socket that ``http.client`` uses. The caller that opened the connection closes it."""

    def __init__(self, encrypted: ssl.SSLSocket, deadline: _Deadline) -> None:
        self._encrypted = encrypted
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        """Send a request."""
        self._encrypted.settimeout(self._deadline.remaining_seconds())
        self._encrypted.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return the reader of the response."""
        return io.BufferedReader(_BoundedReader(self._encrypted, self._deadline))

    def close(self) -> None:
        """Do nothing: ``http.client`` closes the connection before the response is read."""


def _request_document(bounded: _BoundedSocket, remote: RemoteUrl) -> FetchedJson:
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


def _log(remote: RemoteUrl, outcome: str, deadline: _Deadline) -> None:
    duration = round(deadline.seconds_since_start() * 1000, 2)
    logger.info("fetch", extra={"host": remote.host, "outcome": outcome, "duration_ms": duration})
