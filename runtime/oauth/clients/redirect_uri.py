"""Which redirect URIs a client may register, and which of them a request asks for."""

import ipaddress
import re
from collections.abc import Collection
from typing import NamedTuple, Self

from runtime.http.loopback import CLEARTEXT_HOSTS, is_loopback
from runtime.oauth.errors import InvalidRedirectUri

LARGEST_PORT = 65_535
LONGEST_HOST = 253
# What ``urlsplit`` forgives, a browser may read in another way; so a URI is one of these forms or none. Scheme and
# host are in lower case, because a URI is matched as it is written.
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_WEB = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?((?:[/?].*)?)")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# How a browser may read a host as an IPv4 address: its last label is a number, also in octal or in hexadecimal.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# RFC 8252 7.1: a domain name turned round, so a top-level domain comes first.
_REVERSED_DOMAIN = re.compile(r"(?:[a-z]{2,}|xn--[a-z0-9-]+)(?:\.[a-z0-9-]+)+")
_AFTER_SCHEME = re.compile(r"(?://[A-Za-z0-9._~-]*(?::[0-9]{1,5})?(?:[/?].*)?|(?!//).*)")
_AUTHORITY = re.compile(r"//([^/?#]*)")
_WITH_AUTHORITY = re.compile(r"//[A-Za-z0-9._~-]+(?:[/?].*)?")
# RFC 3986 2: what is in no URI. A wildcard is in many, but whoever registers one hopes that it matches more.
_NEVER = frozenset('\\"<>^`{|}*')


class WebUri(NamedTuple):
    """An http or https URI of this exact form. ``host`` may be in brackets; ``rest`` is all that follows the port."""

    scheme: str
    host: str
    port: int | None
    rest: str

    @classmethod
    def parse(cls, uri: str) -> Self | None:
        """The parts of a URI, ``None`` for one that two programs could read in two ways."""
        match = _WEB.fullmatch(uri)
        if match is None or int(match[3] or 0) > LARGEST_PORT or not _is_host(match[2]):
            return None
        return cls(match[1], match[2], int(match[3]) if match[3] else None, match[4])

    @property
    def is_cleartext_loopback(self) -> bool:
        """Whether it is the loopback redirect of RFC 8252 7.3, or of 8.3 by name: http, and its port may be any."""
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
    """Whether a request asks for a registered redirect URI: the very same string, but for the port of loopback."""
    return without_loopback_port(asked) == without_loopback_port(registered)


def without_loopback_port(uri: str) -> str:
    """A redirect URI as it is compared: without its port where it is http on loopback, else as it is written.

    RFC 8252 7.3: "The authorization server MUST allow any port to be specified at the time of the request for loopback
    IP redirect URIs". So too for ``localhost``, which widely used clients register without a port: RFC 9700 2.1 asks
    for "exact string matching except for port numbers in localhost redirection URIs of native apps".
    """
    web = WebUri.parse(uri)
    return f"{web.scheme}://{web.host}{web.rest}" if web and web.is_cleartext_loopback else uri


def scheme_and_authority(uri: str) -> tuple[str, str | None]:
    """The scheme of a URI and its authority (RFC 3986 3.2), ``None`` where there is no ``//``.

    Each is as it is written, whatever that is: no parser that knows better refuses or changes it.
    """
    scheme, _, rest = uri.partition(":")
    authority = _AUTHORITY.match(rest)
    return scheme, authority[1] if authority else None


def is_claimed_https(uri: str) -> bool:
    """Whether a redirect URI leads to whoever owns its host (RFC 8252 7.2, 8.6): https, and not on loopback."""
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
    """RFC 3986 3.2.2: an IPv6 address in brackets, or a name (RFC 1123 2.1) or IPv4 address that is read in one way."""
    labels = host.removesuffix(".").split(".")
    if not host.startswith("[") and not _NUMBER.fullmatch(labels[-1]):
        return len(host) <= LONGEST_HOST and all(map(_LABEL.fullmatch, labels))
    try:
        (ipaddress.IPv6Address if host.startswith("[") else ipaddress.IPv4Address)(host.strip("[]"))
    except ValueError:
        return False
    return True


def _check_private_use(scheme: str, rest: str, pointer: str, schemes: Collection[str]) -> None:
    """RFC 8252 7.1: schemes are domain names turned round. 8.4: one without a dot SHOULD be rejected.

    Whatever starts something on a device has a scheme (``shortcuts``, ``ms-settings``, ``googlechromes``), and no list
    of these would be complete. So the rule names what is let in: a domain name turned round, which says whose it is,
    or one of ``schemes`` with an authority after it, as the editors have it that use them.
    """
    if "@" in rest.split("?", 1)[0]:
        raise InvalidRedirectUri("must not name a user", pointer=pointer)
    if scheme in schemes:
        if not _WITH_AUTHORITY.fullmatch(rest):
            raise InvalidRedirectUri("must name an application after ://", pointer=pointer)
    elif not _REVERSED_DOMAIN.fullmatch(scheme):
        reason = "must have a scheme that is a domain name turned round, such as com.example.app"
        raise InvalidRedirectUri(reason, pointer=pointer)
    elif not _AFTER_SCHEME.fullmatch(rest):
        raise InvalidRedirectUri("must have a plain name after ://, or a path after the scheme", pointer=pointer)
