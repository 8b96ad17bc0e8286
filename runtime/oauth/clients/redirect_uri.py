"""Redirect URIs: what a client may register, and how a request is compared with that."""

import ipaddress
import re
from collections.abc import Collection
from typing import NamedTuple, Self

from runtime.http.loopback import CLEARTEXT_HOSTS, is_loopback
from runtime.oauth.errors import InvalidRedirectUri

LARGEST_PORT = 65_535
LONGEST_HOST = 253
# A browser may read what ``urlsplit`` tolerates in another way, so a URI must have one of these forms. Scheme and host
# are in lower case, because URIs are compared as they are written.
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_WEB = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?((?:[/?].*)?)")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# A browser may read a host as an IPv4 address if its last label is a number, also in octal or hexadecimal.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# RFC 8252 7.1: a reversed domain name, so the top-level domain comes first.
_REVERSED_DOMAIN = re.compile(r"(?:[a-z]{2,}|xn--[a-z0-9-]+)(?:\.[a-z0-9-]+)+")
_AFTER_SCHEME = re.compile(r"(?://[A-Za-z0-9._~-]*(?::[0-9]{1,5})?(?:[/?].*)?|(?!//).*)")
_AUTHORITY = re.compile(r"//([^/?#]*)")
_WITH_AUTHORITY = re.compile(r"//[A-Za-z0-9._~-]+(?:[/?].*)?")
# RFC 3986 2: characters that no URI has. ``*`` is legal, but a client that registers one expects it to match more.
_NEVER = frozenset('\\"<>^`{|}*')


class WebUri(NamedTuple):
    """An http or https URI of this exact form. ``host`` may be in brackets; ``rest`` is everything after the port."""

    scheme: str
    host: str
    port: int | None
    rest: str

    @classmethod
    def parse(cls, uri: str) -> Self | None:
        """Return the parts of a URI, ``None`` if two programs could read it in different ways."""
        match = _WEB.fullmatch(uri)
        if match is None or int(match[3] or 0) > LARGEST_PORT or not _is_host(match[2]):
            return None
        return cls(match[1], match[2], int(match[3]) if match[3] else None, match[4])

    @property
    def is_cleartext_loopback(self) -> bool:
        """Whether this is http on loopback with any port, by address (RFC 8252 7.3) or by name (8.3)."""
        return self.scheme == "http" and self.host.strip("[]") in CLEARTEXT_HOSTS


def check_redirect_uri(uri: str, pointer: str, schemes: Collection[str]) -> None:
    """Raise ``InvalidRedirectUri`` unless the URI is https, http on loopback, or of a private-use scheme.

    RFC 6749 3.1.2: absolute and without a fragment. RFC 8252 7: private-use schemes, claimed https, loopback.
    ``schemes`` are the private-use schemes that need no dot.
    """
    if not uri.isascii() or any(char <= " " or char == "\x7f" for char in uri):
        raise InvalidRedirectUri("must be a URI of printable ASCII characters", pointer=pointer)
    if _NEVER & set(uri):
        raise InvalidRedirectUri("must be a valid URI, without wildcards", pointer=pointer)
    if "#" in uri:
        raise InvalidRedirectUri("must not have a fragment", pointer=pointer)
    scheme = _SCHEME.match(uri)
    if scheme is None:
        raise InvalidRedirectUri("must be absolute, with its scheme in lower case", pointer=pointer)
    if scheme[1] in {"http", "https"}:
        _check_web(uri, pointer)
    else:
        _check_private_use(scheme[1], uri.removeprefix(scheme[0]), pointer, schemes)


def redirect_uri_matches(registered: str, asked: str) -> bool:
    """Whether two redirect URIs are the same string, but for the port on loopback."""
    return without_loopback_port(asked) == without_loopback_port(registered)


def without_loopback_port(uri: str) -> str:
    """Return a redirect URI for comparison: without its port if it is http on loopback, else unchanged.

    RFC 8252 7.3: "The authorization server MUST allow any port to be specified at the time of the request for loopback
    IP redirect URIs". This applies to ``localhost`` too, which widely used clients register without a port. RFC 9700
    2.1 requires "exact string matching except for port numbers in localhost redirection URIs of native apps".
    """
    web = WebUri.parse(uri)
    return f"{web.scheme}://{web.host}{web.rest}" if web and web.is_cleartext_loopback else uri


def scheme_and_authority(uri: str) -> tuple[str, str | None]:
    """Return the scheme of a URI and its authority (RFC 3986 3.2), ``None`` if it has no ``//``.

    Both are returned as written: no parser rejects or changes them.
    """
    scheme, _, rest = uri.partition(":")
    authority = _AUTHORITY.match(rest)
    return scheme, authority[1] if authority else None


def is_claimed_https(uri: str) -> bool:
    """Whether a redirect URI is https and not on loopback, so that it leads to the owner of its host.

    RFC 8252 7.2 and 8.6.
    """
    web = WebUri.parse(uri)
    return web is not None and web.scheme == "https" and not is_loopback(web.host)


def is_on_device(uri: str) -> bool:
    """Whether a redirect URI leads to the user's own device: an application, or a program on loopback."""
    web = WebUri.parse(uri)
    return web is None or is_loopback(web.host)


def _check_web(uri: str, pointer: str) -> None:
    web = WebUri.parse(uri)
    if web is None:
        raise InvalidRedirectUri("must name a host in lower case, and no user", pointer=pointer)
    if web.scheme == "http" and not web.is_cleartext_loopback:
        raise InvalidRedirectUri("must be https, or http on localhost, 127.0.0.1 or [::1]", pointer=pointer)


def _is_host(host: str) -> bool:
    """Whether a host is an IPv6 address in brackets, an unambiguous IPv4 address, or a name.

    RFC 3986 3.2.2 and RFC 1123 2.1.
    """
    labels = host.removesuffix(".").split(".")
    if not host.startswith("[") and not _NUMBER.fullmatch(labels[-1]):
        return len(host) <= LONGEST_HOST and all(map(_LABEL.fullmatch, labels))
    try:
        (ipaddress.IPv6Address if host.startswith("[") else ipaddress.IPv4Address)(host.strip("[]"))
    except ValueError:
        return False
    return True


def _check_private_use(scheme: str, rest: str, pointer: str, schemes: Collection[str]) -> None:
    """Check a URI with a private-use scheme, which is a reversed domain name (RFC 8252 7.1).

    RFC 8252 8.4: a scheme without a dot SHOULD be rejected.
    Many schemes start something on a device (``shortcuts``, ``ms-settings``, ``googlechromes``), and no list of them
    would be complete. So the rule says what is allowed: a reversed domain name, which shows its owner, or one of
    ``schemes`` followed by an authority, which is the form that editors use.
    """
    if "@" in rest.split("?", 1)[0]:
        raise InvalidRedirectUri("must not name a user", pointer=pointer)
    if scheme in schemes:
        if not _WITH_AUTHORITY.fullmatch(rest):
            raise InvalidRedirectUri("must name an application after ://", pointer=pointer)
    elif not _REVERSED_DOMAIN.fullmatch(scheme):
        reason = "must have a reversed domain name as its scheme, such as com.example.app"
        raise InvalidRedirectUri(reason, pointer=pointer)
    elif not _AFTER_SCHEME.fullmatch(rest):
        raise InvalidRedirectUri("must have a plain name after ://, or a path after the scheme", pointer=pointer)
