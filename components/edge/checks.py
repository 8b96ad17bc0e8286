"""What is wrong with the keys of an edge: which need another, and which no other edge takes."""

from collections.abc import Iterator, Mapping
from typing import Any

from components.config_checks import problem
from components.location import Place

CLOUDFRONT, DOMAIN, EXTERNAL, NONE = "cloudfront", "domain", "external", "none"

# The edges that take a key. Without an entry, every edge does.
TAKEN_BY: Mapping[str, tuple[str, ...]] = {
    "publicUrl": (EXTERNAL,),
    "domainName": (CLOUDFRONT, DOMAIN),
    "certificateArn": (CLOUDFRONT, DOMAIN),
    "hostedZoneId": (CLOUDFRONT, DOMAIN),
    "truststoreUri": (DOMAIN,),
    "waitForDistribution": (CLOUDFRONT,),
    "edgeKeyGeneration": (CLOUDFRONT,),
}
# What a key has where nobody set it.
UNSET = {"waitForDistribution": False, "edgeKeyGeneration": 1}
# CloudFront takes certificates of this region only.
CLOUDFRONT_REGION = "us-east-1"


def wrong_edge(values: Mapping[str, Any], place: Place) -> Iterator[str]:
    """Report keys that the configured edge does not take, and keys that it needs."""
    edge = values["edge"]
    for key, edges in TAKEN_BY.items():
        if edge not in edges and values[key] != UNSET.get(key) and not _is_local(key, values[key]):
            allowed = f"only with edge {' or '.join(edges)}, and edge is {edge}"
            yield problem(key, values[key], allowed)
    if edge == EXTERNAL and values["publicUrl"] is None:
        yield problem("publicUrl", None, "the URL of your CDN or proxy, which edge external needs")
    if edge == DOMAIN and values["domainName"] is None:
        yield problem("domainName", None, "a host name, which edge domain needs")
    if edge in TAKEN_BY["domainName"]:
        yield from _wrong_certificate(edge, values, place)


def _wrong_certificate(edge: str, values: Mapping[str, Any], place: Place) -> Iterator[str]:
    domain, certificate = values["domainName"], values["certificateArn"]
    if domain is None:
        for key in ("certificateArn", "hostedZoneId"):
            if values[key] is not None and edge == CLOUDFRONT:
                yield problem(key, values[key], "only together with domainName")
    elif certificate is None:
        yield problem("certificateArn", None, "the ARN of a certificate, which domainName needs")
    else:
        needed = CLOUDFRONT_REGION if edge == CLOUDFRONT else place.region()
        if certificate.split(":")[3] != needed:
            yield problem("certificateArn", certificate, f"a certificate in {needed}, which edge {edge} needs")


def _is_local(key: str, value: Any) -> bool:
    """Return whether this is the URL of the local stack, which may imitate every edge."""
    return key == "publicUrl" and value is not None and value.startswith("http://")
