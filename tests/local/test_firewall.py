"""Tests of the firewall on the emulator, which keeps it as records."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws import Aws
from local.deployment import Deployment
from local.resources.kind import whole_numbers
from local.resources.wafv2 import identity
from tests.infra.recorder import run_program
from tests.local.conftest import Apply

Begin = Callable[[], Deployment]

ACL = "aws:wafv2/webAcl:WebAcl"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
API = "aws:apigateway/restApi:RestApi"
API_POLICY = "aws:apigateway/restApiPolicy:RestApiPolicy"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
IP_SET = "aws:wafv2/ipSet:IpSet"
LOG_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
# The emulator of these tests is in another region.
AT_EDGE = {"region": "us-east-1", "scope": "CLOUDFRONT"}


@pytest.fixture(scope="module")
def declared() -> dict[str, Any]:
    """The inputs of the web ACL that the program declares."""
    inputs = run_program({"firewall": "create"}).one("wafv2/webAcl:WebAcl").inputs
    return {key: whole_numbers(value) for key, value in inputs.items() if key != "tags"}


def find_acl(aws: Aws, arn: str, inputs: dict[str, Any]) -> dict[str, Any]:
    region, parameters = identity(arn, inputs)
    return dict(aws.client("wafv2", region).get_web_acl(**parameters)["WebACL"])


def test_the_declared_web_acl_is_one_whose_every_member_boto3_knows(
    deploy: Begin, apply: Apply, aws: Aws, declared: dict[str, Any]
) -> None:
    """boto3 has AWS's own description of the API, and refuses what is not in it."""
    _, outputs = apply(deploy(), ACL, "acl", **declared, tags={"team": "a"})
    acl = find_acl(aws, outputs["arn"], declared)
    assert [rule["Name"] for rule in acl["Rules"]] == [rule["name"] for rule in declared["rules"]]
    assert [rule["Priority"] for rule in acl["Rules"]] == list(range(len(acl["Rules"])))
    tags = aws.client("wafv2", "us-east-1").list_tags_for_resource(ResourceARN=outputs["arn"])
    assert tags["TagInfoForResource"]["TagList"] == [{"Key": "team", "Value": "a"}]


def test_a_web_acl_is_changed_in_place_and_deleted(
    deploy: Begin, apply: Apply, aws: Aws, declared: dict[str, Any]
) -> None:
    _, before = apply(deploy(), ACL, "acl", **declared)
    fewer = {**declared, "rules": declared["rules"][:1]}
    _, after = apply(deploy(), ACL, "acl", **fewer)
    assert before["arn"] == after["arn"]
    assert len(find_acl(aws, after["arn"], fewer)["Rules"]) == 1
    deploy().prune()
    with pytest.raises(ClientError, match="WAFNonexistentItem"):
        find_acl(aws, after["arn"], fewer)


def test_the_networks_of_an_ip_set_change_in_place(deploy: Begin, apply: Apply, aws: Aws) -> None:
    inputs = {**AT_EDGE, "description": "Networks", "ipAddressVersion": "IPV4", "addresses": ["192.0.2.0/24"]}
    apply(deploy(), IP_SET, "networks", **inputs)
    _, outputs = apply(deploy(), IP_SET, "networks", **{**inputs, "addresses": ["198.51.100.0/24"]})
    region, parameters = identity(outputs["arn"], inputs)
    found = aws.client("wafv2", region).get_ip_set(**parameters)["IPSet"]
    assert found["Addresses"] == ["198.51.100.0/24"]


def test_a_stage_has_the_web_acl_until_it_is_declared_no_longer(
    deploy: Begin, apply: Apply, aws: Aws, declared: dict[str, Any]
) -> None:
    regional = {key: value for key, value in declared.items() if key != "region"} | {"scope": "REGIONAL"}
    stage = "arn:aws:apigateway:eu-central-1::/restapis/abc/stages/dev"
    run = deploy()
    _, outputs = apply(run, ACL, "acl", **regional)
    apply(run, ASSOCIATION, "stage", resourceArn=stage, webAclArn=outputs["arn"])
    found = aws.client("wafv2").get_web_acl_for_resource(ResourceArn=stage)["WebACL"]
    assert found["ARN"] == outputs["arn"]
    deploy().prune()
    with pytest.raises(ClientError, match="WAFNonexistentItem"):
        aws.client("wafv2").get_web_acl_for_resource(ResourceArn=stage)


def test_a_log_group_and_its_policy_may_be_in_another_region(deploy: Begin, apply: Apply, aws: Aws) -> None:
    run = deploy()
    _, outputs = apply(run, GROUP, "aws-waf-logs-x", region="us-east-1", retentionInDays=7, tags={"team": "a"})
    assert outputs["arn"].split(":")[3] == "us-east-1"
    apply(run, LOG_POLICY, "delivery", policyName="aws-waf-logs-x", policyDocument="{}", region="us-east-1")
    here, there = (aws.client("logs", region) for region in (None, "us-east-1"))
    [group] = there.describe_log_groups(logGroupNamePrefix="aws-waf-logs-x")["logGroups"]
    assert group["retentionInDays"] == 7
    assert not here.describe_log_groups(logGroupNamePrefix="aws-waf-logs-x")["logGroups"]
    names = [each["policyName"] for each in there.describe_resource_policies()["resourcePolicies"]]
    assert names == ["aws-waf-logs-x"]


def test_the_policy_of_an_api_is_set_changed_and_taken_away(deploy: Begin, apply: Apply, aws: Aws) -> None:
    def policy(effect: str) -> str:
        everything = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}
        return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": effect, **everything}]})

    def declare(run: Deployment, text: str | None) -> str:
        api, _ = apply(run, API, "api", endpointConfiguration={"types": "REGIONAL"})
        if text:
            apply(run, API_POLICY, "networks", restApiId=api, policy=text)
        return api

    def effect(api: str) -> str:
        return str(aws.client("apigateway").get_rest_api(restApiId=api).get("policy", ""))

    assert '\\"Allow\\"' in effect(declare(deploy(), policy("Allow")))
    assert '\\"Deny\\"' in effect(declare(deploy(), policy("Deny")))
    run = deploy()
    api = declare(run, None)
    run.prune()
    assert effect(api) == ""
