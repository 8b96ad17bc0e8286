"""Tests of the distribution in front of the stage, and of the key that only it sends."""

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pulumi.runtime import rpc

from runtime.routes import ROUTES
from tests.infra.functions import environment
from tests.infra.recorder import API_ID, CLOUDFRONT_ZONE, DISTRIBUTION, REGION, Stack, run_program

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/a1b2"
DISTRIBUTIONS = "cloudfront/distribution:Distribution"
KEYS = "apigateway/apiKey:ApiKey"
MEMBERS = "apigateway/usagePlanKey:UsagePlanKey"


def distribution(stack: Stack) -> Mapping[str, Any]:
    return stack.one(DISTRIBUTIONS).inputs


def origin(stack: Stack) -> dict[str, Any]:
    [found] = rpc.unwrap_rpc_secret(distribution(stack)["origins"])
    return dict(found)


def sent_key(stack: Stack) -> str:
    [header] = origin(stack)["customHeaders"]
    assert header["name"] == "x-api-key"
    return str(header["value"]).rpartition("-")[2]


def numbers(stack: Stack, kind: str) -> set[str]:
    return {resource.name.rpartition("-")[2] for resource in stack.all(kind)}


@pytest.fixture(scope="module")
def named() -> Stack:
    """A stack whose distribution has a name of its own."""
    return run_program(
        {
            "domainName": "mcp.example.com",
            "certificateArn": CERTIFICATE,
            "hostedZoneId": "Z0123456789ABC",
            "waitForDistribution": "true",
            "edgeKeyGeneration": "2",
        }
    )


def test_the_origin_is_the_stage_over_https_alone(stack: Stack) -> None:
    stage = origin(stack)
    assert stage["domainName"] == f"{API_ID}.execute-api.{REGION}.amazonaws.com"
    assert stage["originPath"] == "/dev"
    assert stage["customOriginConfig"] == {
        "httpPort": 80,
        "httpsPort": 443,
        "originProtocolPolicy": "https-only",
        "originSslProtocols": ["TLSv1.2"],
        "originReadTimeout": 60,
    }


def test_every_request_is_passed_on_whole_but_for_the_host_and_nothing_is_kept(stack: Stack) -> None:
    assert distribution(stack)["defaultCacheBehavior"] == {
        "targetOriginId": "stage",
        "viewerProtocolPolicy": "https-only",
        "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
        "cachedMethods": ["GET", "HEAD"],
        # Managed-CachingDisabled and Managed-AllViewerExceptHostHeader
        "cachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "originRequestPolicyId": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
        "compress": False,
    }


def test_only_what_is_the_same_for_everybody_is_kept_for_as_long_as_it_says(stack: Stack) -> None:
    behaviors = distribution(stack)["orderedCacheBehaviors"]
    assert {behavior["pathPattern"] for behavior in behaviors} == {route.path for route in ROUTES if route.cached}
    assert {behavior["cachePolicyId"] for behavior in behaviors} == {"remote-mcp-dev-edge-cache-id"}
    policy = stack.one("cloudfront/cachePolicy:CachePolicy").inputs
    assert (policy["minTtl"], policy["defaultTtl"], policy["maxTtl"]) == (0, 0, 31_536_000)


def test_only_the_url_decides_what_comes_from_the_cache_and_nothing_else_reaches_the_origin(stack: Stack) -> None:
    """Otherwise a request could change what others get. The query of the style sheet is its version."""
    assert all("originRequestPolicyId" not in each for each in distribution(stack)["orderedCacheBehaviors"])
    assert stack.one("cloudfront/cachePolicy:CachePolicy").inputs["parametersInCacheKeyAndForwardedToOrigin"] == {
        "cookiesConfig": {"cookieBehavior": "none"},
        "headersConfig": {"headerBehavior": "none"},
        "queryStringsConfig": {"queryStringBehavior": "all"},
        "enableAcceptEncodingBrotli": False,
        "enableAcceptEncodingGzip": False,
    }


def test_a_cached_route_takes_no_token_no_parameter_and_no_body() -> None:
    for route in ROUTES:
        if route.cached:
            assert (route.method, route.protected, route.schema, "{" in route.path) == ("GET", False, None, False)


def test_no_error_is_kept(stack: Stack) -> None:
    kept = {
        response["errorCode"]: response["errorCachingMinTtl"]
        for response in distribution(stack)["customErrorResponses"]
    }
    assert kept == dict.fromkeys([400, 403, 404, 405, 414, 500, 501, 502, 503, 504], 0)


def test_it_speaks_http_2_and_3_and_ipv6(stack: Stack) -> None:
    inputs = distribution(stack)
    assert (inputs["enabled"], inputs["httpVersion"], inputs["isIpv6Enabled"]) == (True, "http2and3", True)


