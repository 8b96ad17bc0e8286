"""How a tool authenticates at an API with a secret of the app.

No result, error or log line carries what a request is signed with: ``hide`` sees to that.
"""

import base64
from collections.abc import Callable
from typing import Final, Protocol
from urllib.parse import quote

from runtime.authoring.secrets import secret as app_secret
from runtime.authoring.tool import ToolError
from runtime.openapi.request import Request
from runtime.openapi.table import Place
from runtime.redaction import hide

# The name of a secret that needs.py declares, or what returns its value.
SecretSource = str | Callable[[], str]
_LOWEST_VISIBLE: Final = "\x21"
_HIGHEST_VISIBLE: Final = "\x7e"


class Auth(Protocol):
    """A way to authenticate. ``place`` and ``name`` say where the credentials go: no argument of a tool goes there."""

    place: Place
    name: str

    def sign(self, request: Request) -> Request:
        """Return the request with credentials. Raise ``SettingError`` if a secret is missing."""


class _HeaderSecret:
    """A header that holds a secret after ``prefix``."""

    place: Place = "header"

    def __init__(self, name: str, secret: SecretSource, prefix: str = "") -> None:
        self.name = name.lower()
        self._secret = secret
        self._prefix = prefix

    def sign(self, request: Request) -> Request:
        return request.with_headers(**{self.name: self._prefix + _read(self._secret)})


class _QuerySecret:
    """A query parameter that is a secret."""

    place: Place = "query"

    def __init__(self, name: str, secret: SecretSource) -> None:
        self.name = name
        self._secret = secret

    def sign(self, request: Request) -> Request:
        pair = (quote(self.name, safe=""), quote(_read(self._secret), safe=""))
        return request._replace(query=(*request.query, pair))


class _Basic:
    """A user name and a password (RFC 7617)."""

    place: Place = "header"
    name = "authorization"

    def __init__(self, user: SecretSource, password: SecretSource) -> None:
        self._user = user
        self._password = password

    def sign(self, request: Request) -> Request:
        encoded = base64.b64encode(f"{_read(self._user)}:{_read(self._password)}".encode()).decode()
        hide(encoded)
        return request.with_headers(authorization=f"Basic {encoded}")


def bearer(secret: SecretSource) -> Auth:
    """Send a token as ``Authorization: Bearer`` (RFC 6750 2.1)."""
    return _HeaderSecret("authorization", secret, "Bearer ")


def header_key(name: str, secret: SecretSource, *, prefix: str = "") -> Auth:
    """Send a key in a header, after ``prefix`` if the API wants one, such as ``Token token=``."""
    return _HeaderSecret(name, secret, prefix)


def query_key(name: str, secret: SecretSource) -> Auth:
    """Send a key as a query parameter, for an API that takes it nowhere else: proxies and servers log URLs."""
    return _QuerySecret(name, secret)


def basic(user: SecretSource, password: SecretSource) -> Auth:
    """Send a user name and a password (RFC 7617). Both are secrets of the app, by name."""
    return _Basic(user, password)


def _read(source: SecretSource) -> str:
    """Return a secret as a header or a query can carry it."""
    value = app_secret(source) if isinstance(source, str) else source()
    if not value or not all(_LOWEST_VISIBLE <= character <= _HIGHEST_VISIBLE for character in value):
        raise ToolError("A secret of this tool is empty, or has spaces or characters that a request cannot carry")
    hide(value)
    return value
