"""Lambda functions that a company has already, as tools, on the emulator, which enforces their permissions."""

import json

import pytest

from runtime.authoring.function_calls import REASONS
from tests.examples.conftest import Example

pytestmark = pytest.mark.stack


def test_a_function_answers_with_what_its_schema_says(example: Example) -> None:
    found = example.call("open_invoices", customer="acme")
    assert (len(found["invoices"]), found["total"]) == (2, 519.5)


def test_a_function_for_api_gateway_gets_a_request(example: Example) -> None:
    assert json.loads(example.call("orders", customer="acme", limit=2)) == ["A-7", "A-6"]
    assert example.fail("orders", customer="nobody") == 'The function answered 404: {"message": "no such customer"}'


def test_what_a_function_raised_reaches_neither_the_caller_nor_the_log_of_the_server(example: Example) -> None:
    """But of an exception whose messages are for the caller."""
    assert example.fail("open_invoices", customer="nobody") == "There is no such customer."
    message = example.fail("open_invoices", customer="broken")
    assert REASONS["crashed"] in message
    log = _log_of_server(example)
    assert "function failed" in log
    assert "hunter2" not in message + log


def test_without_its_permission_a_function_is_not_called(example: Example) -> None:
    """Last, because it takes the permission away. The emulator takes a moment to forget what it has seen."""
    iam = example.stack.client("iam")
    [role] = [role["RoleName"] for role in iam.list_roles()["Roles"] if role["RoleName"].endswith("-mcp")]
    [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    kept = [statement for statement in document["Statement"] if "legacy" not in json.dumps(statement["Resource"])]
    assert len(document["Statement"]) - len(kept) == 2
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps({**document, "Statement": kept}))
    try:
        assert REASONS["refused"] in example.fail("open_invoices", customer="acme")
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


def _log_of_server(example: Example) -> str:
    logs = example.stack.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    [server] = [group for group in groups if "mcp-logs" in group and "legacy" not in group]
    return "\n".join(event["message"] for event in logs.filter_log_events(logGroupName=server)["events"])
