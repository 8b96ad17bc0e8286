"""Tests of the table, the signing key and the functions."""

import json
from pathlib import Path

import pulumi
import pytest

from runtime.deployment import AUDIT_STREAM, QUEUE_SECONDS
from runtime.version import VERSION
from tests.infra.functions import FUNCTIONS, lambda_function
from tests.infra.packaging.archives import contents
from tests.infra.recorder import API_ID, HERE, REGION, Stack, arn


def test_the_table_is_encrypted_on_demand_and_forgets_what_has_expired(stack: Stack) -> None:
    table = stack.one("dynamodb/table:Table").inputs
    # "Not enabled" is encrypted with DynamoDB's own key, which is free; "enabled" with the one of KMS.
    assert table["serverSideEncryption"] == {"enabled": False}
    assert table["billingMode"] == "PAY_PER_REQUEST"
    assert table["ttl"] == {"attributeName": "expires_at", "enabled": True}
    assert (table["hashKey"], table["attributes"]) == ("pk", [{"name": "pk", "type": "S"}])
    assert "rangeKey" not in table
    assert "globalSecondaryIndexes" not in table


def test_recovery_and_deletion_protection_follow_the_configuration(stack: Stack, custom_stack: Stack) -> None:
    default, custom = (each.one("dynamodb/table:Table").inputs for each in (stack, custom_stack))
    assert (default["pointInTimeRecovery"], default["deletionProtectionEnabled"]) == ({"enabled": True}, False)
    assert (custom["pointInTimeRecovery"], custom["deletionProtectionEnabled"]) == ({"enabled": False}, True)


def test_a_protected_key_can_be_restored_for_30_days(stack: Stack, custom_stack: Stack) -> None:
    kind = "secretsmanager/secret:Secret"
    assert stack.one(kind).inputs["recoveryWindowInDays"] == 0
    assert custom_stack.one(kind, "signing-key").inputs["recoveryWindowInDays"] == 30


def test_the_key_is_declared_without_a_value_and_made_by_the_rotation_function(stack: Stack) -> None:
    assert not list(stack.all("secretsmanager/secretVersion:SecretVersion"))
    assert "secretString" not in json.dumps([dict(resource.inputs) for resource in stack.declared], default=str)
    invocation = stack.one("lambda/invocation:Invocation").inputs
    assert invocation["functionName"] == "remote-mcp-dev-rotation"
    assert invocation["qualifier"] == "live"
    assert json.loads(invocation["input"]) == {
        "Step": "initialise",
        "SecretId": arn("Secret", "remote-mcp-dev-signing-key"),
    }


def test_the_first_key_is_made_once_and_never_again(stack: Stack) -> None:
    assert stack.one("lambda/invocation:Invocation").inputs["lifecycleScope"] == "CREATE_ONLY"
    assert "triggers" not in stack.one("lambda/invocation:Invocation").inputs


def test_the_key_is_rotated_by_schedule_and_not_by_deploying(stack: Stack, custom_stack: Stack) -> None:
    rotation = stack.one("secretsmanager/secretRotation:SecretRotation").inputs
    assert rotation["rotateImmediately"] is False
    assert rotation["rotationLambdaArn"] == arn("Function", "remote-mcp-dev-rotation") + ":live"
    assert rotation["rotationRules"] == {"automaticallyAfterDays": 30}
    custom = custom_stack.one("secretsmanager/secretRotation:SecretRotation").inputs
    assert custom["rotationRules"] == {"automaticallyAfterDays": 7}


def test_the_first_key_is_made_before_the_schedule_starts_and_the_stage_opens(stack: Stack) -> None:
    order = [resource.type.rpartition(":")[2] for resource in stack.declared]
    assert order.index("Invocation") < order.index("SecretRotation") < order.index("Stage")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_runs_on_arm_with_json_logs_of_its_own(stack: Stack, name: str) -> None:
    inputs = lambda_function(stack, name).inputs
    assert inputs["architectures"] == ["arm64"]
    assert (inputs["memorySize"], inputs["timeout"]) == (512, {"worker": 900, "rotation": 60}.get(name, 29))
    assert inputs["runtime"] == f"python{HERE}"
    assert inputs["loggingConfig"] == {
        "logFormat": "JSON",
        "applicationLogLevel": "INFO",
        "logGroup": f"remote-mcp-dev-{name}-logs",
    }
    assert stack.one("cloudwatch/logGroup:LogGroup", f"{name}-logs").inputs["retentionInDays"] == 7
    assert inputs["role"] == arn("Role", f"remote-mcp-dev-{name}")
    assert inputs["handler"] == f"runtime.handlers.{name.rpartition('-')[2]}.handler"
    assert isinstance(inputs["code"], pulumi.FileArchive)


