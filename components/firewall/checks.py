"""What is wrong with the keys of the firewall: which edge takes which, and what they need."""

from collections.abc import Iterator, Mapping
from typing import Any

from components.config_checks import problem
from components.edge.checks import CLOUDFRONT, CLOUDFRONT_REGION, EXTERNAL
from components.firewall.addresses import fit_into_policy, wrong_networks
from components.location import Place

NONE, CREATE = "none", "create"


def wrong_firewall(values: Mapping[str, Any], place: Place) -> Iterator[str]:
    """Report a firewall that the edge does not take, and networks that cannot be enforced."""
    edge, firewall, networks = values["edge"], values["firewall"], values["allowedCidrs"]
    yield from wrong_networks("allowedCidrs", networks)
    if firewall == CREATE and edge == EXTERNAL:
        allowed = "none or the ARN of a web ACL; behind your CDN it would take the addresses of the CDN for clients"
        yield problem("firewall", firewall, f"{allowed}, so put the firewall into your CDN")
    if firewall not in (NONE, CREATE):
        yield from _wrong_web_acl(edge, firewall, place)
    if not networks:
        return
    if edge != CLOUDFRONT and not fit_into_policy(networks):
        yield problem("allowedCidrs", networks, f"fewer networks: edge {edge} has them in a policy of 8,192 bytes")
    if edge == CLOUDFRONT and firewall not in (NONE, CREATE):
        allowed = "only with firewall none or create; put the networks into the web ACL that firewall names"
        yield problem("allowedCidrs", networks, allowed)


def _wrong_web_acl(edge: str, arn: str, place: Place) -> Iterator[str]:
    there, scope = arn.split(":")[3], arn.split(":")[5].partition("/")[0]
    if edge == CLOUDFRONT and (there, scope) != (CLOUDFRONT_REGION, "global"):
        yield problem("firewall", arn, f"a web ACL of scope CLOUDFRONT in {CLOUDFRONT_REGION}, for edge {edge}")
    if edge != CLOUDFRONT and (there, scope) != (place.region(), "regional"):
        yield problem("firewall", arn, f"a web ACL of scope REGIONAL in {place.region()}, for edge {edge}")
