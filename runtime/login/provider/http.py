"""HTTP requests to the identity provider, with limits on time and size.

``http.client`` follows no redirects and uses no proxy, and boto3 has already imported it and ``ssl``. A library for
OpenID Connect clients would add its own HTTP client and JOSE code to the cold start, next to PyJWT.
"""

import http.client
import json
import logging
import socket
import ssl
import time
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from runtime.http.loopback import CLEARTEXT_HOSTS
from runtime.http.user_agent import USER_AGENT
from runtime.login.provider.identity import ProviderUnavailable

logger = logging.getLogger(__name__)

# A login makes four requests at most, and a function must respond within 29 seconds.
SECONDS: Final = 5.0
MAX_BYTES: Final = 512 * 1024
CHUNK_BYTES: Final = 64 * 1024


class Answer(NamedTuple):
    """The response of the provider: a status below 500, and the body if it is a JSON object."""

    status: int
    json: dict[str, Any] | None


class ProviderHttp:
    """Sends requests to one provider. ``seconds`` is the time limit for each of them."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._context: ssl.SSLContext | None = None

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a GET request. Raises ``ProviderUnavailable`` without a response, or for status 429, 500 and above."""
        return self._send("GET", url, None, headers or {})

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Send a POST request with a form-encoded body; otherwise as ``get``."""
        form_headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._send("POST", url, urlencode(form), form_headers)

    def _send(self, method: str, url: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        deadline = time.monotonic() + self._seconds
        try:
            connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
            try:
                defaults = {"Accept": "application/json", "User-Agent": USER_AGENT}
                connection.request(method, target, body, {**defaults, **headers})
                # The connection drops its socket if the response says that it closes the connection.
                plain = connection.sock
                response = connection.getresponse()
                content = _read_body(plain, response, deadline)
            finally:
                connection.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise log_failure(f"{method} {parts.hostname}{parts.path}: {type(error).__name__}") from error
        if response.status >= http.client.INTERNAL_SERVER_ERROR or response.status == http.client.TOO_MANY_REQUESTS:
            raise log_failure(f"{method} {parts.hostname}{parts.path}: status {response.status}")
        return Answer(response.status, _json_object(content))

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "http" and host in CLEARTEXT_HOSTS:
            return http.client.HTTPConnection(host, port, timeout=self._seconds)
        self._context = self._context or ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=self._seconds, context=self._context)


def log_failure(reason: str) -> ProviderUnavailable:
    """Log why the provider does not work, and return the error to raise, which does not repeat the reason."""
    logger.error("the identity provider does not work", extra={"reason": reason})
    return ProviderUnavailable("the identity provider is unavailable; try again in a few minutes")


def _read_body(plain: socket.socket, response: http.client.HTTPResponse, deadline: float) -> bytes:
    """Return the body; raises ``OSError`` if it is too long or takes too long."""
    content = b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        plain.settimeout(left)
        chunk = response.read1(CHUNK_BYTES)
        content += chunk
        if not chunk:
            return content
        if len(content) > MAX_BYTES:
            raise OSError("the body is too long")


def _json_object(content: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
