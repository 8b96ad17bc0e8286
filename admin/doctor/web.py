"""HTTP as the doctor speaks it: to one server only, within bounds of time and size, and without following redirects."""

import json
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import urllib3

from admin.doctor.finding import Fault, Stopped
from admin.doctor.shape import is_url
from runtime.version import VERSION

MOST_BYTES = 1024 * 1024
CHUNK_BYTES = 64 * 1024
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 307, 308})
# So that an operator finds the doctor in the logs; the agents of the clients would be a disguise.
USER_AGENT = f"remote-mcp-doctor/{VERSION}"
CANNOT_CONNECT = (urllib3.exceptions.HTTPError, OSError)


class NoAnswer(Exception):
    """There is no answer, for a reason that the message gives."""


class Answer(NamedTuple):
    """One HTTP response, and how many seconds it took."""

    url: str
    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes
    seconds: float

    def json(self) -> dict[str, Any] | None:
        """Return the JSON object in the body, ``None`` if there is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None


def origin(url: str) -> str:
    """Return scheme and authority of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class Web:
    """Sends requests to the server at one origin. No other host gets anything, so no secret can leak.

    ``timeout`` bounds each request, in seconds. ``clock`` measures them.
    """

    def __init__(
        self,
        server: str,
        timeout: float,
        context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server = server
        self._timeout = timeout
        self._clock = clock
        # Without a context, urllib3 does as clients do: TLS 1.2 or later, and the authorities that the system trusts.
        self._pool = urllib3.PoolManager(retries=False, ssl_context=context)
        self._asked: dict[tuple[object, ...], Answer | NoAnswer] = {}

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send a request that changes nothing, once for all clients that send the same. Follow redirects of a GET.

        Raises ``NoAnswer``, and ``Stopped`` if the URL is not the server's.
        """
        for _ in range(MOST_REDIRECTS):
            answer = self._ask_once(method, url, headers, body)
            if method != "GET" or answer.status not in REDIRECTS:
                break
            url = urljoin(url, answer.headers.get("location", ""))
        return answer

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, *, to_the_end: bool = True
    ) -> Answer:
        """Send one request, and read the answer's body unless it need not be read ``to_the_end``.

        Raises ``NoAnswer``, and ``Stopped`` if the URL is not the server's.
        """
        if not is_url(url) or origin(url) != self._server:
            raise Stopped(
                f"the server at {self._server} sends its clients to {origin(url) if is_url(url) else 'what is no URL'}",
                Fault.SERVER,
                "Give the doctor the public URL of the stack. If that is this one, publicUrl is wrong.",
            )
        started = self._clock()
        sent = {"User-Agent": USER_AGENT, **headers}
        try:
            response = self._pool.request(
                method, url, body=body, headers=sent, redirect=False, preload_content=False, timeout=self._timeout
            )
            try:
                content = self._read(response, started) if to_the_end else b""
            finally:
                response.close()
        except CANNOT_CONNECT as error:
            raise NoAnswer(f"{method} {url}: {_reason(error)}") from error
        return Answer(url, response.status, response.headers, content, self._clock() - started)

    def _ask_once(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        key = (method, url, frozenset(headers.items()), body)
        if key not in self._asked:
            try:
                self._asked[key] = self.send(method, url, headers, body)
            except NoAnswer as error:
                self._asked[key] = error
        answer = self._asked[key]
        if isinstance(answer, NoAnswer):
            raise answer
        return answer

    def _read(self, response: urllib3.BaseHTTPResponse, started: float) -> bytes:
        """Read a body, of a stream only the first event. Raises ``NoAnswer`` if it does not end."""
        is_stream = "event-stream" in response.headers.get("content-type", "")
        content = b""
        while not (is_stream and b"\n\n" in content.replace(b"\r", b"")):
            chunk = response.read1(CHUNK_BYTES)
            if not chunk:
                break
            content += chunk
            if len(content) > MOST_BYTES or self._clock() - started > self._timeout:
                raise NoAnswer("an answer does not end")
        return content


def _reason(error: Exception) -> str:
    """Say in a few words why there is no answer."""
    match error:
        case urllib3.exceptions.NameResolutionError():
            return "the host name does not exist"
        case urllib3.exceptions.NewConnectionError():
            return "nothing accepts connections there"
        case urllib3.exceptions.SSLError():
            return f"TLS failed: {error}"
        case urllib3.exceptions.TimeoutError():
            return "no answer in time"
    return f"the connection broke ({type(error).__name__})"
