"""Tests of the web ACL itself: where it stands, what it costs, and what it logs."""

import json
from typing import Any

import pytest

from admin.cost.fixed import FIREWALL_RULES
from components.firewall.managed import GROUPS, Tolerance, labels
from components.firewall.paths import pattern, tolerating
from components.gateway_responses import CORS, RESPONSES
from runtime.routes import ROUTES
from tests.infra.firewall.evaluator import ACLS, capacity
from tests.infra.firewall.groups import DOCUMENTED
from tests.infra.recorder import ACCOUNT_ID, Stack, arn, run_program

ASSOCIATIONS = "wafv2/webAclAssociation:WebAclAssociation"
DISTRIBUTIONS = "cloudfront/distribution:Distribution"
IP_SETS = "wafv2/ipSet:IpSet"
LOGGING = "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
POLICIES = "cloudwatch/logResourcePolicy:LogResourcePolicy"
OURS = "remote-mcp-dev-firewall"
ACL = arn("WebAcl", OURS)
ID = "a1b2c3d4-5678-90ab-cdef-0123456789ab"
GLOBAL = f"arn:aws:wafv2:us-east-1:{ACCOUNT_ID}:global/webacl/theirs/{ID}"
REGIONAL = f"arn:aws:wafv2:eu-central-1:{ACCOUNT_ID}:regional/webacl/theirs/{ID}"


def firewall_resources(stack: Stack) -> list[str]:
    return [each.type for each in stack.declared if ":wafv2/" in each.type or ":Firewall" in each.type]


def test_without_the_keys_there_is_no_firewall(stack: Stack) -> None:
    assert firewall_resources(stack) == []
    assert "webAclId" not in stack.one(DISTRIBUTIONS).inputs


def test_with_a_distribution_the_firewall_is_in_front_of_it_and_in_its_region(guarded: Stack) -> None:
    acl = guarded.one(ACLS).inputs
    assert (acl["scope"], acl["region"]) == ("CLOUDFRONT", "us-east-1")
    assert guarded.one(DISTRIBUTIONS).inputs["webAclId"] == ACL
    assert not list(guarded.all(ASSOCIATIONS))
    group = guarded.one("cloudwatch/logGroup:LogGroup", OURS).inputs
    regions = {each.inputs["region"] for kind in (LOGGING, POLICIES) for each in guarded.all(kind)}
    assert regions | {group["region"]} == {"us-east-1"}


def test_without_a_distribution_it_is_on_the_stage(bare: Stack) -> None:
    acl = bare.one(ACLS).inputs
    assert acl["scope"] == "REGIONAL"
    assert not [each.name for each in bare.declared if "region" in each.inputs]
    association = bare.one(ASSOCIATIONS).inputs
    assert association == {"resourceArn": arn("Stage", "remote-mcp-dev-api-stage"), "webAclArn": ACL}


@pytest.mark.slow
def test_a_custom_domain_has_it_on_the_stage() -> None:
    certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/a1b2"
    domain = {"edge": "domain", "domainName": "mcp.example.com", "certificateArn": certificate}
    stack = run_program({**domain, "firewall": "create"})
    assert stack.one(ACLS).inputs["scope"] == "REGIONAL"
    assert stack.one(ASSOCIATIONS).inputs["webAclArn"] == ACL


@pytest.mark.slow
def test_a_web_acl_of_one_s_own_is_used_as_it_is() -> None:
    behind = run_program({"firewall": GLOBAL})
    assert firewall_resources(behind) == []
    assert behind.one(DISTRIBUTIONS).inputs["webAclId"] == GLOBAL
    staged = run_program({"edge": "external", "publicUrl": "https://mcp.example.com", "firewall": REGIONAL})
    assert staged.one(ASSOCIATIONS).inputs["webAclArn"] == REGIONAL


def test_the_networks_alone_are_a_web_acl_with_one_rule(admitting: Stack) -> None:
    acl = admitting.one(ACLS).inputs
    assert [rule["name"] for rule in acl["rules"]] == ["networks"]
    assert admitting.one(DISTRIBUTIONS).inputs["webAclId"] == ACL


def test_each_version_of_ip_has_a_set_of_its_own(admitting: Stack) -> None:
    sets = {each.inputs["ipAddressVersion"]: each.inputs for each in admitting.all(IP_SETS)}
    assert {version: inputs["addresses"] for version, inputs in sets.items()} == {
        "IPV4": ["192.0.2.0/24"],
        "IPV6": ["2001:db8::/32"],
    }
    assert {(inputs["scope"], inputs["region"]) for inputs in sets.values()} == {("CLOUDFRONT", "us-east-1")}


def test_its_rules_take_less_than_what_every_web_acl_may(guarded: Stack, bare: Stack, admitting: Stack) -> None:
    """AWS WAF bills requests higher beyond 1,500 WCU."""
    for stack in (guarded, bare, admitting):
        used = sum(capacity(rule["statement"]) for rule in stack.one(ACLS).inputs["rules"])
        assert used < 1500
    assert sum(capacity(rule["statement"]) for rule in guarded.one(ACLS).inputs["rules"]) > 1000


def test_it_has_the_rules_that_the_documents_count(guarded: Stack) -> None:
    """docs/idle-cost.md states their price."""
    assert [rule["name"] for rule in guarded.one(ACLS).inputs["rules"]] == [
        "rate-dcr",
        "rate-token",
        "rate-authorize",
        "rate-par",
        "reputation",
        "common",
        "bad-inputs",
        "attack-nowhere",
        "attack-routes",
        "attack-free-text",
        "attack-tools",
    ]
    assert len(guarded.one(ACLS).inputs["rules"]) == FIREWALL_RULES


