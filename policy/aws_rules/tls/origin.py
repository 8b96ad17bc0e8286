"""How a distribution connects to its origins."""

from collections.abc import Iterator

from aws_rules.resource import Resource, find
from aws_rules.rule import Finding, Maker, Settings

OLD = ("SSLv3", "TLSv1", "TLSv1.1")


@Maker(
    name="cloudfront-origin-tls",
    kinds=["aws:cloudfront/distribution:Distribution"],
    controls=("CloudFront.9", "CloudFront.10", "AwsSolutions-CFR5"),
)
def origin_tls(distribution: Resource, settings: Settings) -> Iterator[Finding]:
    """Distributions connect to their own origins with TLS 1.2."""
    for number, origin in enumerate(distribution.items("origins")):
        place = f"origins[{number}].customOriginConfig"
        policy = find(origin, "customOriginConfig", "originProtocolPolicy")
        if policy in ("http-only", "match-viewer"):
            yield Finding(distribution, f"{place}.originProtocolPolicy", f"is {policy}", "set it to https-only")
        protocols = find(origin, "customOriginConfig", "originSslProtocols")
        old = [one for one in OLD if isinstance(protocols, list | tuple) and one in protocols]
        if old and policy != "http-only":
            yield Finding(
                distribution, f"{place}.originSslProtocols", f"has {', '.join(old)}", "leave only TLSv1.2 in it"
            )
