"""Tests of what encrypts the data of a stack, of the policy of its key, and of who may use it."""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from components.names import SUFFIX
from tests.infra.configuration import load, refusal
from tests.infra.functions import FUNCTIONS
from tests.infra.policies import statements
from tests.infra.recorder import ACCOUNT_ID, PROJECT, REGION, Declaration, Stack, arn, run_program
from tests.infra.rules import findings

GIVEN = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/0a1b2c3d-0000-0000-0000-000000000000"
KEY = arn("Key", "remote-mcp-prod-key")
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"}
UPSTREAM = '{"issuer": "https://idp.example.com", "clientId": "remote-mcp"}'


@pytest.fixture(scope="module")
def given() -> Stack:
    """A stack whose key somebody else made."""
    return run_program({"kmsKey": GIVEN, "upstream": UPSTREAM})


def encrypted(stack: Stack) -> dict[str, Any]:
    """Return the key of everything that has one, by its name."""
    found = {}
    for resource in stack.declared:
        match resource.type.rpartition(":")[2]:
            case "Table":
                found[resource.name] = resource.inputs["serverSideEncryption"].get("kmsKeyArn")
            case "Secret" | "LogGroup":
                found[resource.name] = resource.inputs.get("kmsKeyId")
            case "Topic":
                found[resource.name] = resource.inputs.get("kmsMasterKeyId")
    return found


def key_policy(stack: Stack) -> list[dict[str, Any]]:
    return list(json.loads(stack.one("kms/key:Key").inputs["policy"])["Statement"])


def of_service(stack: Stack, service: str) -> dict[str, Any]:
    [found] = [each for each in key_policy(stack) if each["Principal"] == {"Service": service}]
    return found


def uses_of_the_key(stack: Stack, function: str) -> list[tuple[list[str], Any, Any]]:
    """Return what a function's role may do with the key: the actions, through which service, and for which data."""
    found = []
    for statement in statements(stack, f"-{function}-policy"):
        if any(action.startswith("kms:") for action in statement["Action"]):
            condition = statement["Condition"]
            found.append((statement["Action"], condition["StringLike"]["kms:ViaService"], condition["StringEquals"]))
    return found


def test_without_a_key_the_services_use_their_own(stack: Stack) -> None:
    assert set(encrypted(stack).values()) == {None}
    assert stack.one("dynamodb/table:Table").inputs["serverSideEncryption"] == {"enabled": False}
    assert not [resource for resource in stack.declared if resource.type.startswith("aws:kms")]
    assert "kms:" not in json.dumps([dict(resource.inputs) for resource in stack.declared], default=str)


def test_a_key_of_the_stack_encrypts_everything_that_holds_data(custom_stack: Stack) -> None:
    found = encrypted(custom_stack)
    assert set(found.values()) == {KEY}
    assert {name.removeprefix("remote-mcp-prod-") for name in found} >= {
        "store",
        "signing-key",
        "upstream-secret",
        "audit",
        "api-access-logs",
        "monitoring-alarms",
        *(f"{function}-logs" for function in FUNCTIONS),
    }
    assert custom_stack.one("dynamodb/table:Table").inputs["serverSideEncryption"]["enabled"] is True


def test_a_given_key_encrypts_the_same_and_none_is_made(given: Stack, custom_stack: Stack) -> None:
    assert set(encrypted(given).values()) == {GIVEN}
    assert len(encrypted(given)) == len(encrypted(custom_stack))
    assert not list(given.all("kms/key:Key"))


def test_the_key_rotates_and_has_an_alias(custom_stack: Stack) -> None:
    assert findings(custom_stack, "kms-key-rotation") == []
    alias = custom_stack.one("kms/alias:Alias").inputs
    assert alias == {"name": "alias/remote-mcp-prod", "targetKeyId": "remote-mcp-prod-key-id"}


def test_a_protected_key_can_be_restored_for_30_days(custom_stack: Stack) -> None:
    assert custom_stack.one("kms/key:Key").inputs["deletionWindowInDays"] == 30


@pytest.mark.slow
def test_an_unprotected_key_is_gone_after_a_week() -> None:
    key = run_program({"kmsKey": "create"}).one("kms/key:Key")
    assert key.inputs["deletionWindowInDays"] == 7


def test_the_key_waits_for_nothing_and_what_it_encrypts_waits_for_the_key(custom_stack: Stack) -> None:
    """A policy with the ARN of what the key encrypts would be a circle."""
    key = custom_stack.one("kms/key:Key")
    assert custom_stack.options_of(key).dependencies == frozenset()
    [urn] = [urn for urn in custom_stack.urns if "kms/key:Key::" in urn]
    for resource in custom_stack.declared:
        if resource.name in encrypted(custom_stack) and resource.type.startswith("aws:"):
            assert urn in custom_stack.options_of(resource).dependencies, resource.name


def test_the_account_administers_the_key_and_uses_it_through_services_only(custom_stack: Stack) -> None:
    """Nobody decrypts with it directly, not even an administrator."""
    administer, use = (each for each in key_policy(custom_stack) if each["Principal"] == ROOT)
    assert "Condition" not in administer
    assert {"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"} <= set(administer["Action"])
    cryptographic = ("Encrypt", "Decrypt", "ReEncrypt", "GenerateDataKey", "CreateGrant")
    assert not [action for action in administer["Action"] if action.removeprefix("kms:").startswith(cryptographic)]
    assert {"kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"} <= set(use["Action"])
    services = {pattern.partition(".")[0] for pattern in use["Condition"]["StringLike"]["kms:ViaService"]}
    assert services >= {"dynamodb", "secretsmanager", "logs"}
    assert all(f".{REGION}.amazonaws.com" in each for each in use["Condition"]["StringLike"]["kms:ViaService"])