def test_the_rules_of_the_managed_groups_are_those_that_aws_documents() -> None:
    for group in GROUPS:
        documented = DOCUMENTED[group.name]
        blocking = {name: label for name, label in documented["rules"].items() if name not in documented["counting"]}
        assert {rule.name: rule.label for rule in group.rules} == blocking
        assert (group.namespace, group.capacity) == (documented["namespace"], documented["capacity"])


def test_every_rule_of_a_group_counts_and_its_label_is_blocked_by_one_rule(guarded: Stack) -> None:
    rules = guarded.one(ACLS).inputs["rules"]
    groups = [rule["statement"]["managedRuleGroupStatement"] for rule in rules if "action" not in rule]
    overridden = {each["name"] for group in groups for each in group["ruleActionOverrides"]}
    assert overridden == {rule.name for group in GROUPS for rule in group.rules}
    assert all("version" not in group for group in groups)
    text = json.dumps(rules)
    for tolerance in Tolerance:
        assert all(text.count(f'"{label}"') == 1 for label in labels(tolerance))


def test_what_it_answers_agrees_with_the_gateway(guarded: Stack) -> None:
    """Where it stands on the stage, a rule that AWS adds to a group gets the gateway's answer."""
    [filtered] = [each for each in RESPONSES if each.response_type == "WAF_FILTERED"]
    acl = guarded.one(ACLS).inputs
    bodies = {body["key"]: json.loads(body["content"]) for body in acl["customResponseBodies"]}
    assert bodies["blocked"] == {"error": filtered.error, "error_description": filtered.description}
    assert {body["contentType"] for body in acl["customResponseBodies"]} == {"APPLICATION_JSON"}
    for rule in acl["rules"]:
        if "action" in rule:
            response = rule["action"]["block"]["customResponse"]
            headers = {header["name"]: header["value"] for header in response["responseHeaders"]}
            assert {**headers, **CORS} == headers
            # It replaces the response body, but AWS WAF takes no content type among the headers.
            assert not {"content-type"} & {name.lower() for name in headers}


def test_no_sample_of_a_request_is_kept(guarded: Stack) -> None:
    acl = guarded.one(ACLS).inputs
    configs = [acl["visibilityConfig"], *(rule["visibilityConfig"] for rule in acl["rules"])]
    assert {config["sampledRequestsEnabled"] for config in configs} == {False}
    assert len({config["metricName"] for config in configs}) == len(configs)


def test_it_logs_to_a_group_of_its_own_for_as_long_as_the_others(guarded: Stack) -> None:
    group = guarded.one("cloudwatch/logGroup:LogGroup", OURS)
    assert group.name == f"aws-waf-logs-{OURS}"
    assert group.inputs["retentionInDays"] == 90
    logging = guarded.one(LOGGING).inputs
    assert (logging["resourceArn"], logging["logDestinationConfigs"]) == (ACL, [arn("LogGroup", group.name)])


def test_the_log_has_no_credential(guarded: Stack) -> None:
    fields: list[dict[str, Any]] = guarded.one(LOGGING).inputs["redactedFields"]
    headers = {field["singleHeader"]["name"] for field in fields if "singleHeader" in field}
    assert headers == {"authorization", "cookie", "x-api-key"}
    # It holds authorization codes.
    assert {"queryString": {}} in fields


def test_the_log_has_what_a_rule_matched_and_nothing_else(guarded: Stack) -> None:
    kept = guarded.one(LOGGING).inputs["loggingFilter"]
    [only] = kept["filters"]
    actions = {condition["actionCondition"]["action"] for condition in only["conditions"]}
    assert (kept["defaultBehavior"], only["behavior"], only["requirement"]) == ("DROP", "KEEP", "MEETS_ANY")
    assert actions == {"BLOCK", "COUNT", "EXCLUDED_AS_COUNT"}


def test_only_log_delivery_for_this_account_writes_to_the_group(guarded: Stack) -> None:
    policy = guarded.one(POLICIES)
    [statement] = json.loads(policy.inputs["policyDocument"])["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": [arn("LogGroup", f"aws-waf-logs-{OURS}") + ":log-stream:*"],
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT_ID},
            "ArnLike": {"aws:SourceArn": f"arn:aws:logs:us-east-1:{ACCOUNT_ID}:*"},
        },
    }
    awaited = guarded.options_of(guarded.one(LOGGING)).dependencies
    assert any(policy.name in urn for urn in awaited)


def test_what_takes_tags_is_tagged(guarded: Stack, admitting: Stack) -> None:
    tags = {"project": "remote-mcp", "stack": "dev"}
    assert guarded.one(ACLS).inputs["tags"] == {**tags, "team": "platform"}
    assert all(each.inputs["tags"] == tags for each in admitting.all(IP_SETS))


def test_a_pattern_leaves_room_for_the_longest_name_of_a_stage() -> None:
    for tolerance in Tolerance:
        assert len(pattern(tolerating(tolerance, ROUTES), "s" * 128)) <= 512
    with pytest.raises(ValueError, match="AWS WAF allows 512"):
        pattern(["/" + "x" * 512], None)


def test_a_distribution_adds_the_stage_behind_the_firewall(guarded: Stack) -> None:
    assert "dev" not in json.dumps([rule["statement"] for rule in guarded.one(ACLS).inputs["rules"]])
