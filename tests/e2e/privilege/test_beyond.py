"""What a role permits, tried out: exactly what its features need, and nothing beyond."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from runtime import prefixes
from tests.e2e.privilege.needs import NEEDS
from tests.e2e.privilege.permission import Permission
from tests.e2e.privilege.world import AUDIT_LOG, CLIENT_SECRET, FUNCTIONS, OWN_LOG, SIGNING_KEY, WORKER, World

pytestmark = pytest.mark.proof

PREFIXES = [value for name, value in vars(prefixes).items() if name.isupper()]
# One call of each: a service, an operation, its parameters, and the action and the target that it stands for.
Attempt = tuple[str, str, dict[str, Any], str, str]
DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
ANOTHER = "another"


def on_items(table: str, name: str | None = None) -> Iterator[Attempt]:
    """Return attempts on items with each prefix, and with a key that no prefix starts."""
    for prefix in [*PREFIXES, "other#"]:
        key = {"pk": {"S": f"{prefix}proof"}}
        target = name or prefix
        yield "dynamodb", "get_item", {"TableName": table, "Key": key}, "dynamodb:GetItem", target
        batch = {"RequestItems": {table: {"Keys": [key]}}}
        yield "dynamodb", "batch_get_item", batch, "dynamodb:BatchGetItem", target
        yield "dynamodb", "put_item", {"TableName": table, "Item": key}, "dynamodb:PutItem", target
        yield "dynamodb", "update_item", {"TableName": table, "Key": key}, "dynamodb:UpdateItem", target
        yield "dynamodb", "delete_item", {"TableName": table, "Key": key}, "dynamodb:DeleteItem", target


def on_the_table(table: str) -> Iterator[Attempt]:
    """Return attempts that reach more than one item, or the table itself."""
    key = {"pk": {"S": "client#proof"}}
    asked = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": key["pk"]}}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("scan", {"TableName": table}),
        ("query", {"TableName": table, **asked}),
        ("batch_write_item", {"RequestItems": {table: [{"DeleteRequest": {"Key": key}}]}}),
        ("execute_statement", {"Statement": f'SELECT * FROM "{table}"'}),  # noqa: S608  # the name is the stack's own
        ("describe_table", {"TableName": table}),
        ("delete_table", {"TableName": table}),
    ]
    for operation, parameters in calls:
        yield "dynamodb", operation, parameters, f"dynamodb:{operation}", "the table"


def on_secret(identifier: str, target: str) -> Iterator[Attempt]:
    """Return attempts on a secret. None of them changes its current value."""
    version = {"ClientRequestToken": "0" * 32, "SecretString": "proof", "VersionStages": ["PROOF"]}
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("describe_secret", "DescribeSecret", {}),
        ("get_secret_value", "GetSecretValue", {}),
        ("put_secret_value", "PutSecretValue", version),
        ("update_secret_version_stage", "UpdateSecretVersionStage", {"VersionStage": "PROOF"}),
        ("list_secret_version_ids", "ListSecretVersionIds", {}),
        ("rotate_secret", "RotateSecret", {}),
        ("delete_secret", "DeleteSecret", {}),
    ]
    for operation, action, more in calls:
        yield "secretsmanager", operation, {"SecretId": identifier, **more}, f"secretsmanager:{action}", target


def on_log(group: str, stream: str, target: str) -> Iterator[Attempt]:
    """Return attempts on a log group and a stream of it."""
    where = {"logGroupName": group, "logStreamName": stream}
    lines = [{"timestamp": 1, "message": "proof"}]
    yield "logs", "put_log_events", {**where, "logEvents": lines}, "logs:PutLogEvents", target
    yield "logs", "create_log_stream", where, "logs:CreateLogStream", target
    yield "logs", "get_log_events", where, "logs:GetLogEvents", target
    yield "logs", "filter_log_events", {"logGroupName": group}, "logs:FilterLogEvents", target
    yield "logs", "delete_log_group", {"logGroupName": group}, "logs:DeleteLogGroup", target


def on_functions(world: World) -> Iterator[Attempt]:
    """Return attempts to invoke each function, by its name and by its alias."""
    for name in FUNCTIONS:
        for suffix in ("", ":live"):
            called = world.function_name(name) + suffix
            target = WORKER if name == "worker" and suffix else called
            parameters = {"FunctionName": called, "InvocationType": "DryRun"}
            yield "lambda", "invoke", parameters, "lambda:InvokeFunction", target


def attempts(world: World, function: str) -> Iterator[Attempt]:
    """Return everything that is tried under the role of a function."""
    yield from on_items(world.table_name)
    yield from on_items(ANOTHER, ANOTHER)
    yield from on_the_table(world.table_name)
    secret = "aws:secretsmanager/secret:Secret"
    yield from on_secret(world.arn_of(secret, "signing-key"), SIGNING_KEY)
    yield from on_secret(world.arn_of(secret, "upstream-secret"), CLIENT_SECRET)
    yield from on_secret(ANOTHER, ANOTHER)
    for name in FUNCTIONS:
        yield from on_log(world.log_group(name), "proof", OWN_LOG if name == function else name)
    audit_log = str(world.state.outputs["audit_log"])
    yield from on_log(audit_log, "events", AUDIT_LOG)
    yield from on_log(audit_log, "proof", "another stream of the audit log")
    yield from on_functions(world)
    role = world.function_name(function)
    yield "iam", "get_role", {"RoleName": role}, "iam:GetRole", role
    yield "iam", "put_role_policy", {"RoleName": role, "PolicyName": "x", "PolicyDocument": "{}"}, "iam:Put", role


@pytest.fixture(scope="module", autouse=True)
def another(world: World) -> None:
    """Make a table and a secret of somebody else in the same account."""
    world.aws.client("dynamodb").create_table(
        TableName=ANOTHER,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    world.aws.client("secretsmanager").create_secret(Name=ANOTHER, SecretString="theirs")  # a sample


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_permits_what_its_features_need_and_nothing_beyond(world: World, function: str) -> None:
    needed = {need.permission for need in NEEDS if need.permission.function == function}
    clients = {
        name: world.client_as(function, name) for name in ("dynamodb", "secretsmanager", "logs", "lambda", "iam")
    }
    permitted = set()
    for service, operation, parameters, action, target in attempts(world, function):
        if is_permitted(clients[service], operation, parameters):
            permitted.add(Permission(function, action, target))
    assert permitted == {permission for permission in needed if not permission.together}


def is_permitted(client: Any, operation: str, parameters: dict[str, Any]) -> bool:
    """Return whether a call is permitted. It may fail for another reason."""
    try:
        getattr(client, operation)(**parameters)
    except ClientError as error:
        return error.response["Error"]["Code"] not in DENIED
    return True


@pytest.mark.parametrize(("together", "expected"), [(["grant#1", "person#1"], True), (["grant#1", "client#1"], False)])
def test_a_transaction_writes_a_grant_and_its_user_and_nothing_else(
    world: World, together: list[str], expected: bool
) -> None:
    put, update = ({"pk": {"S": key}} for key in together)
    name = {"TableName": world.table_name}
    writes = [{"Put": {**name, "Item": put}}, {"Update": {**name, "Key": update, "UpdateExpression": "REMOVE x"}}]
    client = world.client_as("login", "dynamodb")
    assert is_permitted(client, "transact_write_items", {"TransactItems": writes}) is expected


def test_no_role_assumes_another(world: World) -> None:
    statements = [statement for declared in world.declared.values() for statement in declared]
    assert "sts:" not in json.dumps(statements)
