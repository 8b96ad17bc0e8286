"""Tests of who may connect at all."""

import json
from typing import Any

import pytest

from components.firewall.addresses import fit_into_policy
from tests.infra.configuration import load, refusal
from tests.infra.firewall.evaluator import evaluate
from tests.infra.firewall.groups import HttpRequest
from tests.infra.firewall.test_acl import GLOBAL, REGIONAL
from tests.infra.functions import environment
from tests.infra.recorder import API_ID, Stack, run_program

POLICIES = "apigateway/restApiPolicy:RestApiPolicy"
EXTERNAL = {"edge": "external", "publicUrl": "https://mcp.example.com"}


@pytest.mark.parametrize("address", ["192.0.2.200", "2001:db8:1::5"])
def test_a_client_of_an_admitted_network_passes(address: str, admitting: Stack) -> None:
    assert evaluate(admitting, HttpRequest("POST", "/mcp", address=address)).rule is None


@pytest.mark.parametrize("address", ["192.0.3.1", "2001:db9::5"])
@pytest.mark.parametrize("path", ["/mcp", "/.well-known/oauth-protected-resource/mcp", "/authorize", "/nowhere"])
def test_everybody_else_gets_403_without_a_challenge_at_every_path(path: str, address: str, admitting: Stack) -> None:
    verdict = evaluate(admitting, HttpRequest("GET", path, address=address))
    assert (verdict.rule, verdict.status) == ("networks", 403)
    assert verdict.body is not None
    assert verdict.body["error"] == "access_denied"
    assert verdict.headers is not None
    assert "WWW-Authenticate" not in verdict.headers


@pytest.mark.slow
def test_networks_of_one_version_of_ip_leave_the_other_out() -> None:
    only_four = run_program({"allowedCidrs": '["192.0.2.0/24"]'})
    assert evaluate(only_four, HttpRequest("GET", "/", address="2001:db8::1")).rule == "networks"
    assert len(list(only_four.all("wafv2/ipSet:IpSet"))) == 1


def statements(stack: Stack) -> list[dict[str, Any]]:
    return list(json.loads(stack.one(POLICIES).inputs["policy"])["Statement"])


