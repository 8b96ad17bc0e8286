"""Asking the identity provider, with bounds on time and size.

``http.client`` follows no redirect and knows no proxy, and boto3 has imported it and ``ssl`` already. A library for
OpenID Connect clients would bring an HTTP client and JOSE code of its own into the cold start: PyJWT is there already.
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

# A login makes four requests at most, and a function answers within 29 seconds.
SECONDS: Final = 5.0
MAX_BYTES: Final = 512 * 1024
CHUNK_BYTES: Final = 64 * 1024


class Answer(NamedTuple):
    """What the provider answered: a status below 500 and, where the body is a JSON object, that object."""

    status: int
    json: dict[str, Any] | None


class ProviderHttp:
    """Requests to one provider. ``seconds`` is the most that one of them may take."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._context: ssl.SSLContext | None = None

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Raises ``ProviderUnavailable`` when there is no answer, or one with a status of 500 and above."""
        return self._ask("GET", url, None, headers or {})

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """As ``get``, with a form-encoded body."""
        return self._ask("POST", url, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def _ask(self, method: str, url: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        deadline = time.monotonic() + self._seconds
        try:
            connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
            try:
                said = {"Accept": "application/json", "User-Agent": USER_AGENT}
                connection.request(method, target, body, {**said, **headers})
                # The connection forgets its socket when the answer says that there will be no other one.
                plain = connection.sock
                response = connection.getresponse()
                content = _read(plain, response, deadline)
            finally:
                connection.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise unavailable(f"{method} {parts.hostname}{parts.path}: {type(error).__name__}") from error
        if response.status >= http.client.INTERNAL_SERVER_ERROR or response.status == http.client.TOO_MANY_REQUESTS:
            raise unavailable(f"{method} {parts.hostname}{parts.path}: status {response.status}")
        return Answer(response.status, _json_object(content))

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "http" and host in CLEARTEXT_HOSTS:
            return http.client.HTTPConnection(host, port, timeout=self._seconds)
        self._context = self._context or ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=self._seconds, context=self._context)


def unavailable(reason: str) -> ProviderUnavailable:
    """The error for a provider that does not work. ``reason`` goes to the log, and no further."""
    logger.error("the identity provider does not work", extra={"reason": reason})
    return ProviderUnavailable("the identity provider cannot be reached at the moment; try again in a few minutes")


def _read(plain: socket.socket, response: http.client.HTTPResponse, deadline: float) -> bytes:
    """The body; raises ``OSError`` for one that is too long or takes too long."""
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
            raise OSError("too long")


def _json_object(content: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
