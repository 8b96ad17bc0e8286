"""The URLs from which this server fetches documents of clients."""

import re
from typing import NamedTuple, Self

from runtime.http.loopback import is_loopback

HTTPS_PORT = 443
LONGEST_URL = 2048
# A whole URL by RFC 3986 that no two parsers read in different ways: no user, no fragment, no backslash, no bracket,
# no character outside ASCII.
_URL = re.compile(
    r"https://(?P<host>[A-Za-z0-9.-]{1,253})(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<target>(?:/[A-Za-z0-9._~!$&'()*+,;=:@/%-]*)?(?:\?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?)"
)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# A resolver may read a host as an IPv4 address if its last label is a number, also in octal or hexadecimal.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class RemoteUrl(NamedTuple):
    """An https URL whose host is a domain name. ``target`` is its path and query, as a request line has them."""

    host: str
    port: int
    target: str

    @classmethod
    def parse(cls, url: str) -> Self | None:
        """Return the parts of a URL, ``None`` if it has another scheme, an IP address as its host, or a user."""
        match = _URL.fullmatch(url)
        if match is None or len(url) > LONGEST_URL:
            return None
        host = match["host"].lower()
        port = int(match["port"] or HTTPS_PORT)
        if not _is_domain_name(host) or not 0 < port < 1 << 16:
            return None
        target = match["target"]
        return cls(host, port, target if target.startswith("/") else f"/{target}")

    @property
    def authority(self) -> str:
        """The value of the ``Host`` header (RFC 9110 7.2)."""
        return self.host if self.port == HTTPS_PORT else f"{self.host}:{self.port}"


def _is_domain_name(host: str) -> bool:
    """Whether a host is a domain name with a dot (RFC 1123 2.1).

    A single label depends on the network, and loopback names point back at this server.
    """
    labels = host.split(".")
    if is_loopback(host):
        return False
    return len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not _NUMBER.fullmatch(labels[-1])