def test_concurrency_is_reserved_where_the_configuration_says_so(stack: Stack, custom_stack: Stack) -> None:
    for name in FUNCTIONS:
        assert "reservedConcurrentExecutions" not in lambda_function(stack, name).inputs
    reserved = {
        name: lambda_function(custom_stack, name).inputs.get("reservedConcurrentExecutions") for name in FUNCTIONS
    }
    nothing = dict.fromkeys(("authorizer", "login", "oauth"))
    assert reserved == {"mcp": 50, "worker": 0, "rotation": 1, **nothing}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_publishes_what_changes_and_its_alias_names_it(stack: Stack, name: str) -> None:
    """Lambda updates configuration and code one after the other. The alias moves from both to both."""
    assert lambda_function(stack, name).inputs["publish"] is True
    alias = stack.one("lambda/alias:Alias", f"{name}-live").inputs
    assert alias == {"name": "live", "functionName": f"remote-mcp-dev-{name}", "functionVersion": "1"}


def test_nothing_names_a_function_without_its_alias(stack: Stack) -> None:
    """What names no alias names $LATEST, which is half updated for seconds."""
    for resource in stack.declared:
        inputs = {key: value for key, value in resource.inputs.items() if key not in ("function", "functionName")}
        for name in FUNCTIONS:
            function = arn("Function", f"remote-mcp-dev-{name}")
            assert function not in json.dumps(inputs, default=str).replace(f"{function}:live", ""), resource.name


@pytest.mark.parametrize(("name", "mode"), [("stack", "PassThrough"), ("custom_stack", "Active")])
def test_requests_are_traced_where_the_configuration_says_so(
    name: str, mode: str, request: pytest.FixtureRequest
) -> None:
    traced: Stack = request.getfixturevalue(name)
    assert traced.one("apigateway/stage:Stage").inputs["xrayTracingEnabled"] is (mode == "Active")
    for each in traced.all("lambda/function:Function"):
        assert each.inputs["tracingConfig"] == {"mode": mode}, each.name
        policy = traced.one("iam/rolePolicy:RolePolicy", f"{each.name}-policy").inputs["policy"]
        assert ("xray:PutTraceSegments" in policy) is (mode == "Active"), each.name


def test_the_functions_follow_the_configuration(custom_stack: Stack) -> None:
    for name in FUNCTIONS:
        inputs = lambda_function(custom_stack, name).inputs
        assert inputs["architectures"] == ["x86_64"]
        assert (inputs["memorySize"], inputs["timeout"]) == (1024, {"worker": 300, "rotation": 60}.get(name, 20))
    for group in custom_stack.all("cloudwatch/logGroup:LogGroup"):
        assert group.inputs["retentionInDays"] == (731 if group.name.endswith("-audit") else 90)


def test_the_audit_log_is_kept_for_a_year_in_a_group_of_its_own(stack: Stack) -> None:
    group = stack.one("cloudwatch/logGroup:LogGroup", "-audit")
    assert group.inputs["retentionInDays"] == 365
    stream = stack.one("cloudwatch/logStream:LogStream").inputs
    assert (stream["name"], stream["logGroupName"]) == (AUDIT_STREAM, group.name)


def test_the_worker_never_runs_a_task_twice_and_waits_as_long_as_the_task_allows(stack: Stack) -> None:
    [queue] = stack.all("lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
    assert queue.inputs == {
        "functionName": "remote-mcp-dev-worker",
        "qualifier": "live",
        "maximumEventAgeInSeconds": QUEUE_SECONDS,
        "maximumRetryAttempts": 0,
    }


def test_the_stage_opens_once_the_worker_runs_nothing_twice(stack: Stack) -> None:
    order = [resource.type.rpartition(":")[2] for resource in stack.declared]
    assert order.index("FunctionEventInvokeConfig") < order.index("Stage")


def test_the_outputs_are_what_clients_and_operators_ask_for(custom_stack: Stack) -> None:
    assert custom_stack.outputs == {
        "version": VERSION,
        "url": "https://mcp.example.com",
        "mcp_url": "https://mcp.example.com/mcp",
        "issuer": "https://mcp.example.com",
        "registration_url": "https://mcp.example.com/dcr",
        "table_name": "remote-mcp-prod-store",
        "audit_log": "remote-mcp-prod-audit",
        "signing_key_arn": arn("Secret", "remote-mcp-prod-signing-key"),
        "authorizer_cache_seconds": 300,
        "identity_provider": "https://idp.example.com",
        "upstream_secret_name": "remote-mcp-prod-upstream-secret",
        "region": REGION,
        "trail_bucket": "remote-mcp-prod-trail",
        "function_names": {name: f"remote-mcp-prod-{name}" for name in FUNCTIONS},
        "release_alarms": {
            name: f"remote-mcp-prod-monitoring-{name}"
            for name in ("mcp-availability-5m", "mcp-latency-5m", "login-availability-5m", "login-latency-5m")
        },
        "dashboard_url": f"https://console.aws.amazon.com/cloudwatch/home?region={REGION}"
        "#dashboards/dashboard/remote-mcp-prod-monitoring",
        "api_id": API_ID,
        "stage_name": "prod",
        "invoke_url": f"https://{API_ID}.execute-api.{REGION}.amazonaws.com/prod",
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_boto3_is_packaged_where_the_configuration_says_so(stack: Stack, custom_stack: Stack, name: str) -> None:
    """Without ``packageBoto3``, the functions use the boto3 of the Lambda runtime."""
    for built, packaged in ((stack, False), (custom_stack, True)):
        archive = Path(lambda_function(built, name).inputs["code"].path)
        assert ("boto3/__init__.py" in contents(archive)) is packaged
