"""The IP addresses that this server connects to."""

import ipaddress

# Global unicast (RFC 4291 2.4); all forms that embed an IPv4 address are outside, or named below: mapped and compatible
# (RFC 4291 2.5.5), NAT64 (RFC 6052 2.1, RFC 8215), Teredo (RFC 4380), 6to4 (RFC 3056).
_IPV6_UNICAST = ipaddress.IPv6Network("2000::/3")
_IPV6_SPECIAL = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_IPV4_SPECIAL = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))
# The addresses that a private network assigns (RFC 1918, RFC 4193), shared ones (RFC 6598), and this machine.
_PRIVATE = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "::1/128"),
    )
)


def is_public(address: str) -> bool:
    """Whether an IP address is reachable on the internet, and not a special-purpose address (RFC 6890)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if not parsed.is_global or parsed.is_multicast or parsed.is_reserved:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _IPV4_SPECIAL)
    in_use = parsed in _IPV6_UNICAST and parsed.scope_id is None
    return in_use and not any(parsed in network for network in _IPV6_SPECIAL)


def is_public_or_private(address: str) -> bool:
    """Whether an IP address is public or one of a private network.

    Link-local addresses are neither: at one of them, AWS hands out credentials (RFC 3927, 169.254.0.0/16).
    """
    if is_public(address):
        return True
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in _PRIVATE)
