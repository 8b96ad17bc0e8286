"""Networks in CIDR notation: which ones are valid, and how they are named."""

import ipaddress
from collections.abc import Iterable, Iterator

from components.config_checks import problem

# The longest policy that API Gateway takes.
POLICY_BYTES = 8192
# What such a policy takes without its networks, which it names once, in quotes and with a comma.
AROUND_NETWORKS = 1024


def wrong_networks(key: str, networks: Iterable[str]) -> Iterator[str]:
    """Report networks that are not in canonical form, and those that leave nobody out."""
    for text in networks:
        if allowed := _find_fault(text):
            yield problem(key, text, allowed)


def of_version(networks: Iterable[str], version: int) -> list[str]:
    """Return the networks of IPv4 or of IPv6."""
    return [text for text in networks if ipaddress.ip_network(text).version == version]


def fit_into_policy(networks: Iterable[str]) -> bool:
    """Return whether a resource policy has room for the networks."""
    return sum(len(f'"{text}", ') for text in networks) <= POLICY_BYTES - AROUND_NETWORKS


def _find_fault(text: str) -> str | None:
    """Return what is allowed instead of a network, or ``None`` if it is in order."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return "a network in CIDR notation, such as 192.0.2.0/24 or 2001:db8::/32"
    if network.prefixlen == 0:
        return "a network that leaves somebody out; for everybody, leave allowedCidrs empty"
    if str(network) != text:
        return f"the same network in canonical form: {network}"
    return None
