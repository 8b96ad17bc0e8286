"""How browsers and clients connect to a distribution."""

from collections.abc import Iterator

from aws_rules.resource import Resource, find
from aws_rules.rule import Finding, Maker, Setting, Settings

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
# CloudFront Developer Guide, supported protocols between viewers and CloudFront.
OLD = ("SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016")
OWN = Setting({"type": "boolean"}, False, "whether every distribution must have a certificate of its own")


@Maker(
    name="cloudfront-viewer-tls",
    kinds=[DISTRIBUTION],
    controls=("CloudFront.7", "CloudFront.15", "AwsSolutions-CFR4"),
    settings={"ownCertificate": OWN},
)
def viewer_tls(distribution: Resource, settings: Settings) -> Iterator[Finding]:
    """Distributions with a certificate of their own take TLS 1.2 or later."""
    place = "viewerCertificate"
    if distribution.value(place, "cloudfrontDefaultCertificate") is True:
        # CloudFront decides then, and takes TLS 1.0.
        if settings["ownCertificate"]:
            yield Finding(
                distribution,
                f"{place}.cloudfrontDefaultCertificate",
                "is true, so CloudFront takes TLS 1.0 and later",
                "set a domain name, acmCertificateArn and minimumProtocolVersion",
            )
        return
    version = distribution.value(place, "minimumProtocolVersion")
    if distribution.value(place) is not None and (version is None or version in OLD):
        yield Finding(
            distribution,
            f"{place}.minimumProtocolVersion",
            f"is {version or 'not set, which means TLSv1'}",
            "set it to TLSv1.2_2021 or later",
        )


@Maker(name="cloudfront-viewer-https", kinds=[DISTRIBUTION], controls=("CloudFront.3",))
def viewer_https(distribution: Resource, settings: Settings) -> Iterator[Finding]:
    """Distributions serve over HTTPS alone, or redirect to it."""
    behaviors = [("defaultCacheBehavior", distribution.value("defaultCacheBehavior"))]
    behaviors += [
        (f"orderedCacheBehaviors[{number}]", behavior)
        for number, behavior in enumerate(distribution.items("orderedCacheBehaviors"))
    ]
    for place, behavior in behaviors:
        if find(behavior, "viewerProtocolPolicy") == "allow-all":
            yield Finding(
                distribution,
                f"{place}.viewerProtocolPolicy",
                "is allow-all, so requests and answers can travel in plain text",
                "set it to https-only or redirect-to-https",
            )
