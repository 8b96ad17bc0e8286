"""Tests of the policies for who deploys, ``docs/deployer-policy.json`` and ``docs/deployer-policy-options.json``."""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from docs.deployer.policy import LONGEST, OPTIONS, STANDARD, length, policies
from docs.deployer.row import Need
from docs.deployer.rows import ANY, ROWS
from local.program import read_stack_file
from local.resources import STACK_KINDS
from tests.engine.deployer import MISTAKEN, OWN, UNRECOGNIZED
from tests.infra.recorder import Stack, run_program

FILES = (STANDARD, OPTIONS)
# The Service Authorization Reference lists no resource type for these, or the API takes no narrower one.
NOT_NARROWER = {
    "cloudfront:CreateCachePolicy",
    "cloudfront:CreateDistribution",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:PutCompositeAlarm",
    "cloudtrail:DescribeTrails",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribePrefixLists",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
    "kms:CreateKey",
    "kms:ListAliases",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DeleteResourcePolicy",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:PutResourcePolicy",
    "sns:GetSubscriptionAttributes",
    "sns:SetSubscriptionAttributes",
    "sns:Unsubscribe",
}


def statements(path: Any) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text())["Statement"])


def needs() -> list[Need]:
    return [each for row in ROWS.values() for each in (*row.always, *row.by_setting)]


def test_every_kind_of_resource_has_a_row() -> None:
    """A type that `local/` does not know cannot be declared, so these are the types of all configurations."""
    missing = sorted(STACK_KINDS.keys() - ROWS.keys())
    assert not missing, f"add a row for each to docs/deployer/rows.py, as it describes, and run make docs: {missing}"
    assert not sorted(ROWS.keys() - STACK_KINDS.keys()), "remove these rows"


def test_the_first_policy_is_for_the_shipped_stacks_and_the_second_for_what_settings_add(stack: Stack) -> None:
    config = read_stack_file("prod")
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    prod = run_program(
        {key.partition(":")[2]: text for key, text in texts.items() if not key.startswith("aws:")}, "prod"
    )
    shipped = {each.type for each in (*stack.declared, *prod.declared) if each.type.startswith("aws:")}
    assert {kind for kind, row in ROWS.items() if row.always} == shipped, "row() for these, optional() for others"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_file_is_made_from_the_rows(path: Any) -> None:
    assert path.read_text() == policies()[path], "run make docs"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_policy_is_no_longer_than_iam_allows(path: Any) -> None:
    assert length(path.read_text()) <= LONGEST


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_action_is_allowed_on_everything_where_iam_knows_a_resource(path: Any) -> None:
    for statement in statements(path):
        assert not [action for action in statement["Action"] if "*" in action]
        if ANY in statement["Resource"]:
            assert set(statement["Action"]) <= NOT_NARROWER


def test_roles_are_passed_to_the_services_that_assume_them_and_to_no_other() -> None:
    passed: dict[Any, set[str]] = {path: set() for path in FILES}
    for path in FILES:
        for statement in statements(path):
            if "iam:PassRole" in statement["Action"]:
                assert statement["Action"] == ["iam:PassRole"]
                passed[path].add(statement["Condition"]["StringEquals"]["iam:PassedToService"])
    options = {"apigateway.amazonaws.com", "logs.amazonaws.com"}
    assert passed == {STANDARD: {"lambda.amazonaws.com"}, OPTIONS: options}


def test_who_deploys_can_neither_read_a_secret_nor_the_data() -> None:
    allowed = [action for path in FILES for each in statements(path) for action in each["Action"]]
    forbidden = ["*GetSecretValue", "*PutSecretValue", "dynamodb:*Item*", "dynamodb:Query", "dynamodb:Scan", "sts:*"]
    forbidden += ["logs:Get*", "logs:PutLogEvents", "logs:FilterLogEvents", "iam:*User*", "iam:*AccessKey*"]
    assert not [action for action in allowed for pattern in forbidden if fnmatchcase(action, pattern)]


def test_every_action_of_the_rows_is_in_a_policy() -> None:
    allowed = {action for path in FILES for each in statements(path) for action in each["Action"]}
    assert allowed == {action for each in needs() for action in each.actions}


def test_what_the_engine_tests_permit_beside_the_policy_is_in_it_where_the_provider_calls_it() -> None:
    allowed = {action for each in statements(STANDARD) for action in each["Action"]}
    assert set(UNRECOGNIZED) <= allowed
    assert not allowed & {*MISTAKEN, *OWN}
