"""Ask a server that a stranger named for a JSON document, without being led anywhere else (SSRF).

The name is resolved once, every address of it must be public, and the connection goes to an address that was checked:
a second answer of the name server is never asked for, let alone trusted. The certificate is checked by the name.
``http.client`` follows no redirect and knows no proxy; boto3 has imported it and ``ssl`` already.
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
# Beside the document: the status line, headers and the framing of chunks.
MAX_OVERHEAD_BYTES: Final = 16 * 1024
SECONDS: Final = 5.0
MAX_ADDRESSES: Final = 8
OK: Final = 200
# RFC 9110 15.5.9 and RFC 6585 4: it says nothing of the document, and neither does any 5xx.
TRY_AGAIN: Final = (408, 429)
SERVER_ERRORS: Final = 500

Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[tuple[str, int], float], socket.socket]


class FetchFailed(Exception):
    """There is no document to be had; the message says why, in words of this server only."""


class Unreachable(FetchFailed):
    """The server could not be asked, or said itself that it fails: what it serves may be as good as ever."""


class Fetched(NamedTuple):
    """A JSON object, and for how many seconds it may be kept."""

    document: dict[str, Any]
    lifetime: int


def addresses(host: str, port: int) -> Sequence[str]:
    """The IP addresses of a name; raises ``OSError`` when there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Fetcher:
    """Gets JSON documents. ``seconds`` is the most that one may take in all, ``clock`` any clock in seconds."""

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

    def get(self, url: str) -> Fetched:
        """The document at an https URL, which must be a JSON object of at most ``MAX_BYTES``.

        Raises ``FetchFailed``, whatever is wrong with the URL, the name, the address, the server or its answer;
        ``Unreachable`` where another try may help: time, network, TLS, HTTP, or a status of 408, 429 or 5xx.
        """
        remote = RemoteUrl.parse(url)
        if remote is None:
            raise FetchFailed("not an https URL of a domain name")
        deadline = _Deadline(self._clock, self._seconds)
        try:
            fetched = self._get(remote, deadline)
        except (FetchFailed, OSError, http.client.HTTPException) as error:
            _log(remote, f"{type(error).__name__}: {_reason(error)}", deadline)
            kind = type(error) if isinstance(error, FetchFailed) else Unreachable
            raise kind(_reason(error)) from error
        _log(remote, "ok", deadline)
        return fetched

    def _get(self, remote: RemoteUrl, deadline: "_Deadline") -> Fetched:
        plain = self._dial(self._checked(remote, deadline), remote.port, deadline)
        with plain:
            plain.settimeout(deadline.left())
            self._context = self._context or self._tls()
            with self._context.wrap_socket(plain, server_hostname=remote.host) as encrypted:
                return _ask(_BoundedSocket(encrypted, deadline), remote)

    def _checked(self, remote: RemoteUrl, deadline: "_Deadline") -> Sequence[str]:
        """The addresses of a name. One that is not public is enough to refuse them all."""
        found = self._resolved(remote, deadline)
        if not found or not all(map(is_public, found)):
            raise FetchFailed("the name leads to an address that is not public")
        return found[:MAX_ADDRESSES]

    def _resolved(self, remote: RemoteUrl, deadline: "_Deadline") -> Sequence[str]:
        """Nothing bounds the time of a resolver, so it is waited for no longer than the deadline allows."""
        answers: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(remote.host, remote.port))
            except (OSError, UnicodeError):
                answers.put(())

        threading.Thread(target=ask, daemon=True).start()
        try:
            return answers.get(timeout=deadline.left())
        except queue.Empty as error:
            raise Unreachable("took too long") from error

    def _dial(self, found: Sequence[str], port: int, deadline: "_Deadline") -> socket.socket:
        """A connection to the first address that takes one; each gets its share of the time that is left."""
        for tried, address in enumerate(found):
            share = deadline.left() / (len(found) - tried)
            try:
                return self._connect((address, port), share)
            except OSError:
                logger.debug("no connection", extra={"address": address})
        raise Unreachable("no address takes a connection")


class _Deadline:
    """A moment after which a fetch is given up."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._started = clock()
        self._end = self._started + seconds

    def left(self) -> float:
        """The seconds left, more than 0; raises ``Unreachable`` when there are none."""
        left = self._end - self._clock()
        if left <= 0:
            raise Unreachable("took too long")
        return left

    def elapsed(self) -> float:
        """The seconds since the start."""
        return self._clock() - self._started


class _BoundedReader(io.RawIOBase):
    """What an answer is read from.

    A server that sends one byte at a time never runs into the timeout of a read; here the deadline is that of the
    whole answer, and so is the number of bytes, headers included.
    """

    def __init__(self, encrypted: ssl.SSLSocket, deadline: _Deadline) -> None:
        self._encrypted = encrypted
        self._deadline = deadline
        self._bytes_left = MAX_BYTES + MAX_OVERHEAD_BYTES

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what has come."""
        if self._bytes_left <= 0:
            raise FetchFailed("the answer is too large")
        self._encrypted.settimeout(self._deadline.left())
        read = self._encrypted.recv_into(buffer)
        self._bytes_left -= read
        return read


class _BoundedSocket:
    """The little of a socket that ``http.client`` uses. Whoever made the connection closes it."""

    def __init__(self, encrypted: ssl.SSLSocket, deadline: _Deadline) -> None:
        self._encrypted = encrypted
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        """Send a request."""
        self._encrypted.settimeout(self._deadline.left())
        self._encrypted.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What the answer is read from."""
        return io.BufferedReader(_BoundedReader(self._encrypted, self._deadline))

    def close(self) -> None:
        """Do nothing: the answer is still to be read when ``http.client`` is done with the connection."""


def _ask(bounded: _BoundedSocket, remote: RemoteUrl) -> Fetched:
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
    return Fetched(_parsed(content), lifetime)


def _is_json(content_type: str) -> bool:
    """Application/json, or a media type with the suffix ``+json`` (RFC 6838 4.2.8)."""
    stated = media_type(content_type)
    return stated == "application/json" or (stated.startswith("application/") and stated.endswith("+json"))


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        document = parse_json(content)
    except MalformedBody as error:
        raise FetchFailed("the document is not JSON") from error
    if not isinstance(document, dict):
        raise FetchFailed("the document is not a JSON object")
    return document


def _reason(error: Exception) -> str:
    """What may be told of an error: what a library says can repeat what the other side sent."""
    if isinstance(error, TimeoutError):
        return "took too long"
    return str(error) if isinstance(error, FetchFailed) else "the server does not answer as it should"


def _log(remote: RemoteUrl, outcome: str, deadline: _Deadline) -> None:
    duration = round(deadline.elapsed() * 1000, 2)
    logger.info("fetch", extra={"host": remote.host, "outcome": outcome, "duration_ms": duration})