def test_nobody_else_and_no_other_action_is_in_the_policy_of_the_key(custom_stack: Stack) -> None:
    for statement in key_policy(custom_stack):
        assert "*" not in json.dumps([statement["Principal"], statement["Action"]])
        # In the policy of a key, this is the key.
        assert statement["Resource"] == ["*"]
        assert statement["Principal"] == ROOT or statement["Condition"], statement


def test_the_owner_of_a_given_key_is_told_the_same_policy_without_its_administration(custom_stack: Stack) -> None:
    page = (PROJECT / "docs" / "encryption.md").read_text()
    told = page.partition("<!-- the policy of a created key")[2].partition("```json\n")[2].partition("```")[0]
    told = told.replace("REGION", REGION).replace("ACCOUNT", ACCOUNT_ID).replace("PROJECT-STACK", "remote-mcp-prod")
    administer, *rest = key_policy(custom_stack)
    assert administer["Principal"] == ROOT
    assert json.loads(told) == rest


def test_the_policy_knows_every_log_group_by_its_name(custom_stack: Stack) -> None:
    statement = of_service(custom_stack, f"logs.{REGION}.amazonaws.com")
    patterns = statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    own, firewall = (pattern.removeprefix(f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:") for pattern in patterns)
    assert (own, firewall) == ("remote-mcp-prod-*", "aws-waf-logs-remote-mcp-prod-*")
    for group in custom_stack.all("cloudwatch/logGroup:LogGroup"):
        name = group.inputs.get("name", group.name + SUFFIX)
        assert fnmatchcase(name, own) or fnmatchcase(name, firewall), name


def test_alarms_may_use_the_key_for_the_topic(custom_stack: Stack) -> None:
    statement = of_service(custom_stack, "cloudwatch.amazonaws.com")
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    pattern = statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:sns:topicArn"]
    topic = custom_stack.one("sns/topic:Topic").name + SUFFIX
    assert fnmatchcase(f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:{topic}", pattern)


def prefixed(name: str) -> str:
    return f"remote-mcp-dev-{name}"


def logged(*groups: str) -> list[tuple[list[str], str, dict[str, list[str]]]]:
    return [
        (
            ["kms:Decrypt", "kms:GenerateDataKey"],
            f"logs.{REGION}.amazonaws.com*",
            {"kms:EncryptionContext:aws:logs:arn": [arn("LogGroup", prefixed(group))]},
        )
        for group in groups
    ]


TABLE = (
    ["kms:Decrypt"],
    f"dynamodb.{REGION}.amazonaws.com*",
    {"kms:EncryptionContext:aws:dynamodb:tableName": [prefixed("store")]},
)


def secret(name: str, *actions: str) -> tuple[list[str], str, dict[str, list[str]]]:
    return (
        [f"kms:{action}" for action in actions],
        f"secretsmanager.{REGION}.amazonaws.com*",
        {"kms:EncryptionContext:SecretARN": [arn("Secret", prefixed(name))]},
    )


READ_SIGNING_KEY = secret("signing-key", "Decrypt")


@pytest.mark.parametrize(
    ("function", "uses"),
    [
        ("authorizer", [*logged("authorizer-logs", "audit"), TABLE, READ_SIGNING_KEY]),
        ("mcp", [*logged("mcp-logs"), TABLE]),
        ("worker", [*logged("worker-logs"), TABLE]),
        ("oauth", [*logged("oauth-logs", "audit"), TABLE, READ_SIGNING_KEY]),
        ("login", [*logged("login-logs", "audit"), TABLE, READ_SIGNING_KEY, secret("upstream-secret", "Decrypt")]),
        ("rotation", [*logged("rotation-logs", "audit"), secret("signing-key", "Decrypt", "GenerateDataKey")]),
    ],
)
def test_a_function_uses_the_key_only_through_a_service_and_for_its_own_data(
    given: Stack, function: str, uses: list[Any]
) -> None:
    assert sorted(uses_of_the_key(given, function), key=str) == sorted(uses, key=str)
    for statement in statements(given, f"-{function}-policy"):
        if statement["Action"][0].startswith("kms:"):
            assert statement["Resource"] == [GIVEN]


@pytest.mark.parametrize("key", ["none", "create", GIVEN, GIVEN.replace("/0a1b2c3d-", "/mrk-0a1b2c3d")])
def test_a_key_may_be_none_one_of_the_stack_or_a_given_one(key: str) -> None:
    assert load({"kmsKey": key}).kms_key == key


@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        (GIVEN.replace(REGION, "us-east-1"), f"allowed: a key in {REGION}, the region of the stack, or create or none"),
        (GIVEN.replace("key/", "alias/"), "Or the ARN of a KMS key in the region of the stack"),
        ("true", "create: a KMS key of this stack"),
    ],
)
def test_a_key_that_the_services_cannot_use_is_refused(key: str, allowed: str) -> None:
    message = refusal({"kmsKey": key})
    assert message.count("kmsKey is ") == 1
    assert allowed in message


def test_no_policy_of_a_role_reaches_another_key(custom_stack: Stack) -> None:
    for resource in custom_stack.all("iam/rolePolicy:RolePolicy"):
        assert resources_for_kms(resource) <= {KEY}, resource.name


def resources_for_kms(resource: Declaration) -> set[str]:
    found: set[str] = set()
    for statement in json.loads(resource.inputs["policy"])["Statement"]:
        if any(action.startswith("kms:") for action in statement["Action"]):
            found |= set(statement["Resource"])
    return found
