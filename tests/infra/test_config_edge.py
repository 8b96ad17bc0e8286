"""Tests of the keys of an edge: which edge takes which, and what it needs."""

import pytest

from tests.infra import recorder
from tests.infra.configuration import load, refusal

REGIONAL = "arn:aws:acm:eu-central-1:123456789012:certificate/a1b2"
GLOBAL = "arn:aws:acm:us-east-1:123456789012:certificate/a1b2"
DOMAIN = {"edge": "domain", "domainName": "mcp.example.com", "certificateArn": REGIONAL}
CLOUDFRONT = {"edge": "cloudfront", "domainName": "mcp.example.com", "certificateArn": GLOBAL}
EXTERNAL = {"edge": "external", "publicUrl": "https://mcp.example.com"}
NONE = {"edge": "none"}
ZONE = {"hostedZoneId": "Z0123456789ABC"}
TRUST = {"truststoreUri": "s3://bucket/ca.pem"}


@pytest.mark.parametrize(
    ("partition", "edge"), [("aws", "cloudfront"), ("aws-cn", "none"), ("aws-us-gov", "none"), ("aws-iso", "none")]
)
def test_the_edge_is_cloudfront_where_the_partition_has_it(
    partition: str, edge: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = {"partition": partition, "dnsSuffix": "example"}
    monkeypatch.setitem(recorder.INVOKES, "aws:index/getPartition:getPartition", answer)
    assert load().edge == edge


@pytest.mark.parametrize(
    "config",
    [
        {"edge": "cloudfront"},
        {"edge": "cloudfront", "waitForDistribution": "true", "edgeKeyGeneration": "3"},
        CLOUDFRONT,
        CLOUDFRONT | ZONE,
        DOMAIN,
        DOMAIN | ZONE | TRUST,
        EXTERNAL,
        NONE,
        {"edge": "external", "publicUrl": "http://localhost:8080"},
        {"edge": "cloudfront", "publicUrl": "http://localhost:8080"},
        {"edge": "none", "publicUrl": "http://localhost:8080"},
    ],
    ids=str,
)
def test_an_edge_takes_the_keys_it_uses(config: dict[str, str]) -> None:
    assert load(config).edge == config["edge"]


@pytest.mark.parametrize(
    ("config", "key", "allowed"),
    [
        ({"publicUrl": "https://mcp.example.com"}, "publicUrl", "only with edge external, and edge is cloudfront"),
        (CLOUDFRONT | {"publicUrl": "https://mcp.example.com"}, "publicUrl", "only with edge external"),
        (DOMAIN | {"publicUrl": "https://mcp.example.com"}, "publicUrl", "only with edge external"),
        (NONE | {"publicUrl": "https://mcp.example.com"}, "publicUrl", "only with edge external"),
        ({"edge": "external"}, "publicUrl", "which edge external needs"),
        (EXTERNAL | {"domainName": "mcp.example.com"}, "domainName", "only with edge cloudfront or domain"),
        (NONE | {"domainName": "mcp.example.com"}, "domainName", "only with edge cloudfront or domain"),
        ({"edge": "domain", "certificateArn": REGIONAL}, "domainName", "which edge domain needs"),
        ({"edge": "domain", "domainName": "mcp.example.com"}, "certificateArn", "which domainName needs"),
        ({"domainName": "mcp.example.com"}, "certificateArn", "which domainName needs"),
        (CLOUDFRONT | {"certificateArn": REGIONAL}, "certificateArn", "in us-east-1, which edge cloudfront needs"),
        (DOMAIN | {"certificateArn": GLOBAL}, "certificateArn", "in eu-central-1, which edge domain needs"),
        ({"certificateArn": GLOBAL}, "certificateArn", "only together with domainName"),
        (EXTERNAL | {"certificateArn": GLOBAL}, "certificateArn", "only with edge cloudfront or domain"),
        (NONE | {"certificateArn": GLOBAL}, "certificateArn", "only with edge cloudfront or domain"),
        (ZONE, "hostedZoneId", "only together with domainName"),
        (EXTERNAL | ZONE, "hostedZoneId", "only with edge cloudfront or domain"),
        (NONE | ZONE, "hostedZoneId", "only with edge cloudfront or domain"),
        (TRUST, "truststoreUri", "only with edge domain, and edge is cloudfront"),
        (EXTERNAL | TRUST, "truststoreUri", "only with edge domain"),
        (NONE | TRUST, "truststoreUri", "only with edge domain"),
        (DOMAIN | {"waitForDistribution": "true"}, "waitForDistribution", "only with edge cloudfront"),
        (EXTERNAL | {"waitForDistribution": "true"}, "waitForDistribution", "only with edge cloudfront"),
        (NONE | {"waitForDistribution": "true"}, "waitForDistribution", "only with edge cloudfront"),
        (DOMAIN | {"edgeKeyGeneration": "2"}, "edgeKeyGeneration", "only with edge cloudfront"),
        (EXTERNAL | {"edgeKeyGeneration": "2"}, "edgeKeyGeneration", "only with edge cloudfront"),
        (NONE | {"edgeKeyGeneration": "2"}, "edgeKeyGeneration", "only with edge cloudfront"),
    ],
    ids=str,
)
def test_a_key_that_the_edge_does_not_take_or_lacks_is_named(config: dict[str, str], key: str, allowed: str) -> None:
    message = refusal(config)
    [told] = [line for line in message.splitlines() if "; allowed: " in line]
    assert told.strip().startswith(f"{key} is ")
    assert allowed in told
