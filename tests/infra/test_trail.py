"""Tests of the trail and of its bucket."""

import json
from typing import Any

import pytest

from tests.infra.configuration import load, refusal
from tests.infra.functions import FUNCTIONS
from tests.infra.recorder import ACCOUNT_ID, REGION, Stack, arn, run_program
from tests.infra.rules import findings

NAME = "remote-mcp-prod-trail"
TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT_ID}:trail/{NAME}"
BUCKET = arn("Bucket", NAME)
RETENTION_DAYS = 731
CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}


def trail(stack: Stack) -> dict[str, Any]:
    return dict(stack.one("cloudtrail/trail:Trail").inputs)


def fields(selector: dict[str, Any]) -> dict[str, list[str]]:
    """Return the values of each field of a selector."""
    return {each["field"]: each.get("equals") or each["startsWiths"] for each in selector["fieldSelectors"]}


def bucket_policy(stack: Stack) -> list[dict[str, Any]]:
    return list(json.loads(stack.one("s3/bucketPolicy:BucketPolicy").inputs["policy"])["Statement"])


def test_there_is_no_trail_unless_the_configuration_says_so(stack: Stack) -> None:
    assert not [resource for resource in stack.declared if resource.type.startswith(("aws:cloudtrail", "aws:s3"))]
    assert "trail_bucket" not in stack.outputs
    assert load({}).trail is False
    assert "allowed: true or false" in refusal({"trail": "yes"})


def test_the_events_of_the_account_are_recorded_in_all_regions(custom_stack: Stack) -> None:
    """What happens to roles and to the distribution is recorded in one region only."""
    inputs = trail(custom_stack)
    assert (inputs["isMultiRegionTrail"], inputs["includeGlobalServiceEvents"]) == (True, True)
    assert fields(inputs["advancedEventSelectors"][0]) == {"eventCategory": ["Management"]}


def test_the_data_events_are_those_of_the_table_and_the_functions_of_this_stack(custom_stack: Stack) -> None:
    _, table, functions = map(fields, trail(custom_stack)["advancedEventSelectors"])
    assert table == {
        "eventCategory": ["Data"],
        "resources.type": ["AWS::DynamoDB::Table"],
        "resources.ARN": [arn("Table", "remote-mcp-prod-store")],
    }
    place = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function"
    assert sorted(functions.pop("resources.ARN")) == [f"{place}:remote-mcp-prod-{name}" for name in FUNCTIONS]
    assert functions == {"eventCategory": ["Data"], "resources.type": ["AWS::Lambda::Function"]}


def test_files_are_encrypted_with_the_key_of_the_stack(custom_stack: Stack) -> None:
    assert trail(custom_stack)["kmsKeyId"] == arn("Key", "remote-mcp-prod-key")


@pytest.fixture(scope="module")
def plain() -> Stack:
    """A stack with a trail and without a key."""
    return run_program({"trail": "true"})


def test_without_a_key_s3_encrypts_the_files(plain: Stack) -> None:
    assert "kmsKeyId" not in trail(plain)


def test_the_key_lets_this_trail_encrypt_and_no_other(custom_stack: Stack) -> None:
    statements = [
        each
        for each in json.loads(custom_stack.one("kms/key:Key").inputs["policy"])["Statement"]
        if each["Principal"] == CLOUDTRAIL
    ]
    assert {action: each["Condition"] for each in statements for action in each["Action"]} == {
        "kms:GenerateDataKey": {
            "StringEquals": {"aws:SourceArn": TRAIL},
            "ArnLike": {"kms:EncryptionContext:aws:cloudtrail:arn": TRAIL.replace(REGION, "*")},
        },
        "kms:DescribeKey": {"StringEquals": {"aws:SourceArn": TRAIL}},
    }
    [use] = [
        each["Condition"]["StringLike"]["kms:ViaService"]
        for each in json.loads(custom_stack.one("kms/key:Key").inputs["policy"])["Statement"]
        if "kms:ViaService" in json.dumps(each)
    ]
    assert f"s3.{REGION}.amazonaws.com*" in use, "whoever may read the bucket could not read its files"


def test_a_file_is_locked_for_as_long_as_the_audit_log_is_kept_and_deleted_after_that(custom_stack: Stack) -> None:
    assert custom_stack.one("s3/bucket:Bucket").inputs["objectLockEnabled"] is True
    lock = custom_stack.one("s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration").inputs
    assert lock["rule"] == {"defaultRetention": {"mode": "GOVERNANCE", "days": RETENTION_DAYS}}
    [rule] = custom_stack.one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs["rules"]
    assert (rule["status"], rule["filter"]) == ("Enabled", {"prefix": "AWSLogs/"})
    assert rule["expiration"] == {"days": RETENTION_DAYS}
    # Versions are on, so an expired file is a version that must go, too.
    assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 1}


@pytest.mark.parametrize("rule", ["s3-secure-transport", "s3-public-access-blocked", "cloudtrail-validated"])
def test_files_are_signed_and_nobody_reaches_them_openly_or_over_an_open_connection(
    custom_stack: Stack, rule: str
) -> None:
    assert list(custom_stack.all("s3/bucket:Bucket"))
    assert findings(custom_stack, rule) == []


def test_only_this_trail_writes_and_only_below_the_folder_of_the_account(custom_stack: Stack) -> None:
    allowed = {
        action: (each["Principal"], each["Resource"], each["Condition"]["StringEquals"])
        for each in bucket_policy(custom_stack)
        if each["Effect"] == "Allow"
        for action in each["Action"]
    }
    assert allowed == {
        "s3:GetBucketAcl": (CLOUDTRAIL, [BUCKET], {"aws:SourceArn": TRAIL}),
        "s3:PutObject": (
            CLOUDTRAIL,
            [f"{BUCKET}/AWSLogs/{ACCOUNT_ID}/*"],
            {"aws:SourceArn": TRAIL, "s3:x-amz-acl": "bucket-owner-full-control"},
        ),
    }


def test_the_account_owns_what_is_in_the_bucket(custom_stack: Stack) -> None:
    owner = custom_stack.one("s3/bucketOwnershipControls:BucketOwnershipControls").inputs
    assert owner["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_the_bucket_its_settings_and_the_key_of_its_files_stay_when_the_stack_is_destroyed(
    custom_stack: Stack, plain: Stack
) -> None:
    for stack in (custom_stack, plain):
        retained = {each.type for each in stack.declared if stack.options_of(each).retained}
        kept = {each.type for each in stack.declared if each.type.startswith(("aws:s3/", "aws:kms/key"))}
        # GatewayAccount is that of the whole account.
        gateway = {"aws:apigateway/account:Account", "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"}
        assert retained - gateway == kept
        assert not stack.options_of(stack.one("cloudtrail/trail:Trail")).retained


@pytest.mark.slow
def test_a_key_without_a_trail_goes_with_the_stack() -> None:
    stack = run_program({"kmsKey": "create"})
    assert not stack.options_of(stack.one("kms/key:Key")).retained


def test_the_trail_starts_when_the_bucket_lets_it_write(custom_stack: Stack) -> None:
    [policy] = [urn for urn in custom_stack.urns if "s3/bucketPolicy:BucketPolicy::" in urn]
    assert policy in custom_stack.options_of(custom_stack.one("cloudtrail/trail:Trail")).dependencies


def test_the_output_names_the_bucket(custom_stack: Stack) -> None:
    assert custom_stack.outputs["trail_bucket"] == NAME