def test_without_a_distribution_the_policy_of_the_api_allows_and_refuses_the_others(bare: Stack) -> None:
    """Where there is no authorizer, it needs the Allow. Before the authorizer, only a Deny counts."""
    everything = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": f"arn:aws:execute-api:::{API_ID}/*"}
    outside = {"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "2001:db8::/32"]}}
    assert statements(bare) == [
        {"Effect": "Allow", **everything},
        {"Effect": "Deny", **everything, "Condition": outside},
    ]
    assert not list(bare.all("wafv2/ipSet:IpSet"))


def test_the_policy_is_there_only_for_networks_and_without_a_distribution(stack: Stack, admitting: Stack) -> None:
    assert not [*stack.all(POLICIES), *admitting.all(POLICIES)]


def responses(stack: Stack) -> dict[str, dict[str, Any]]:
    return {
        resource.inputs["responseType"]: dict(resource.inputs) for resource in stack.all("apigateway/response:Response")
    }


def test_what_the_policy_refuses_is_a_403_without_a_challenge(bare: Stack) -> None:
    refused = responses(bare)["ACCESS_DENIED"]
    assert refused["statusCode"] == "403"
    assert "gatewayresponse.header.WWW-Authenticate" not in refused["responseParameters"]
    assert json.loads(refused["responseTemplates"]["application/json"])["error"] == "access_denied"


def test_where_a_refusal_has_the_type_of_a_deny_the_authorizer_raises_instead(
    stack: Stack, admitting: Stack, bare: Stack
) -> None:
    assert environment(bare, "authorizer")["DENIAL"] == "exception"
    assert {environment(each, "authorizer")["DENIAL"] for each in (stack, admitting)} == {"policy"}
    assert responses(admitting)["ACCESS_DENIED"]["statusCode"] == "401"


@pytest.mark.slow
def test_changed_networks_deploy_again(bare: Stack) -> None:
    """API Gateway: a policy takes effect with the next deployment."""

    def deployed(stack: Stack) -> str:
        return str(stack.one("apigateway/deployment:Deployment").inputs["triggers"]["sha256"])

    other = run_program({"edge": "none", "firewall": "create", "allowedCidrs": '["192.0.2.0/25"]'})
    same = run_program({"edge": "none", "allowedCidrs": '["192.0.2.0/24", "2001:db8::/32"]'})
    assert deployed(other) != deployed(bare) == deployed(same)


@pytest.mark.parametrize(
    ("networks", "allowed"),
    [
        (["192.0.2.1"], "the same network in canonical form: 192.0.2.1/32"),
        (["192.0.2.1/24"], "the same network in canonical form: 192.0.2.0/24"),
        (["2001:DB8::/32"], "the same network in canonical form: 2001:db8::/32"),
        (["0.0.0.0/0"], "for everybody, leave allowedCidrs empty"),
        (["::/0"], "for everybody, leave allowedCidrs empty"),
        (["example.com"], "a network in CIDR notation, such as 192.0.2.0/24"),
        (["192.0.2.0/33"], "a network in CIDR notation"),
        (["010.0.0.0/8"], "a network in CIDR notation"),
        ([" 192.0.2.0/24"], "a network in CIDR notation"),
    ],
)
def test_a_network_that_is_not_one_is_refused_with_what_it_should_be(networks: list[str], allowed: str) -> None:
    message = refusal({"allowedCidrs": json.dumps(networks)})
    assert f"allowedCidrs is {json.dumps(networks[0])}; allowed: " in message
    assert allowed in message


MANY = [f"10.0.{number}.0/24" for number in range(256)] + [f"10.1.{number}.0/24" for number in range(256)]


@pytest.mark.parametrize(
    ("config", "key", "allowed"),
    [
        (EXTERNAL | {"firewall": "create"}, "firewall", "so put the firewall into your CDN"),
        ({"firewall": REGIONAL}, "firewall", "a web ACL of scope CLOUDFRONT in us-east-1, for edge cloudfront"),
        ({"edge": "none", "firewall": GLOBAL}, "firewall", "a web ACL of scope REGIONAL in eu-central-1"),
        (EXTERNAL | {"firewall": GLOBAL}, "firewall", "a web ACL of scope REGIONAL in eu-central-1"),
        (
            {"edge": "none", "firewall": REGIONAL.replace("eu-central-1", "eu-west-1")},
            "firewall",
            "a web ACL of scope REGIONAL in eu-central-1",
        ),
        ({"firewall": "true"}, "firewall", "The AWS WAF web ACL in front of the server"),
        ({"firewall": "arn:aws:waf::123456789012:webacl/x"}, "firewall", "The AWS WAF web ACL"),
        (
            {"firewall": GLOBAL, "allowedCidrs": '["192.0.2.0/24"]'},
            "allowedCidrs",
            "put the networks into the web ACL that firewall names",
        ),
        ({"edge": "none", "allowedCidrs": json.dumps(MANY)}, "allowedCidrs", "fewer networks"),
        ({"allowedCidrs": "192.0.2.0/24"}, "allowedCidrs", "The networks from which clients may connect"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_combination_that_cannot_be_is_refused_with_what_to_do(
    config: dict[str, str], key: str, allowed: str
) -> None:
    message = refusal(config)
    assert f"{key} is " in message
    assert allowed in message


@pytest.mark.parametrize(
    "config",
    [
        {"firewall": "none"},
        {"firewall": "create"},
        {"firewall": GLOBAL},
        {"edge": "none", "firewall": REGIONAL, "allowedCidrs": '["192.0.2.0/24"]'},
        EXTERNAL | {"firewall": REGIONAL, "allowedCidrs": '["192.0.2.0/24"]'},
        {"allowedCidrs": json.dumps(MANY)},
    ],
    ids=lambda value: str(value)[:60],
)
def test_the_combinations_that_there_are(config: dict[str, str]) -> None:
    assert load(config).firewall == config.get("firewall", "none")


def test_a_policy_that_fits_is_one_that_api_gateway_takes(bare: Stack) -> None:
    fitting = [network for number, network in enumerate(MANY) if fit_into_policy(MANY[: number + 1])]
    around = len(bare.one(POLICIES).inputs["policy"]) - len('"192.0.2.0/24", "2001:db8::/32"')
    # The ARN of a real API has a region and an account.
    longest = around + 2 * len("ap-southeast-1:123456789012") + len(json.dumps(fitting))
    assert len(fitting) > 300
    assert longest <= 8192


ERRORS = "monitoring-authorizer-errors"


def test_an_alarm_on_the_authorizer_does_not_ring_for_denials_that_are_exceptions(stack: Stack, bare: Stack) -> None:
    queries = bare.one("cloudwatch/metricAlarm:MetricAlarm", ERRORS).inputs["metricQueries"]
    watched = {query["id"]: query.get("expression") or query["metric"]["metricName"] for query in queries}
    assert watched == {
        "errors": "Errors",
        "intended": "remote-mcp-dev-monitoring-authorizer-denials",
        "result": "errors - intended",
    }
    assert stack.one("cloudwatch/metricAlarm:MetricAlarm", ERRORS).inputs["metricName"] == "Errors"
