"""Each rule finds what it is for, and leaves alone what is sound, unknown or of another kind."""

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft7Validator

from aws_rules.registry import RULES
from aws_rules.resource import UNKNOWN, Resource
from aws_rules.rule import Rule
from tests.infra.recorder import PROJECT
from tests.infra.rules import BY_NAME
from tests.unit.policy.access_samples import POLICIES_OF_RESOURCES, PUBLIC
from tests.unit.policy.data_samples import ENCRYPTION, LOGS, PROTECTION, TLS
from tests.unit.policy.iam_samples import IAM
from tests.unit.policy.samples import Sample, aws, document, role_policy, several

SAMPLES = [*IAM, *POLICIES_OF_RESOURCES, *PUBLIC, *ENCRYPTION, *TLS, *LOGS, *PROTECTION]
# What a rule is about if it is there at all, or if something else is not there.
ABOUT_PRESENCE = {"iam-no-access-key", "s3-public-access-blocked", "lambda-log-group-declared"}


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_a_planted_fault_is_reported_with_its_resource_its_property_and_what_to_do(sample: Sample) -> None:
    [finding] = sample.findings(sample.faulty)
    assert finding.place == sample.property
    assert finding.message.startswith(f"{finding.resource.type} {finding.resource.name}: {sample.property} ")
    assert finding.message.endswith(f"; {finding.remedy}")


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_the_same_without_the_fault_is_left_alone(sample: Sample) -> None:
    assert sample.findings(sample.sound) == []


def test_every_rule_has_a_fault_that_it_is_tried_with() -> None:
    assert {sample.rule for sample in SAMPLES} == set(BY_NAME)


def test_no_two_rules_have_the_same_name() -> None:
    assert len(BY_NAME) == len(RULES)


@pytest.mark.parametrize("sample", [each for each in SAMPLES if each.rule not in ABOUT_PRESENCE], ids=str)
def test_a_value_that_a_preview_does_not_know_is_not_reported(sample: Sample) -> None:
    member = sample.property.partition(".")[0].partition("[")[0]
    unknown = [
        replace(resource, properties={**resource.properties, member: UNKNOWN}) for resource in several(sample.faulty)
    ]
    assert sample.findings(unknown) == []


def test_a_member_that_a_preview_does_not_know_is_not_reported() -> None:
    table = aws("dynamodb/table:Table", pointInTimeRecovery={"enabled": UNKNOWN})
    assert not list(BY_NAME["dynamodb-point-in-time-recovery"].findings([table]))
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Condition": UNKNOWN}
    policy = aws("sns/topicPolicy:TopicPolicy", policy={"Statement": [statement]})
    assert not list(BY_NAME["resource-policy-not-public"].findings([policy]))
    statement["Condition"] = {"StringEquals": {"aws:SourceAccount": UNKNOWN}}
    assert not list(BY_NAME["resource-policy-not-public"].findings([policy]))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize(
    "kind", ["azure-native:storage:StorageAccount", "aws:made/up:Up", "acme:index:Component", "pulumi:providers:aws"]
)
def test_a_resource_of_another_kind_is_left_alone(rule: Rule, kind: str) -> None:
    odd = {"policy": "not json", "acl": "public-read", "runtime": "python3.8", "securityPolicy": "TLS_1_0"}
    assert not list(rule.findings([Resource(kind, "other", odd, "other")]))


@pytest.mark.parametrize("text", ["not json", "[]", '{"Statement": "none"}', '{"Statement": [1]}', "{}", '"*"'])
def test_a_document_that_is_none_is_left_to_the_provider(text: str) -> None:
    policy = aws("iam/rolePolicy:RolePolicy", policy=text)
    assert not [finding for rule in RULES for finding in rule.findings([policy])]


def test_a_resource_that_the_configuration_excepts_is_left_alone() -> None:
    rule = BY_NAME["iam-no-wildcard-action"]
    policy = replace(role_policy(Action="s3:*", Resource="arn:aws:s3:::a"), name="orders-dev-policy")
    assert list(rule.findings([policy]))
    excepted = {"exceptions": [{"resource": "*-dev-*", "reason": "it owns the bucket"}]}
    assert not list(rule.findings([policy], excepted))


def test_a_number_of_the_configuration_is_whole_in_the_message() -> None:
    rule = BY_NAME["log-group-retention"]
    for properties in ({}, {"retentionInDays": 30.0}):
        [finding] = rule.findings([aws("cloudwatch/logGroup:LogGroup", **properties)], {"minimumDays": 365.0})
        assert finding.message.endswith("; set it to 365 or more")


def test_each_action_that_reaches_too_far_is_a_finding_of_its_own() -> None:
    policy = role_policy(Action=["s3:GetObject", "s3:PutObject"], Resource="*")
    found = list(BY_NAME["iam-no-wildcard-resource"].findings([policy]))
    assert [finding.subject for finding in found] == ["s3:GetObject", "s3:PutObject"]


def test_resources_that_refer_to_each_other_are_found_by_their_urns_while_their_names_are_unknown() -> None:
    bucket = aws("s3/bucket:Bucket", "reports", bucket=UNKNOWN)
    switches = dict.fromkeys(
        ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True
    )
    block = aws("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", bucket=UNKNOWN, **switches)
    rule = BY_NAME["s3-public-access-blocked"]
    assert not list(rule.findings([bucket, replace(block, references={"bucket": frozenset({"reports"})})]))
    assert list(rule.findings([bucket, replace(block, references={"bucket": frozenset({"another"})})]))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_a_sentence_kinds_and_settings_whose_defaults_are_allowed(rule: Rule) -> None:
    assert rule.description.endswith(".")
    assert rule.kinds
    for setting in rule.settings.values():
        Draft7Validator.check_schema(setting.schema)
        Draft7Validator(setting.schema).validate(setting.default)


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_configuration_of_this_project_obeys_the_schemas_of_the_rules(name: str) -> None:
    configured = json.loads((PROJECT / "policy" / "config" / f"{name}.json").read_text())
    assert configured.pop("all") == "mandatory"
    for rule, settings in configured.items():
        properties = {key: setting.schema for key, setting in BY_NAME[rule].settings.items()}
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        Draft7Validator(schema).validate(settings)


def test_an_exception_without_a_reason_is_refused() -> None:
    schema = BY_NAME["required-tags"].settings["exceptions"].schema
    assert not Draft7Validator(schema).is_valid([{"resource": "*"}])
    assert not Draft7Validator(schema).is_valid([{"resource": "*", "reason": ""}])


def test_a_deny_is_not_taken_for_a_permission() -> None:
    text = document({"Effect": "Deny", "Action": "*", "Resource": "*", "Principal": "*"})
    policies = [aws(kind, policy=text) for kind in ("iam/policy:Policy", "s3/bucketPolicy:BucketPolicy")]
    assert not [finding for rule in RULES for finding in rule.findings(policies)]
