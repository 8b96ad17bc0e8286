"""Tests of the resources of an edge on the emulator."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pulumi.runtime import rpc

from local.aws import Aws
from local.deployment import Deployment
from local.errors import LocalError
from tests.local.conftest import Apply

Begin = Callable[[], Deployment]

API = "aws:apigateway/restApi:RestApi"
CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
DOMAIN = "aws:apigateway/domainName:DomainName"
KEY = "aws:apigateway/apiKey:ApiKey"
MAPPING = "aws:apigateway/basePathMapping:BasePathMapping"
MEMBER = "aws:apigateway/usagePlanKey:UsagePlanKey"
PLAN = "aws:apigateway/usagePlan:UsagePlan"
RECORD = "aws:route53/record:Record"


def distribution(**changes: Any) -> dict[str, Any]:
    behavior = {
        "targetOriginId": "stage",
        "viewerProtocolPolicy": "https-only",
        "allowedMethods": ["GET", "HEAD"],
        "cachedMethods": ["GET", "HEAD"],
        "cachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "compress": False,
    }
    origin = {
        "originId": "stage",
        "domainName": "api.example.com",
        "originPath": "/dev",
        "customOriginConfig": {
            "httpPort": 80,
            "httpsPort": 443,
            "originProtocolPolicy": "https-only",
            "originSslProtocols": ["TLSv1.2"],
            "originReadTimeout": 60,
        },
        "customHeaders": [{"name": "x-api-key", "value": "secret-of-the-edge-0123"}],
    }
    return {
        "enabled": True,
        "comment": "edge",
        "isIpv6Enabled": True,
        "httpVersion": "http2and3",
        "origins": rpc.wrap_rpc_secret([origin]),
        "defaultCacheBehavior": behavior,
        "orderedCacheBehaviors": [behavior | {"pathPattern": "/style.css"}],
        "customErrorResponses": [{"errorCode": 404, "errorCachingMinTtl": 0}],
        "viewerCertificate": {"cloudfrontDefaultCertificate": True},
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "waitForDeployment": False,
        **changes,
    }


def test_a_distribution_has_the_domain_name_that_the_emulator_gives_it(deploy: Begin, apply: Apply, aws: Aws) -> None:
    identifier, outputs = apply(deploy(), DISTRIBUTION, "edge", **distribution())
    assert outputs["domainName"].endswith(".cloudfront.net")
    config = aws.client("cloudfront").get_distribution_config(Id=identifier)["DistributionConfig"]
    [origin] = config["Origins"]["Items"]
    assert origin["OriginPath"] == "/dev"
    assert origin["CustomOriginConfig"]["OriginReadTimeout"] == 60
    assert origin["CustomHeaders"]["Items"] == [{"HeaderName": "x-api-key", "HeaderValue": "secret-of-the-edge-0123"}]
    assert config["CacheBehaviors"]["Items"][0]["PathPattern"] == "/style.css"
    assert config["CustomErrorResponses"]["Items"] == [{"ErrorCode": 404, "ErrorCachingMinTTL": 0}]


def test_a_distribution_is_changed_in_place_and_disabled_before_it_is_deleted(
    deploy: Begin, apply: Apply, aws: Aws
) -> None:
    identifier, outputs = apply(deploy(), DISTRIBUTION, "edge", **distribution(tags={"team": "a", "old": "x"}))
    changed = distribution(comment="other", tags={"team": "b"})
    assert apply(deploy(), DISTRIBUTION, "edge", **changed)[0] == identifier
    client = aws.client("cloudfront")
    assert client.list_tags_for_resource(Resource=outputs["arn"])["Tags"]["Items"] == [{"Key": "team", "Value": "b"}]
    assert client.get_distribution_config(Id=identifier)["DistributionConfig"]["Comment"] == "other"
    deploy().prune()
    with pytest.raises(ClientError, match="NoSuchDistribution"):
        client.get_distribution(Id=identifier)


def test_an_input_of_a_distribution_that_is_not_supported_is_named(deploy: Begin, apply: Apply) -> None:
    with pytest.raises(LocalError, match="the local stack does not support the input staging"):
        apply(deploy(), DISTRIBUTION, "edge", **distribution(staging=True))


def test_a_cache_policy_is_changed_in_place_and_deleted(deploy: Begin, apply: Apply, aws: Aws) -> None:
    def policy(longest: int) -> dict[str, Any]:
        return {
            "minTtl": 0,
            "defaultTtl": 0,
            "maxTtl": longest,
            "parametersInCacheKeyAndForwardedToOrigin": {
                "cookiesConfig": {"cookieBehavior": "none"},
                "headersConfig": {"headerBehavior": "none"},
                "queryStringsConfig": {"queryStringBehavior": "none"},
                "enableAcceptEncodingBrotli": False,
                "enableAcceptEncodingGzip": False,
            },
        }

    identifier, _ = apply(deploy(), CACHE_POLICY, "edge-cache", **policy(60))
    assert apply(deploy(), CACHE_POLICY, "edge-cache", **policy(3600))[0] == identifier
    client = aws.client("cloudfront")
    assert client.get_cache_policy(Id=identifier)["CachePolicy"]["CachePolicyConfig"]["MaxTTL"] == 3600
    deploy().prune()
    with pytest.raises(ClientError, match="NoSuchCachePolicy"):
        client.get_cache_policy(Id=identifier)


def test_a_key_gets_a_value_from_api_gateway_and_belongs_to_a_plan(deploy: Begin, apply: Apply, aws: Aws) -> None:
    run = deploy()
    api, _ = apply(run, API, "api")
    key, outputs = apply(run, KEY, "key", description="first", tags={"team": "a"})
    assert len(outputs["value"]) >= 20
    plan, _ = apply(run, PLAN, "plan", apiStages=[{"apiId": api, "stage": "dev"}], tags={"team": "a"})
    apply(run, MEMBER, "member", usagePlanId=plan, keyId=key, keyType="API_KEY")
    client = aws.client("apigateway")
    assert [item["id"] for item in client.get_usage_plan_keys(usagePlanId=plan)["items"]] == [key]
    changed, after = apply(deploy(), KEY, "key", description="second", tags={"team": "b"})
    assert (changed, after["value"]) == (key, outputs["value"])
    deploy().prune()
    # Tests of other files have keys and plans on this emulator, too.
    assert key not in {item["id"] for item in client.get_api_keys()["items"]}
    assert plan not in {item["id"] for item in client.get_usage_plans()["items"]}


def test_a_domain_leads_to_a_stage_and_has_a_record(deploy: Begin, apply: Apply, aws: Aws) -> None:
    zone = aws.client("route53").create_hosted_zone(Name="example.com", CallerReference="zone")["HostedZone"]["Id"]
    zone_id = zone.rpartition("/")[2]
    run = deploy()
    api, _ = apply(run, API, "api", securityPolicy="SecurityPolicy_TLS13_1_2_2021_06", endpointAccessMode="STRICT")
    _, domain = apply(
        run,
        DOMAIN,
        "domain",
        domainName="mcp.example.com",
        regionalCertificateArn="arn:aws:acm:eu-central-1:000000000000:certificate/a",
        endpointConfiguration={"types": "REGIONAL"},
        securityPolicy="TLS_1_2",
        mutualTlsAuthentication={"truststoreUri": "s3://bucket/ca.pem"},
    )
    apply(run, MAPPING, "mapping", domainName="mcp.example.com", restApi=api, stageName="dev")
    alias = {
        "name": domain["regionalDomainName"],
        "zoneId": domain["regionalZoneId"],
        "evaluateTargetHealth": False,
    }
    apply(run, RECORD, "record", zoneId=zone_id, name="mcp.example.com", type="A", aliases=[alias])
    client = aws.client("apigateway")
    [mapping] = client.get_base_path_mappings(domainName="mcp.example.com")["items"]
    assert (mapping["restApiId"], mapping["stage"]) == (api, "dev")
    records = aws.client("route53").list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
    [record] = [record for record in records if record["Type"] == "A"]
    assert record["AliasTarget"]["DNSName"].rstrip(".") == domain["regionalDomainName"]
    deploy().prune()
    left = aws.client("route53").list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
    assert [record for record in left if record["Type"] == "A"] == []
