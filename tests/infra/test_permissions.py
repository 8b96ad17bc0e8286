"""Who may do what: least privilege, read from the policy documents themselves."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.recorder import ACCOUNT_ID, API_ID, REGION, Declaration, Stack, arn

# X-Ray has no resources to name.
ANY_RESOURCE = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
TRACING = {"xray:PutTraceSegments": ["*"], "xray:PutTelemetryRecords": ["*"]}
KEY = arn("Secret", "remote-mcp-dev-signing-key")
TABLE = arn("Table", "remote-mcp-dev-store")


def documents(stack: Stack) -> Iterator[tuple[Declaration, dict[str, Any]]]:
    """Every policy document in the stack, with the resource that it is an input of."""
    for resource in stack.declared:
        for key in ("policy", "assumeRolePolicy"):
            if key in resource.inputs:
                yield resource, json.loads(resource.inputs[key])


def statements(stack: Stack, policy: str) -> list[dict[str, Any]]:
    return list(json.loads(stack.one("iam/rolePolicy:RolePolicy", policy).inputs["policy"])["Statement"])


def allowed(stack: Stack, policy: str) -> dict[str, list[str]]:
    """The resources of each action that a role's policy allows."""
    return {action: statement["Resource"] for statement in statements(stack, policy) for action in statement["Action"]}


def logging(function: str) -> dict[str, list[str]]:
    group = [arn("LogGroup", f"remote-mcp-dev-{function}-logs") + ":*"]
    return {"logs:CreateLogStream": group, "logs:PutLogEvents": group}


def test_no_statement_reaches_every_resource_where_a_narrower_one_exists(stack: Stack) -> None:
    for resource, document in documents(stack):
        for statement in document["Statement"]:
            wide = "*" in statement.get("Resource", [])
            assert not wide or set(statement["Action"]) <= ANY_RESOURCE, resource.name


def test_no_statement_allows_every_action_or_every_principal(stack: Stack) -> None:
    for resource, document in documents(stack):
        for statement in document["Statement"]:
            assert statement["Effect"] == "Allow", resource.name
            assert not [action for action in statement["Action"] if "*" in action], resource.name
            assert "*" not in json.dumps(statement.get("Principal", {})), resource.name


def test_the_mcp_function_can_do_nothing_but_log_and_trace(stack: Stack) -> None:
    assert allowed(stack, "dev-mcp-policy") == logging("mcp") | TRACING


def test_the_authorizer_can_only_read(stack: Stack) -> None:
    assert allowed(stack, "dev-authorizer-policy") == logging("authorizer") | TRACING | {
        "dynamodb:GetItem": [TABLE],
        "secretsmanager:GetSecretValue": [KEY],
    }


def test_the_oauth_function_works_on_clients_and_reads_the_key(stack: Stack) -> None:
    items = {f"dynamodb:{action}Item": [TABLE] for action in ("Get", "Put", "Update", "Delete")}
    assert allowed(stack, "dev-oauth-policy") == logging("oauth") | TRACING | items | {
        "secretsmanager:GetSecretValue": [KEY]
    }


def test_the_rotation_function_works_on_the_key_alone(stack: Stack) -> None:
    actions = ("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage")
    assert allowed(stack, "rotation-policy") == logging("signing-key-rotation") | TRACING | {
        f"secretsmanager:{action}": [KEY] for action in actions
    }


@pytest.mark.parametrize("function", ["authorizer", "oauth"])
def test_the_table_is_reached_by_the_prefix_of_clients_only(stack: Stack, function: str) -> None:
    [statement] = [
        statement
        for statement in statements(stack, f"dev-{function}-policy")
        if statement["Action"][0].startswith("dynamodb:")
    ]
    assert statement["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["client#*"]}}


def test_every_role_trusts_one_service(stack: Stack) -> None:
    for role in stack.all("iam/role:Role"):
        service = "apigateway" if role.name.endswith("gateway-role") else "lambda"
        [statement] = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        assert statement["Principal"] == {"Service": f"{service}.amazonaws.com"}, role.name
        assert statement["Action"] == ["sts:AssumeRole"], role.name


def test_api_gateway_writes_logs_in_this_account_and_region_only(stack: Stack) -> None:
    assert set(map(tuple, allowed(stack, "dev-gateway-policy").values())) == {
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
        "remote-mcp-dev-authorizer": (
            "apigateway.amazonaws.com",
            f"{api}/authorizers/remote-mcp-dev-api-authorizer-id",
        ),
        "remote-mcp-dev-signing-key-rotation": ("secretsmanager.amazonaws.com", KEY),
    }


def test_secrets_manager_invokes_for_this_account_only(stack: Stack) -> None:
    permission = stack.one("lambda/permission:Permission", "signing-key-permission")
    assert permission.inputs["sourceAccount"] == ACCOUNT_ID
