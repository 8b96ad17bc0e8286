"""Tests of tables and secrets that a stack uses and does not own."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi_aws.dynamodb import GetTableResult

from components.adoption import Adopted, Promises, adopt_secret, adopt_signing_key, adopt_table, wrong_table
from components.encryption import Encryption
from components.location import Location, Place
from tests.infra.configuration import load, refusal
from tests.infra.policies import statements
from tests.infra.recorder import ACCOUNT_ID, REGION, Declaration, Recorder, Stack, run_program

TABLE_ARN = f"arn:aws:dynamodb:{REGION}:{ACCOUNT_ID}:table/restored"
KEY_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT_ID}:secret:team/keys-AbCdEf"
CLIENT_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT_ID}:secret:team/idp-AbCdEf"
KMS_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/0"
GET_TABLE = "aws:dynamodb/getTable:getTable"
GET_SECRET = "aws:secretsmanager/getSecret:getSecret"
GET_KEY = "aws:kms/getKey:getKey"
GET_ROTATION = "aws:secretsmanager/getSecretRotation:getSecretRotation"
TABLE: dict[str, Any] = {
    "id": "restored",
    "name": "restored",
    "arn": TABLE_ARN,
    "hashKey": "pk",
    "rangeKey": "",
    "attributes": [{"name": "pk", "type": "S"}],
    "ttl": {"enabled": True, "attributeName": "expires_at"},
    "pointInTimeRecovery": {"enabled": True},
    "deletionProtectionEnabled": True,
    "serverSideEncryption": {"enabled": False, "kmsKeyArn": ""},
}
NOT_ROTATED = {"id": KEY_ARN, "secretId": KEY_ARN, "rotationEnabled": False, "rotationLambdaArn": ""}
UPSTREAM = {"upstream": '{"issuer": "https://idp.example.com", "clientId": "remote-mcp"}'}


def secret(arn: str) -> dict[str, str]:
    return {"id": arn, "arn": arn, "name": arn.rpartition(":")[2].rpartition("-")[0], "kmsKeyId": ""}


@pytest.fixture(scope="module")
def with_table() -> Stack:
    """Return a stack with the deletion protection of its own table, on another one."""
    config = {"existingTable": "restored", "deletionProtection": "true"}
    return run_program(config, existing={GET_TABLE: TABLE})


@pytest.fixture(scope="module")
def with_secrets() -> Stack:
    """Return a stack on two secrets of another team. The recorder knows one answer, so both have the same name."""
    config = {"existingSigningKey": KEY_ARN, "existingUpstreamSecret": KEY_ARN, **UPSTREAM}
    return run_program(config, existing={GET_SECRET: secret(KEY_ARN), GET_ROTATION: NOT_ROTATED})


def names_of_tables(stack: Stack) -> set[Any]:
    functions = stack.all("lambda/function:Function")
    variables = (function.inputs["environment"]["variables"] for function in functions)
    return {each["TABLE_NAME"] for each in variables if "TABLE_NAME" in each}


def test_every_function_uses_the_existing_table_and_may_use_no_other(with_table: Stack) -> None:
    assert names_of_tables(with_table) == {"restored"}
    policies = [json.loads(policy.inputs["policy"]) for policy in with_table.all("iam/rolePolicy:RolePolicy")]
    reached = [each for policy in policies for each in policy["Statement"] if "dynamodb:" in each["Action"][0]]
    assert reached
    assert {arn for statement in reached for arn in statement["Resource"]} == {TABLE_ARN}


def test_alarms_and_outputs_name_the_existing_table(with_table: Stack) -> None:
    alarms = with_table.all("cloudwatch/metricAlarm:MetricAlarm")
    named = {alarm.inputs.get("dimensions", {}).get("TableName") for alarm in alarms} - {None}
    assert named == {"restored"}
    assert with_table.outputs["table_name"] == "restored"


def test_the_stacks_own_table_stays_as_it_is(with_table: Stack, custom_stack: Stack) -> None:
    """A setting must not delete data. Both stacks have deletionProtection."""
    ours, theirs = with_table.one("dynamodb/table:Table"), custom_stack.one("dynamodb/table:Table")
    assert ours.inputs.keys() == theirs.inputs.keys()
    assert with_table.options_of(ours).protect


def test_the_functions_use_the_existing_secrets_and_no_others_are_made(with_secrets: Stack) -> None:
    assert list(with_secrets.all("secretsmanager/secret:Secret")) == []
    readers = ("authorizer", "oauth", "login", "rotation")
    policies = [json.dumps(statements(with_secrets, f"dev-{function}-policy")) for function in readers]
    assert all(KEY_ARN in policy for policy in policies)
    login = with_secrets.one("lambda/function:Function", "dev-login").inputs["environment"]["variables"]
    assert (login["SIGNING_KEY_ARN"], login["UPSTREAM_SECRET_ARN"]) == (KEY_ARN, KEY_ARN)
    assert with_secrets.outputs["upstream_secret_name"] == "team/keys"


def test_an_existing_signing_key_gets_its_first_value_and_is_rotated(with_secrets: Stack) -> None:
    first: Declaration = with_secrets.one("lambda/invocation:Invocation")
    assert json.loads(first.inputs["input"])["SecretId"] == KEY_ARN
    assert with_secrets.one("secretsmanager/secretRotation:SecretRotation").inputs["secretId"] == KEY_ARN


def found(**changes: Any) -> GetTableResult:
    pulumi.runtime.set_mocks(Recorder(existing={GET_TABLE: copy.deepcopy(TABLE) | changes}))
    return aws.dynamodb.get_table(name="restored")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"hashKey": "id", "attributes": [{"name": "id", "type": "S"}]}, "its key is id (S); it must be pk (S) alone"),
        ({"attributes": [{"name": "pk", "type": "N"}]}, "its key is pk (N); it must be pk (S) alone"),
        (
            {"rangeKey": "sk", "attributes": [{"name": "pk", "type": "S"}, {"name": "sk", "type": "N"}]},
            "its key is pk (S), sk (N); it must be pk (S) alone",
        ),
        ({"ttl": {"enabled": False, "attributeName": ""}}, "its items do not expire by expires_at"),
        ({"ttl": {"enabled": True, "attributeName": "ttl"}}, "its items do not expire by expires_at"),
        ({"pointInTimeRecovery": {"enabled": False}}, "it has no point-in-time recovery"),
        ({"deletionProtectionEnabled": False}, "it does not refuse deletion"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_the_reason(changes: dict[str, Any], problem: str) -> None:
    [said] = wrong_table(found(**changes), Promises(recovery=True, protection=True))
    assert said.startswith(problem)
    assert "its key" in said or "run: python -m admin --stack stack prepare-table restored" in said


def test_what_the_configuration_does_not_promise_a_table_may_lack() -> None:
    bare = found(pointInTimeRecovery={"enabled": False}, deletionProtectionEnabled=False)
    assert list(wrong_table(bare, Promises(recovery=False, protection=False))) == []


def test_a_table_that_cannot_be_used_stops_the_preview_with_its_name() -> None:
    wrong = TABLE | {"hashKey": "id", "attributes": [{"name": "id", "type": "S"}]}
    with pytest.raises(pulumi.RunError, match="The table restored, which existingTable names, cannot be used:"):
        run_program({"existingTable": "restored"}, preview=True, existing={GET_TABLE: wrong})


def test_a_table_that_does_not_exist_stops_the_preview_with_its_name() -> None:
    with pytest.raises(
        pulumi.RunError, match=r"existingTable is restored, which cannot be read: .* couldn't find resource"
    ):
        run_program({"existingTable": "restored"}, preview=True)


def test_a_signing_key_that_another_function_rotates_is_refused_with_what_ends_that() -> None:
    other = NOT_ROTATED | {"rotationEnabled": True, "rotationLambdaArn": "arn:aws:lambda:::function:theirs"}
    with pytest.raises(pulumi.RunError, match="function:theirs rotates it; end that first: aws secretsmanager cancel"):
        run_program(
            {"existingSigningKey": KEY_ARN}, existing={GET_SECRET: secret(KEY_ARN), GET_ROTATION: other}, preview=True
        )


def test_a_signing_key_that_this_stack_already_rotates_is_taken() -> None:
    arn = "arn:aws:lambda:::function:remote-mcp-dev-rotation-0123456:live"
    ours = NOT_ROTATED | {"rotationEnabled": True, "rotationLambdaArn": arn}
    pulumi.runtime.set_mocks(Recorder(existing={GET_SECRET: secret(KEY_ARN), GET_ROTATION: ours}))
    adopt_signing_key(KEY_ARN, "remote-mcp-dev-rotation", encryption(None))


def test_a_secret_of_another_region_is_refused_because_the_functions_could_not_read_it() -> None:
    pulumi.runtime.set_mocks(Recorder())
    with pytest.raises(pulumi.RunError, match=f"it is in us-west-2, and the stack is in {REGION}"):
        adopt_secret("existingSigningKey", KEY_ARN.replace(REGION, "us-west-2"), encryption(None))


def encryption(key: pulumi.Input[str] | None) -> Encryption:
    return Encryption(key, Location.of(Place()))


@pytest.mark.parametrize(
    ("manager", "own", "taken"),
    [
        ("AWS", None, True),
        ("CUSTOMER", None, False),
        ("CUSTOMER", KMS_KEY, True),
        ("CUSTOMER", f"{KMS_KEY}2", False),
        ("CUSTOMER", pulumi.Output.from_input(KMS_KEY), True),
    ],
    ids=["AWS's", "a key without kmsKey", "kmsKey", "another than kmsKey", "one that the stack makes"],
)
def test_what_is_encrypted_with_a_key_that_the_functions_may_not_use_is_refused(
    manager: str, own: pulumi.Input[str] | None, taken: bool
) -> None:
    sse = {"serverSideEncryption": {"enabled": True, "kmsKeyArn": KMS_KEY}}
    key = {"id": "k", "arn": KMS_KEY, "keyManager": manager}
    existing = {GET_TABLE: TABLE | sse, GET_SECRET: {**secret(KEY_ARN), "kmsKeyId": "k"}, GET_KEY: key}
    pulumi.runtime.set_mocks(Recorder(existing=existing))
    promises = Promises(recovery=True, protection=True)
    adoptions: list[Callable[[], Adopted]] = [
        lambda: adopt_table("restored", promises, encryption(own)),
        lambda: adopt_secret("existingSigningKey", KEY_ARN, encryption(own)),
    ]
    for adopt in adoptions:
        if taken:
            adopt()
        else:
            with pytest.raises(pulumi.RunError, match=f"encrypted with {KMS_KEY}, which the functions may not use"):
                adopt()


def test_the_functions_may_use_the_key_for_the_restored_table_by_its_name() -> None:
    """DynamoDB puts the name of the table into the encryption context."""
    sse = {"serverSideEncryption": {"enabled": True, "kmsKeyArn": KMS_KEY}}
    key = {"id": "k", "arn": KMS_KEY, "keyManager": "CUSTOMER"}
    config = {"existingTable": "restored", "kmsKey": KMS_KEY}
    stack = run_program(config, existing={GET_TABLE: TABLE | sse, GET_KEY: key})
    contexts = [each for each in statements(stack, "dev-mcp-policy") if "tableName" in json.dumps(each)]
    assert [each["Condition"]["StringEquals"] for each in contexts] == [
        {"kms:EncryptionContext:aws:dynamodb:tableName": ["restored"]}
    ]


def test_a_client_secret_needs_an_identity_provider() -> None:
    config = {"existingUpstreamSecret": CLIENT_ARN}
    assert load(config | UPSTREAM).existing_upstream_secret == CLIENT_ARN
    assert "existingUpstreamSecret is set, but upstream is not; set upstream, or remove" in refusal(config)


@pytest.mark.parametrize(
    "config",
    [
        {"existingTable": TABLE_ARN},
        {"existingTable": "a b"},
        {"existingSigningKey": "team/keys"},
        {"existingSigningKey": KEY_ARN.removesuffix("-AbCdEf")},
        {"existingSigningKey": f"{KEY_ARN}/*"},
        {"existingUpstreamSecret": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:*"},
    ],
    ids=str,
)
def test_a_table_is_named_and_a_secret_has_its_whole_arn(config: dict[str, str]) -> None:
    """The ARN goes into the policies of the roles, where a shorter one would permit nothing, or more."""
    assert f"{next(iter(config))} is " in refusal(config)
