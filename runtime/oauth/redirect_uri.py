"""Which redirect URIs a client may register."""

from urllib.parse import urlsplit

from runtime.oauth.errors import InvalidRedirectUri

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Schemes that run or show content in the browser instead of leaving it for an application.
NOT_FOR_APPLICATIONS = frozenset(
    {"about", "blob", "data", "file", "filesystem", "ftp", "javascript", "vbscript", "view-source", "ws", "wss"}
)


def check_redirect_uri(uri: str, pointer: str) -> None:
    """Raise ``InvalidRedirectUri`` unless the URI is https, http on loopback, or of a private-use scheme.

    RFC 6749 3.1.2: absolute and without a fragment. RFC 8252 7.1 and 7.3: private-use schemes and loopback.
    """
    if not uri.isascii() or any(char <= " " or char in '\\"<>^`{|}' for char in uri):
        raise InvalidRedirectUri("must be a URI of printable ASCII characters", pointer=pointer)
    try:
        parts = urlsplit(uri)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidRedirectUri("must be a valid URI", pointer=pointer) from error
    if not parts.scheme:
        raise InvalidRedirectUri("must be absolute", pointer=pointer)
    if "#" in uri:
        raise InvalidRedirectUri("must not have a fragment", pointer=pointer)
    if parts.scheme in {"http", "https"}:
        _check_web(parts.scheme, host, "@" in parts.netloc, pointer)
    elif parts.scheme in NOT_FOR_APPLICATIONS:
        raise InvalidRedirectUri("has a scheme that leads to no application", pointer=pointer)


def _check_web(scheme: str, host: str | None, user: bool, pointer: str) -> None:
    if not host:
        raise InvalidRedirectUri("must name a host", pointer=pointer)
    if user:
        raise InvalidRedirectUri("must not name a user", pointer=pointer)
    if scheme == "http" and host not in LOOPBACK:
        raise InvalidRedirectUri("must be https, or http on loopback", pointer=pointer)
