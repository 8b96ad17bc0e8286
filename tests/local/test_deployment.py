"""Tests of applying declared resources to the emulator."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from botocore.exceptions import ClientError

from local.aws import Aws
from local.deployment import Deployment
from local.errors import LocalError
from local.state import State
from tests.local.conftest import Apply

Begin = Callable[[], Deployment]

ALIAS = "aws:lambda/alias:Alias"
API = "aws:apigateway/restApi:RestApi"
FUNCTION = "aws:lambda/function:Function"
INTEGRATION = "aws:apigateway/integration:Integration"
INVOCATION = "aws:lambda/invocation:Invocation"
METHOD = "aws:apigateway/method:Method"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
SECRET = "aws:secretsmanager/secret:Secret"
TABLE = "aws:dynamodb/table:Table"
TOPIC = "aws:sns/topic:Topic"

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def table(**changes: Any) -> dict[str, Any]:
    return {
        "hashKey": "pk",
        "attributes": [{"name": "pk", "type": "S"}],
        "billingMode": "PAY_PER_REQUEST",
        **changes,
    }


def allow(action: str, resource: str) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_resource_type_it_does_not_know_is_named(deploy: Begin, apply: Apply) -> None:
    with pytest.raises(LocalError, match=r"^aws:sqs/queue:Queue jobs: .*does not support this resource type"):
        apply(deploy(), "aws:sqs/queue:Queue", "jobs")


def test_an_input_it_does_not_know_is_named(deploy: Begin, apply: Apply) -> None:
    with pytest.raises(LocalError, match=r"^aws:sns/topic:Topic news: .*the input fifoTopic$"):
        apply(deploy(), TOPIC, "news", fifoTopic=True)


def test_after_the_first_failure_nothing_more_is_applied(deploy: Begin, apply: Apply, state: State) -> None:
    deployment = deploy()
    with pytest.raises(LocalError) as first:
        apply(deployment, "aws:sqs/queue:Queue", "jobs")
    with pytest.raises(LocalError) as second:
        apply(deployment, TOPIC, "after-failure")
    assert first.value is second.value is deployment.failure
    assert state.resources == {}


def test_what_has_not_changed_is_not_touched_and_its_outputs_are_known(deploy: Begin, apply: Apply) -> None:
    created = apply(deploy(), TOPIC, "same", displayName="x", tags={"a": "1"})
    again = deploy()
    assert apply(again, TOPIC, "same", displayName="x", tags={"a": "1"}) == created
    assert again.counts["unchanged"] == 1


def test_what_is_no_longer_declared_is_deleted(deploy: Begin, apply: Apply, aws: Aws, state: State) -> None:
    first = deploy()
    apply(first, TOPIC, "stays")
    gone, _ = apply(first, TOPIC, "goes")
    second = deploy()
    apply(second, TOPIC, "stays")
    second.prune()
    assert [entry.name for entry in state.resources.values()] == ["stays"]
    with pytest.raises(ClientError, match="NotFound"):
        aws.client("sns").get_topic_attributes(TopicArn=gone)


def test_a_table_keeps_its_items_when_its_settings_change(deploy: Begin, apply: Apply, aws: Aws) -> None:
    name, _ = apply(deploy(), TABLE, "kept", **table(deletionProtectionEnabled=True))
    aws.client("dynamodb").put_item(TableName=name, Item={"pk": {"S": "client#1"}})
    apply(deploy(), TABLE, "kept", **table(ttl={"attributeName": "expires_at", "enabled": True}))
    assert "Item" in aws.client("dynamodb").get_item(TableName=name, Key={"pk": {"S": "client#1"}})
    ttl = aws.client("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert ttl["TimeToLiveStatus"] == "ENABLED"
    assert not aws.client("dynamodb").describe_table(TableName=name)["Table"]["DeletionProtectionEnabled"]


def test_a_change_of_a_tables_key_is_refused_rather_than_losing_its_items(deploy: Begin, apply: Apply) -> None:
    apply(deploy(), TABLE, "keyed", **table())
    with pytest.raises(LocalError, match="cannot change in place"):
        apply(deploy(), TABLE, "keyed", **table(hashKey="id", attributes=[{"name": "id", "type": "S"}]))


def test_tags_are_added_changed_and_removed(deploy: Begin, apply: Apply, aws: Aws) -> None:
    apply(deploy(), TABLE, "tagged", **table(tags={"a": "1", "b": "1"}))
    _, outputs = apply(deploy(), TABLE, "tagged", **table(tags={"b": "2", "c": "1"}))
    tags = aws.client("dynamodb").list_tags_of_resource(ResourceArn=outputs["arn"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"b": "2", "c": "1"} == outputs["tagsAll"]


def test_a_method_that_is_written_anew_gets_its_integration_back(deploy: Begin, apply: Apply, aws: Aws) -> None:
    def declare(deployment: Deployment, **method: Any) -> dict[str, str]:
        api, outputs = apply(deployment, API, "methods")
        key = {"restApi": api, "resourceId": outputs["rootResourceId"], "httpMethod": "GET"}
        apply(deployment, METHOD, "get", **key, **method)
        apply(deployment, INTEGRATION, "get-integration", **key, type="MOCK")
        return {"restApiId": api, "resourceId": outputs["rootResourceId"], "httpMethod": "GET"}

    declare(deploy(), authorization="NONE")
    changed = deploy()
    key = declare(changed, authorization="AWS_IAM")
    method = aws.client("apigateway").get_method(**key)
    assert (method["authorizationType"], method["methodIntegration"]["type"]) == ("AWS_IAM", "MOCK")
    assert changed.counts["updated"] == 2


def test_what_was_attached_to_a_replaced_resource_is_attached_again(deploy: Begin, apply: Apply, aws: Aws) -> None:
    def declare(path: str) -> str:
        deployment = deploy()
        role, _ = apply(deployment, ROLE, "replaced", assumeRolePolicy=TRUST, path=path)
        apply(deployment, ROLE_POLICY, "attached", role=role, policy=allow("sns:Publish", "*"))
        return role

    declare("/a/")
    role = declare("/b/")
    assert aws.client("iam").get_role(RoleName=role)["Role"]["Path"] == "/b/"
    assert aws.client("iam").list_role_policies(RoleName=role)["PolicyNames"] == ["attached"]


def test_a_secret_has_no_version_before_somebody_gives_it_a_value(deploy: Begin, apply: Apply, aws: Aws) -> None:
    arn, _ = apply(deploy(), SECRET, "empty")
    with pytest.raises(aws.client("secretsmanager").exceptions.ResourceNotFoundException):
        aws.client("secretsmanager").get_secret_value(SecretId=arn)


def test_a_rotation_schedule_leaves_the_current_value_alone(deploy: Begin, apply: Apply, aws: Aws) -> None:
    deployment = deploy()
    arn, _ = apply(deployment, SECRET, "rotated")
    version = aws.client("secretsmanager").put_secret_value(SecretId=arn, SecretString="key")["VersionId"]
    apply(
        deployment,
        ROTATION,
        "schedule",
        secretId=arn,
        rotationLambdaArn=aws.arn("lambda", "function:any"),
        rotateImmediately=False,
        rotationRules={"automaticallyAfterDays": 30.0},
    )
    assert aws.client("secretsmanager").get_secret_value(SecretId=arn)["VersionId"] == version
    assert aws.client("secretsmanager").describe_secret(SecretId=arn)["RotationRules"] == {"AutomaticallyAfterDays": 30}


def test_only_questions_about_where_the_stack_lives_are_answered(deploy: Begin) -> None:
    def answer(token: str) -> dict[str, Any]:
        return deploy().call(pulumi.runtime.MockCallArgs(token, {}, ""))[0]

    assert answer("aws:index/getRegion:getRegion")["region"] == "eu-central-1"
    assert answer("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "000000000000"
    assert answer("aws:index/getPartition:getPartition")["partition"] == "aws"
    with pytest.raises(LocalError, match="aws:ec2/getVpc:getVpc"):
        answer("aws:ec2/getVpc:getVpc")


def test_a_replacement_that_fails_is_created_by_the_next_run(
    deploy: Begin, apply: Apply, state: State, aws: Aws
) -> None:
    apply(deploy(), ROLE, "retried", assumeRolePolicy=TRUST, path="/a/")
    with pytest.raises(LocalError, match="retried"):
        apply(deploy(), ROLE, "retried", assumeRolePolicy=TRUST, path=7)
    assert state.resources == {}
    apply(deploy(), ROLE, "retried", assumeRolePolicy=TRUST, path="/b/")
    assert aws.client("iam").get_role(RoleName="retried")["Role"]["Path"] == "/b/"
