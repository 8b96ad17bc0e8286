"""Tests of least privilege, based on the policy documents."""

import json

import pytest

from tests.infra.policies import (
    KEY,
    TABLE,
    allowed_on_ours,
    allowed_resources,
    auditing,
    is_owners,
    logging,
)
from tests.infra.recorder import ACCOUNT_ID, API_ID, REGION, Stack, arn, run_program
from tests.infra.rules import findings


@pytest.mark.parametrize("rule", ["iam-no-wildcard-action", "iam-no-wildcard-resource"])
def test_no_permission_has_a_wildcard_but_what_the_owner_gives_to_the_tools(stack: Stack, rule: str) -> None:
    assert [finding.message for finding in findings(stack, rule) if not is_owners(finding)] == []


@pytest.mark.parametrize(
    "rule", ["iam-trust-names-its-principals", "resource-policy-not-public", "resource-policy-names-the-source"]
)
def test_every_policy_names_who_may_use_what_it_is_about(sharing: Stack, rule: str) -> None:
    assert findings(sharing, rule) == []


def test_the_mcp_function_gets_and_puts_items_and_starts_the_worker(stack: Stack) -> None:
    assert allowed_on_ours(stack, "dev-mcp-policy") == logging("mcp") | {
        "dynamodb:GetItem": [TABLE],
        "dynamodb:PutItem": [TABLE],
        "lambda:InvokeFunction": [arn("Function", "remote-mcp-dev-worker") + ":live"],
    }


def test_the_worker_can_do_nothing_but_get_and_put_items(stack: Stack) -> None:
    assert allowed_on_ours(stack, "dev-worker-policy") == logging("worker") | {
        "dynamodb:GetItem": [TABLE],
        "dynamodb:PutItem": [TABLE],
    }


def test_only_the_functions_that_issue_and_verify_tokens_reach_the_key(stack: Stack) -> None:
    readers = {policy.name for policy in stack.all("iam/rolePolicy:RolePolicy") if KEY in policy.inputs["policy"]}
    names = ("authorizer", "oauth", "rotation")
    assert readers == {f"remote-mcp-dev-{name}-policy" for name in names}


def test_the_authorizer_can_only_read_and_add_to_the_audit_log(stack: Stack) -> None:
    assert allowed_resources(stack, "dev-authorizer-policy") == auditing("authorizer") | {
        "dynamodb:BatchGetItem": [TABLE],
        "secretsmanager:GetSecretValue": [KEY],
    }


def test_the_oauth_function_works_on_clients_and_reads_the_key(stack: Stack) -> None:
    items = {f"dynamodb:{action}Item": [TABLE] for action in ("BatchGet", "Get", "Put", "Update", "Delete")}
    assert allowed_resources(stack, "dev-oauth-policy") == auditing("oauth") | items | {
        "secretsmanager:GetSecretValue": [KEY]
    }


def test_the_rotation_function_works_on_the_key_alone(stack: Stack) -> None:
    actions = ("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage")
    assert allowed_resources(stack, "rotation-policy") == auditing("rotation") | {
        f"secretsmanager:{action}": [KEY] for action in actions
    }


BOUNDARY = "arn:aws:iam::123456789012:policy/teams/limits"


def test_every_role_has_the_path_and_the_boundary_of_the_configuration(stack: Stack, custom_stack: Stack) -> None:
    for role in stack.all("iam/role:Role"):
        assert (role.inputs["path"], "permissionsBoundary" in role.inputs) == ("/", False), role.name
    for role in custom_stack.all("iam/role:Role"):
        assert (role.inputs["path"], role.inputs["permissionsBoundary"]) == ("/teams/mcp/", BOUNDARY), role.name


def test_every_role_trusts_one_service(sharing: Stack) -> None:
    for role in sharing.all("iam/role:Role"):
        service = "apigateway" if role.name.endswith("-gateway") else "lambda"
        [statement] = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        assert statement["Principal"] == {"Service": f"{service}.amazonaws.com"}, role.name
        assert statement["Action"] == ["sts:AssumeRole"], role.name


@pytest.fixture(scope="module")
def sharing() -> Stack:
    """A stack that sets the role of API Gateway for the whole account."""
    return run_program({"manageApiGatewayAccount": "true"})


def test_api_gateway_writes_logs_in_this_account_and_region_only(sharing: Stack) -> None:
    assert set(map(tuple, allowed_resources(sharing, "dev-gateway-policy").values())) == {
        (f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:*",)
    }


def test_only_alarms_of_this_account_publish_to_the_topic(stack: Stack) -> None:
    [statement] = json.loads(stack.one("sns/topicPolicy:TopicPolicy").inputs["policy"])["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["sns:Publish"],
        "Resource": [arn("Topic", "remote-mcp-dev-monitoring-alarms")],
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT_ID},
            "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT_ID}:alarm:*"},
        },
    }


def test_each_function_is_invoked_by_one_source_only(stack: Stack) -> None:
    api = f"arn:aws:execute-api:::{API_ID}"
    permissions = {
        permission.inputs["function"]: (permission.inputs["principal"], permission.inputs["sourceArn"])
        for permission in stack.all("lambda/permission:Permission")
    }
    assert permissions == {
        "remote-mcp-dev-mcp": ("apigateway.amazonaws.com", f"{api}/dev/*"),
        "remote-mcp-dev-oauth": ("apigateway.amazonaws.com", f"{api}/dev/*"),
        "remote-mcp-dev-login": ("apigateway.amazonaws.com", f"{api}/dev/*"),
        "remote-mcp-dev-authorizer": (
            "apigateway.amazonaws.com",
            f"{api}/authorizers/remote-mcp-dev-api-authorizer-id",
        ),
        "remote-mcp-dev-rotation": ("secretsmanager.amazonaws.com", KEY),
    }


def test_every_permission_to_invoke_is_one_for_the_alias(stack: Stack) -> None:
    for permission in stack.all("lambda/permission:Permission"):
        assert permission.inputs["qualifier"] == "live", permission.name


def test_secrets_manager_invokes_for_this_account_only(stack: Stack) -> None:
    permission = stack.one("lambda/permission:Permission", "signing-key-permission")
    assert permission.inputs["sourceAccount"] == ACCOUNT_ID
