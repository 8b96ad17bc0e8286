"""The rules of the policy pack on the programs of ``examples``."""

import json

from docs.deployer.policy import OPTIONS, STANDARD
from tests.infra.recorder import ACCOUNT_ID, PROJECT, REGION, run_program
from tests.infra.rules import all_findings, configuration

CONFIGURED = "iam-no-wildcard-resource"


def test_the_roles_of_a_pipeline_keep_every_rule_but_for_actions_that_aws_gives_on_everything() -> None:
    key = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/a1b2"
    config = {"subject": "repo:acme/tools", "stateBucket": "acme-pulumi-state", "stateKeyArn": key}
    stack = run_program(config, "main", project="deployer", program=PROJECT / "examples" / "deployer" / "__main__.py")
    assert list(stack.all("iam/policy:Policy"))
    assert [finding.message for finding in all_findings(stack, configuration("deployer"))] == []


def test_those_actions_are_the_ones_that_the_policies_for_who_deploys_have_on_everything() -> None:
    """What is allowed there, docs/deployer gives a reason for."""
    statements = [each for path in (STANDARD, OPTIONS) for each in json.loads(path.read_text())["Statement"]]
    wide = {
        action
        for statement in statements
        if {"*", "arn:aws:apigateway:*::*"} & set(statement["Resource"])
        for action in statement["Action"]
    }
    # The release of a canary reads metrics.
    allowed = {*wide, "cloudwatch:GetMetricData"}
    assert set(configuration("deployer")[CONFIGURED]["allowedActions"]) == allowed
