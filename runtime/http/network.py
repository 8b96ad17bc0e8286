"""Where a request comes from, for limits and for the audit log."""

import ipaddress

# What one customer of a provider has for their own; they may take a new address of it for each request.
IPV6_NETWORK_BITS = 64


def network(address: str) -> str:
    """What counts as one source address: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    bits = IPV6_NETWORK_BITS if isinstance(parsed, ipaddress.IPv6Address) else parsed.max_prefixlen
    return str(ipaddress.ip_network((parsed, bits), strict=False))
