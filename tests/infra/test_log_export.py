"""Tests of the export of logs: to which destinations, with which permissions, and that no log group is left out."""

import json
from typing import Any

import pytest

from tests.infra.configuration import load, refusal
from tests.infra.policies import statements
from tests.infra.recorder import ACCOUNT_ID, REGION, Stack, arn, run_program

ELSEWHERE = "210987654321"
FIREHOSE = f"arn:aws:firehose:{REGION}:{ACCOUNT_ID}:deliverystream/siem"
KINESIS = f"arn:aws:kinesis:{REGION}:{ACCOUNT_ID}:stream/siem"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:siem"
DESTINATION = f"arn:aws:logs:{REGION}:{ELSEWHERE}:destination:organisation"
FILTER = "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"


def exported(stack: Stack) -> dict[str, Any]:
    """Return the subscription filters by their log groups."""
    return {each.inputs["logGroup"]: each.inputs for each in stack.all(FILTER)}


@pytest.fixture(scope="module")
def to_kinesis() -> Stack:
    return run_program({"logDestinationArn": KINESIS})


@pytest.fixture(scope="module")
def to_function() -> Stack:
    return run_program({"logDestinationArn": f"{FUNCTION}:live"})


@pytest.fixture(scope="module")
def to_organisation() -> Stack:
    return run_program({"logDestinationArn": DESTINATION})


def test_without_a_destination_nothing_is_exported(stack: Stack) -> None:
    assert not exported(stack)


@pytest.mark.parametrize(
    ("name", "destination"),
    [
        ("custom_stack", FIREHOSE),
        ("to_kinesis", KINESIS),
        ("to_function", f"{FUNCTION}:live"),
        ("to_organisation", DESTINATION),
    ],
)
def test_every_line_of_every_log_group_goes_to_the_destination(
    name: str, destination: str, request: pytest.FixtureRequest
) -> None:
    stack: Stack = request.getfixturevalue(name)
    # The log of a firewall in front of CloudFront is in another region, where this destination cannot be used.
    here = {group.name for group in stack.all("cloudwatch/logGroup:LogGroup") if "region" not in group.inputs}
    assert exported(stack).keys() == here
    for inputs in exported(stack).values():
        assert (inputs["destinationArn"], inputs["filterPattern"]) == (destination, "")


@pytest.mark.parametrize(
    ("name", "stack_name", "destination", "actions"),
    [
        ("custom_stack", "prod", FIREHOSE, ["firehose:PutRecord", "firehose:PutRecordBatch"]),
        ("to_kinesis", "dev", KINESIS, ["kinesis:PutRecord"]),
    ],
)
def test_cloudwatch_logs_puts_records_into_this_stream_with_a_role_that_only_it_can_assume(
    name: str, stack_name: str, destination: str, actions: list[str], request: pytest.FixtureRequest
) -> None:
    stack: Stack = request.getfixturevalue(name)
    role = stack.one("iam/role:Role", "-export")
    [trust] = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "logs.amazonaws.com"}
    assert trust["Condition"] == {"StringLike": {"aws:SourceArn": f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:*"}}
    assert statements(stack, "-export-policy") == [{"Effect": "Allow", "Action": actions, "Resource": [destination]}]
    for inputs in exported(stack).values():
        assert inputs["roleArn"] == arn("Role", f"remote-mcp-{stack_name}-export")
    assert not [each for each in stack.all("lambda/permission:Permission") if "-export-" in each.name]


def test_a_filter_waits_for_the_permission_that_it_needs(to_kinesis: Stack, to_function: Stack) -> None:
    for stack, kind in ((to_kinesis, "iam/rolePolicy:RolePolicy::"), (to_function, "lambda/permission:Permission::")):
        for each in stack.all(FILTER):
            needs = [urn for urn in stack.options_of(each).dependencies if kind in urn and "-export-" in urn]
            assert len(needs) == 1, each.name


def test_a_function_is_invoked_by_exactly_these_log_groups(to_function: Stack) -> None:
    permissions = [each for each in to_function.all("lambda/permission:Permission") if "-export-" in each.name]
    assert {each.inputs["sourceArn"] for each in permissions} == {
        f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:{group}:*" for group in exported(to_function)
    }
    for each in permissions:
        assert (each.inputs["function"], each.inputs["qualifier"]) == ("siem", "live")
        assert (each.inputs["principal"], each.inputs["sourceAccount"]) == ("logs.amazonaws.com", ACCOUNT_ID)
    assert not [each for each in to_function.all("iam/role:Role") if "-export" in each.name]
    assert not [inputs for inputs in exported(to_function).values() if "roleArn" in inputs]


def test_a_destination_of_another_account_needs_neither_role_nor_permission(to_organisation: Stack) -> None:
    own = {each.type for each in to_organisation.declared if "-export" in each.name}
    assert own == {"remote-mcp:aws:LogExport", f"aws:{FILTER}"}
    assert not [inputs for inputs in exported(to_organisation).values() if "roleArn" in inputs]


@pytest.mark.parametrize("destination", [FIREHOSE, KINESIS, FUNCTION, f"{FUNCTION}:3", DESTINATION])
def test_a_destination_is_a_stream_a_function_or_what_another_account_offers(destination: str) -> None:
    assert load({"logDestinationArn": destination}).log_destination_arn == destination


@pytest.mark.parametrize(
    ("destination", "allowed"),
    [
        (
            FIREHOSE.replace(REGION, "us-east-1"),
            f"a destination in {REGION}: CloudWatch Logs delivers within its region",
        ),
        (DESTINATION.replace(REGION, "us-east-1"), f"a destination in {REGION}"),
        (
            KINESIS.replace(ACCOUNT_ID, ELSEWHERE),
            f"in the account {ACCOUNT_ID} of the stack; for one in another account",
        ),
        (FUNCTION.replace(ACCOUNT_ID, ELSEWHERE), "create a destination of CloudWatch Logs there and give its ARN"),
        ("arn:aws:s3:::bucket", "a Firehose stream, a Kinesis data stream or a Lambda function"),
        (f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:x", "or a destination of CloudWatch Logs in its region"),
        (f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:queue", "a Firehose stream, a Kinesis data stream"),
    ],
)
def test_what_cloudwatch_logs_cannot_deliver_to_is_refused_with_what_to_do(destination: str, allowed: str) -> None:
    message = refusal({"logDestinationArn": destination})
    assert message.count("logDestinationArn is ") == 1
    assert allowed in message
