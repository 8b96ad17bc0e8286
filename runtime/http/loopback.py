"""The one definition of loopback: which hosts are the local machine."""

import ipaddress

# The hosts that plain http is allowed to: the addresses of RFC 8252 7.3 and the name of 8.3, literally. Resolvers and
# browsers read other loopback hosts differently.
CLEARTEXT_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
LOCALHOST = "localhost"
# Browsers also accept IPv4 addresses in octal, in hexadecimal, and with fewer than four numbers (WHATWG URL, 3.5).
_NUMBERS = frozenset("0123456789abcdefx.")


def is_loopback(host: str | None) -> bool:
    """Whether the host of a URL may be the machine that the URL is opened on. ``False`` for no host.

    RFC 6761 6.3: ``localhost`` and all names below it, with or without a trailing dot. RFC 1122 3.2.1.3 and RFC 4291
    2.5.3: the addresses in 127.0.0.0/8, and ::1. RFC 4291 2.5.2 and 2.5.5.2: the unspecified address, which systems
    connect to themselves, and IPv4-mapped IPv6 addresses. Upper case, brackets and zones make no difference.
    """
    name = (host or "").lower().removeprefix("[").removesuffix("]").removesuffix(".")
    if name == LOCALHOST or name.endswith(f".{LOCALHOST}"):
        return True
    address = _address(name.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    return address is not None and (address.is_loopback or address.is_unspecified)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return _lenient_ipv4(name)


def _lenient_ipv4(name: str) -> ipaddress.IPv4Address | None:
    # The mcp function does not need the socket module otherwise.
    from socket import inet_aton  # noqa: PLC0415

    if not name or not set(name) <= _NUMBERS:
        return None
    try:
        return ipaddress.IPv4Address(inet_aton(name))
    except OSError:
        return None
