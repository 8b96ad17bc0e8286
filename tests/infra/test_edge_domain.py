"""Tests of the edges without a distribution: a custom domain, somebody else's CDN, and the stage itself."""

import pulumi
import pytest

from tests.infra.functions import environment
from tests.infra.recorder import API_ID, REGION, REGIONAL_DOMAIN, REGIONAL_ZONE, Stack, run_program

CERTIFICATE = f"arn:aws:acm:{REGION}:123456789012:certificate/a1b2"
DOMAIN = {"edge": "domain", "domainName": "mcp.example.com", "certificateArn": CERTIFICATE}
DOMAINS = "apigateway/domainName:DomainName"
APIS = "apigateway/restApi:RestApi"
# Most tests run the program.
pytestmark = pytest.mark.slow
ONLY_CLOUDFRONT = ("Distribution", "CachePolicy", "ApiKey", "UsagePlan", "UsagePlanKey")


@pytest.fixture(scope="module")
def domain() -> Stack:
    """A stack with a custom domain and its record."""
    return run_program(DOMAIN | {"hostedZoneId": "Z0123456789ABC"})


@pytest.fixture(scope="module")
def mutual() -> Stack:
    """A stack that asks its clients for certificates, and whose record is made elsewhere."""
    return run_program(DOMAIN | {"truststoreUri": "s3://bucket/ca.pem"})


@pytest.fixture(scope="module")
def bare() -> Stack:
    """A stack without an edge."""
    return run_program({"edge": "none"})


def kinds(stack: Stack) -> set[str]:
    return {resource.type.rpartition(":")[2] for resource in stack.declared}


def test_the_root_of_the_domain_is_the_stage(domain: Stack) -> None:
    mapping = domain.one("apigateway/basePathMapping:BasePathMapping").inputs
    assert mapping == {"domainName": "mcp.example.com", "restApi": API_ID, "stageName": "dev"}
    assert domain.outputs["url"] == "https://mcp.example.com"


def test_a_custom_domain_is_regional_and_takes_tls_1_2_or_later_like_its_api(domain: Stack) -> None:
    inputs, api = domain.one(DOMAINS).inputs, domain.one(APIS).inputs
    assert inputs["endpointConfiguration"] == {"types": "REGIONAL"}
    assert inputs["regionalCertificateArn"] == CERTIFICATE
    for each in (inputs, api):
        assert each["securityPolicy"] == "SecurityPolicy_TLS13_1_2_2021_06"
        assert each["endpointAccessMode"] == "STRICT"
    assert "mutualTlsAuthentication" not in inputs


def test_only_the_custom_domain_leads_to_the_api(domain: Stack, mutual: Stack, bare: Stack) -> None:
    for stack, disabled in ((domain, True), (mutual, True), (bare, False)):
        assert stack.one(APIS).inputs["disableExecuteApiEndpoint"] is disabled


def test_the_record_of_a_custom_domain_points_to_the_region(domain: Stack, mutual: Stack) -> None:
    record = domain.one("route53/record:Record").inputs
    assert (record["zoneId"], record["name"], record["type"]) == ("Z0123456789ABC", "mcp.example.com", "A")
    assert record["aliases"] == [{"name": REGIONAL_DOMAIN, "zoneId": REGIONAL_ZONE, "evaluateTargetHealth": False}]
    assert "Record" not in kinds(mutual)
    assert mutual.outputs["edge_target"] == REGIONAL_DOMAIN


def test_mutual_tls_comes_with_the_older_policy_and_no_access_mode(mutual: Stack) -> None:
    """API Gateway, Choose a security policy: mutual TLS and a policy of the newer kind exclude each other."""
    assert mutual.one(DOMAINS).inputs["mutualTlsAuthentication"] == {"truststoreUri": "s3://bucket/ca.pem"}
    for kind in (DOMAINS, APIS):
        inputs = mutual.one(kind).inputs
        assert inputs["securityPolicy"] == "TLS_1_2"
        assert "endpointAccessMode" not in inputs


def test_the_url_of_a_bare_stage_names_the_stage_and_its_endpoint_takes_tls_1_2_or_later(bare: Stack) -> None:
    assert bare.outputs["url"] == f"https://{API_ID}.execute-api.{REGION}.amazonaws.com/dev"
    inputs = bare.one(APIS).inputs
    assert (inputs["securityPolicy"], inputs["endpointAccessMode"]) == ("SecurityPolicy_TLS13_1_2_2021_06", "STRICT")


@pytest.mark.parametrize("name", ["domain", "mutual", "bare", "custom_stack"])
def test_without_a_distribution_there_is_no_key_and_the_client_is_the_source(
    name: str, request: pytest.FixtureRequest
) -> None:
    stack = request.getfixturevalue(name)
    assert not kinds(stack) & set(ONLY_CLOUDFRONT)
    assert {method.inputs["apiKeyRequired"] for method in stack.all("apigateway/method:Method")} == {False}
    for function in ("authorizer", "login", "mcp", "oauth"):
        assert environment(stack, function)["CLIENT_ADDRESS"] == "source"


@pytest.mark.parametrize(
    ("config", "warned"),
    [({"edge": "none"}, True), (DOMAIN, False)],
    ids=str,
)
def test_a_bare_stage_warns_and_names_the_clients_that_fail(
    config: dict[str, str], warned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda message, *_: warnings.append(message))
    run_program(config)
    told = [text for text in warnings if "claude.ai" in text and "Claude Code" in text and "mcp-remote" in text]
    assert bool(told) is warned


@pytest.mark.parametrize(
    ("edge", "url"),
    [
        ("cloudfront", "http://localhost:8080"),
        ("none", "http://localhost:8080/dev"),
    ],
)
def test_the_local_stack_may_imitate_every_edge_at_its_own_url(edge: str, url: str) -> None:
    assert run_program({"edge": edge, "publicUrl": "http://localhost:8080"}).outputs["url"] == url


def test_another_edge_changes_no_resource_that_is_not_of_the_edge(stack: Stack, domain: Stack, bare: Stack) -> None:
    """A resource whose name or type changes would be replaced."""
    default, custom, none = (
        {(each.type, each.name) for each in run.declared if "-edge" not in each.name} for run in (stack, domain, bare)
    )
    assert default == custom == none