def test_without_a_domain_name_the_certificate_is_the_one_of_cloudfront(stack: Stack) -> None:
    inputs = distribution(stack)
    assert inputs["viewerCertificate"] == {"cloudfrontDefaultCertificate": True}
    assert "aliases" not in inputs
    assert not list(stack.all("route53/record:Record"))
    assert stack.outputs["edge_target"] == DISTRIBUTION


def test_with_a_domain_name_it_asks_for_tls_1_2_and_has_records_for_both_kinds_of_address(named: Stack) -> None:
    inputs = distribution(named)
    assert inputs["aliases"] == ["mcp.example.com"]
    assert inputs["viewerCertificate"] == {
        "acmCertificateArn": CERTIFICATE,
        "minimumProtocolVersion": "TLSv1.2_2021",
        "sslSupportMethod": "sni-only",
    }
    alias = {"name": DISTRIBUTION, "zoneId": CLOUDFRONT_ZONE, "evaluateTargetHealth": False}
    records = [dict(record.inputs) for record in named.all("route53/record:Record")]
    assert sorted(record["type"] for record in records) == ["A", "AAAA"]
    for record in records:
        assert (record["zoneId"], record["name"], record["aliases"]) == ("Z0123456789ABC", "mcp.example.com", [alias])


def test_the_public_url_is_the_domain_name_if_there_is_one(named: Stack) -> None:
    assert named.outputs["url"] == "https://mcp.example.com"
    assert named.outputs["edge_target"] == DISTRIBUTION


def test_it_is_awaited_only_on_request(stack: Stack, named: Stack) -> None:
    assert distribution(stack)["waitForDeployment"] is False
    assert distribution(named)["waitForDeployment"] is True


def test_the_endpoint_behind_it_takes_tls_1_2_or_later(stack: Stack) -> None:
    inputs = stack.one("apigateway/restApi:RestApi").inputs
    assert (inputs["securityPolicy"], inputs["endpointAccessMode"]) == ("SecurityPolicy_TLS13_1_2_2021_06", "BASIC")
    # CloudFront connects to it.
    assert inputs["disableExecuteApiEndpoint"] is False


def test_api_gateway_makes_the_keys_and_a_plan_without_limits_admits_them_to_the_stage(stack: Stack) -> None:
    assert all("value" not in key.inputs for key in stack.all(KEYS))
    plan = stack.one("apigateway/usagePlan:UsagePlan").inputs
    assert plan["apiStages"] == [{"apiId": API_ID, "stage": "dev"}]
    assert not {"throttleSettings", "quotaSettings"} & plan.keys()
    assert numbers(stack, MEMBERS) == numbers(stack, KEYS) == {"1", "2"}
    assert sent_key(stack) == "1"


@pytest.mark.slow
def test_each_new_generation_sends_a_key_that_was_valid_before_and_ends_only_one_that_is_not_sent() -> None:
    """The distribution takes minutes to send another key, so the one that it sends now must stay valid."""
    generations = [run_program({"edgeKeyGeneration": str(number)}) for number in (1, 2, 3)]
    assert [sent_key(stack) for stack in generations] == ["1", "2", "2"]
    for before, after in itertools.pairwise(generations):
        assert sent_key(after) in numbers(before, MEMBERS)
        assert sent_key(before) in numbers(after, MEMBERS)
    assert sent_key(generations[0]) not in numbers(generations[2], KEYS)


def strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for item in value.values() for text in strings(item))
        case list() | tuple():
            yield from (text for item in value for text in strings(item))


def test_the_key_is_encrypted_in_the_state_and_is_no_output(stack: Stack) -> None:
    for kind, output in ((KEYS, "value"), (MEMBERS, "value"), (DISTRIBUTIONS, "origins")):
        assert all(stack.options_of(each).secret_outputs == {output} for each in stack.all(kind))
    assert rpc.is_rpc_secret(distribution(stack)["origins"])
    in_plain = [
        text
        for resource in stack.declared
        for inputs in resource.inputs.values()
        if not rpc.is_rpc_secret(inputs)
        for text in strings(inputs)
    ]
    assert not [text for text in [*in_plain, *strings(dict(stack.outputs))] if "value-of-" in text]


def test_the_authorizer_knows_the_hashes_of_both_keys_and_no_other_function_does(stack: Stack) -> None:
    """It runs before API Gateway checks the key, so it has to know itself who came through the distribution."""
    values = [f"value-of-{name}" for name in sorted(key.name for key in stack.all(KEYS))]
    hashes = json.dumps([hashlib.sha256(value.encode()).hexdigest() for value in values])
    assert environment(stack, "authorizer")["EDGE_KEY_HASHES"] == hashes
    for name in ("login", "mcp", "oauth", "rotation", "worker"):
        assert "EDGE_KEY_HASHES" not in environment(stack, name)


@pytest.mark.slow
def test_what_clients_know_by_its_name_is_protected() -> None:
    protected = run_program({"deletionProtection": "true"})
    assert protected.options_of(protected.one(DISTRIBUTIONS)).protect
