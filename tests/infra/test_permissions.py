"""Who may do what: least privilege, read from the policy documents themselves."""

import fnmatch
import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from runtime.storage.clients import DynamoDBClients
from runtime.storage.counters import DynamoDBCounters
from runtime.storage.documents import exchange_store, task_store
from runtime.storage.fetched import DynamoDBFetched
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.initial_tokens import DynamoDBInitialTokens
from runtime.storage.levels import DynamoDBLevels
from runtime.storage.marks import DynamoDBOneTimeIds, DynamoDBRevocations
from runtime.storage.records import Client, FetchedDocument, Grant
from runtime.storage.work import Exchange, Principal, Task
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
    found: dict[str, list[str]] = {}
    for statement in statements(stack, policy):
        for action in statement["Action"]:
            found[action] = list(dict.fromkeys([*found.get(action, []), *statement["Resource"]]))
    return found


def logging(function: str) -> dict[str, list[str]]:
    group = [arn("LogGroup", f"remote-mcp-dev-{function}-logs") + ":*"]
    return {"logs:CreateLogStream": group, "logs:PutLogEvents": group}


def auditing(function: str) -> dict[str, list[str]]:
    """What a function may do that writes its own log and, beside it, to the audit log."""
    own = logging(function)
    group = arn("LogGroup", "remote-mcp-dev-audit")
    return own | {"logs:PutLogEvents": [*own["logs:PutLogEvents"], f"{group}:log-stream:events", group]}


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


def test_the_mcp_function_gets_and_puts_items_and_starts_the_worker(stack: Stack) -> None:
    assert allowed(stack, "dev-mcp-policy") == logging("mcp") | TRACING | {
        "dynamodb:GetItem": [TABLE],
        "dynamodb:PutItem": [TABLE],
        "lambda:InvokeFunction": [arn("Function", "remote-mcp-dev-worker")],
    }


def test_the_worker_can_do_nothing_but_get_and_put_items(stack: Stack) -> None:
    assert allowed(stack, "dev-worker-policy") == logging("worker") | TRACING | {
        "dynamodb:GetItem": [TABLE],
        "dynamodb:PutItem": [TABLE],
    }


def test_only_the_functions_that_issue_and_verify_tokens_reach_the_key(stack: Stack) -> None:
    readers = {
        policy.name
        for policy in stack.all("iam/rolePolicy:RolePolicy")
        if "secretsmanager:" in policy.inputs["policy"] or KEY in policy.inputs["policy"]
    }
    names = ("authorizer", "oauth", "signing-key-rotation")
    assert readers == {f"remote-mcp-dev-{name}-policy" for name in names}


def test_the_authorizer_can_only_read(stack: Stack) -> None:
    assert allowed(stack, "dev-authorizer-policy") == logging("authorizer") | TRACING | {
        "dynamodb:GetItem": [TABLE],
        "secretsmanager:GetSecretValue": [KEY],
    }


def test_the_oauth_function_works_on_clients_and_reads_the_key(stack: Stack) -> None:
    items = {f"dynamodb:{action}Item": [TABLE] for action in ("Get", "Put", "Update", "Delete")}
    assert allowed(stack, "dev-oauth-policy") == auditing("oauth") | TRACING | items | {
        "secretsmanager:GetSecretValue": [KEY]
    }


def test_the_rotation_function_works_on_the_key_alone(stack: Stack) -> None:
    actions = ("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage")
    assert allowed(stack, "rotation-policy") == auditing("signing-key-rotation") | TRACING | {
        f"secretsmanager:{action}": [KEY] for action in actions
    }


def leading_keys(stack: Stack, function: str) -> dict[str, list[str]]:
    """The patterns of the partition keys that a function reaches in the table, with what it does to their items."""
    reached: dict[str, list[str]] = {}
    for statement in statements(stack, f"dev-{function}-policy"):
        if statement["Action"][0].startswith("dynamodb:"):
            assert list(statement["Condition"]) == ["ForAllValues:StringLike"]
            [(key, patterns)] = statement["Condition"]["ForAllValues:StringLike"].items()
            assert key == "dynamodb:LeadingKeys"
            actions = [action.removeprefix("dynamodb:").removesuffix("Item") for action in statement["Action"]]
            reached |= dict.fromkeys(patterns, actions)
    return reached


@pytest.mark.parametrize(
    ("function", "prefixes"),
    [
        ("authorizer", {"client#*": ["Get"], "revoked#*": ["Get"], "grant#*": ["Get"]}),
        (
            "oauth",
            {
                "client#*": ["Get", "Put", "Update", "Delete"],
                "initial#*": ["Get"],
                "rate#*": ["Update"],
                "once#*": ["Put"],
                "revoked#*": ["Get", "Put"],
                "grant#*": ["Get", "Update", "Delete"],
                "keys#*": ["Get", "Put"],
                "document#*": ["Get", "Put"],
            },
        ),
        ("mcp", {key: ["Get", "Put"] for key in ("exchange#*", "level#*", "task#*")}),
        ("worker", {"task#*": ["Get", "Put"]}),
    ],
)
def test_the_table_is_reached_by_the_prefixes_of_a_function_only(
    stack: Stack, function: str, prefixes: dict[str, list[str]]
) -> None:
    assert leading_keys(stack, function) == prefixes


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """The partition keys under which the runtime keeps what each function keeps."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        table = boto3.resource("dynamodb").create_table(
            TableName="table",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        )
        owner = Principal("c", "s")
        DynamoDBClients("table", time.time).add(Client("c", None, "hash", {}, stated_auth_method=True, issued_at=0))
        DynamoDBCounters("table").count("c", 1)
        DynamoDBGrants("table", time.time).add(Grant("g", "c", "", "s", "", "", "", "", "", 1, 0, 1, 1))
        exchange_store("table").put(Exchange("e", owner, {}, "2025-11-25", {}, 1, {}, {}, {}, ()))
        DynamoDBFetched("table", "document").put("hash", FetchedDocument({}, 0, 1))
        DynamoDBFetched("table", "keys").put("hash", FetchedDocument({}, 0, 1))
        DynamoDBInitialTokens("table").add("hash", 1)
        DynamoDBOneTimeIds("table").use("c", "jti", 1, 0)
        DynamoDBRevocations("table").revoke("jti", 1)
        DynamoDBLevels("table").put(owner, "info", 1)
        task_store("table").put(Task("t", owner, "working", {}, 0, 0, 1, 0, {}, {}, {}))
        keys = {key.partition("#")[0]: key for key in (str(item["pk"]) for item in table.scan()["Items"])}
        oauth_kinds = ("client", "document", "grant", "initial", "keys", "once", "rate", "revoked")
        yield {
            "oauth": [keys.pop(kind) for kind in oauth_kinds],
            "worker": [keys["task"]],
            "mcp": list(keys.values()),
        }


@pytest.mark.parametrize("function", ["mcp", "oauth", "worker"])
def test_a_function_reaches_what_it_keeps_and_nothing_else(
    stack: Stack, written: dict[str, list[str]], function: str
) -> None:
    """The emulator behind the end-to-end tests does not know this condition, so here is what notices a wrong one."""
    reached = {
        pattern: [key for key in written[function] if fnmatch.fnmatchcase(key, pattern)]
        for pattern in leading_keys(stack, function)
    }
    assert all(reached.values()), reached
    assert sorted(key for keys in reached.values() for key in keys) == sorted(written[function])


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
