"""The network that a request comes from, for rate limits and the audit log."""

import functools
import ipaddress

# One customer of an internet provider has a whole /64, and can use a new address of it for each request.
IPV6_NETWORK_BITS = 64
REMEMBERED = 1024


# A client calls again and again.
@functools.lru_cache(REMEMBERED)
def network(address: str) -> str:
    """Return the network of an address: an IPv4 address itself, or the /64 network of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    bits = IPV6_NETWORK_BITS if isinstance(parsed, ipaddress.IPv6Address) else parsed.max_prefixlen
    return str(ipaddress.ip_network((parsed, bits), strict=False))
