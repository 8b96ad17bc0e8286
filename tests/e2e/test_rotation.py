"""The rotation of the signing key on a stack of its own: the deployed function, called as Secrets Manager calls it."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jwt
import pytest

from tests.e2e.conftest import Server
from tests.support.local_stack import LocalStack
from tests.support.names import PREFIX

pytestmark = pytest.mark.stack

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")


@dataclass(frozen=True)
class Rotating:
    """The stack, what speaks to it, and a client of it."""

    stack: LocalStack
    server: Server
    client: dict[str, Any]

    def token(self) -> str:
        return self.server.token(self.client)

    def status(self, token: str) -> int:
        """What the MCP endpoint answers a token that it has not seen: the verdict on one is kept for a while."""
        return self.server.rpc(token, PING).status_code

    def rotate(self) -> str:
        """A rotation as Secrets Manager makes it; the id of the new key.

        The emulator's own RotateSecret calls no function, and promotes a copy of the current key. So this makes the
        pending version, which has no value yet, and calls for each step, twice, as Secrets Manager may.
        """
        secrets, functions = self.stack.client("secretsmanager"), self.stack.client("lambda")
        secret, version = self.secret()["ARN"], str(uuid.uuid4())
        secrets.put_secret_value(SecretId=secret, ClientRequestToken=version, VersionStages=["AWSPENDING"])
        for step in STEPS:
            event = {"Step": step, "SecretId": secret, "ClientRequestToken": version}
            for _ in range(2):
                answer = functions.invoke(FunctionName=self.secret()["RotationLambdaARN"], Payload=json.dumps(event))
                assert "FunctionError" not in answer, answer["Payload"].read()
        return version

    def secret(self) -> dict[str, Any]:
        """The description of the secret that the program has set a rotation up for."""
        secrets = self.stack.client("secretsmanager")
        [secret] = [each for each in secrets.list_secrets()["SecretList"] if each.get("RotationEnabled")]
        return dict(secrets.describe_secret(SecretId=secret["ARN"]))

    def start_anew(self, name: str) -> None:
        """Have new instances of a function: Lambda starts them for a new version, which a change of settings makes.

        What an instance has read of the keys it keeps for five minutes; this is how a test sees what comes after.
        """
        functions = self.stack.client("lambda")
        function = f"{PREFIX}-{name}"
        seconds = functions.get_function_configuration(FunctionName=function)["Timeout"]
        functions.update_function_configuration(FunctionName=function, Timeout=28 if seconds == 29 else 29)
        functions.get_waiter("function_updated_v2").wait(FunctionName=function, WaiterConfig={"Delay": 0.1})
        version = functions.publish_version(FunctionName=function)["Version"]
        functions.update_alias(FunctionName=function, Name="live", FunctionVersion=version)


@pytest.fixture(scope="module")
def rotating(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rotating]:
    with LocalStack(tmp_path_factory.mktemp("rotating") / "stack") as stack:
        server = Server(stack.outputs["url"], stack.directory)
        yield Rotating(stack, server, server.register())


def kid(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


def test_a_token_outlives_one_rotation_and_not_two(rotating: Rotating) -> None:
    """Each token is presented once, so that no answer comes from the gateway's cache."""
    first = [rotating.token() for _ in range(4)]
    assert rotating.status(first[0]) == 200

    second_key = rotating.rotate()
    rotating.start_anew("oauth")
    second = [rotating.token() for _ in range(2)]
    assert {kid(token) for token in second} == {second_key}
    # The authorizer's instance is the one that read the keys before the rotation: it looks an unknown id up.
    assert rotating.status(second[0]) == 200
    assert rotating.status(first[1]) == 200
    rotating.start_anew("authorizer")
    assert rotating.status(first[2]) == 200

    third_key = rotating.rotate()
    rotating.start_anew("oauth")
    rotating.start_anew("authorizer")
    third = rotating.token()
    assert kid(third) == third_key
    assert [rotating.status(token) for token in (third, second[1], first[3])] == [200, 200, 401]


def test_a_rotation_is_in_the_audit_log_once(rotating: Rotating) -> None:
    def told() -> list[str]:
        pages = rotating.stack.client("logs").get_paginator("filter_log_events")
        lines = [
            json.loads(event["message"])
            for page in pages.paginate(logGroupName=rotating.stack.outputs["audit_log"])
            for event in page["events"]
        ]
        return [line["key_id"] for line in lines if line["event"] == "signing_key_rotated"]

    before = told()
    made = rotating.rotate()
    assert told() == [*before, made]


def test_a_new_key_is_made_by_the_function_and_is_no_copy(rotating: Rotating) -> None:
    secrets, arn = rotating.stack.client("secretsmanager"), rotating.secret()["ARN"]
    version = rotating.rotate()
    current, previous = (
        secrets.get_secret_value(SecretId=arn, VersionStage=stage) for stage in ("AWSCURRENT", "AWSPREVIOUS")
    )
    assert current["VersionId"] == version
    assert current["SecretString"] != previous["SecretString"]
    assert min(len(key["SecretString"]) for key in (current, previous)) >= 64


def test_a_version_that_is_not_pending_is_refused_by_the_function(rotating: Rotating) -> None:
    secret = rotating.secret()
    event = {"Step": "createSecret", "SecretId": secret["ARN"], "ClientRequestToken": str(uuid.uuid4())}
    answer = rotating.stack.client("lambda").invoke(FunctionName=secret["RotationLambdaARN"], Payload=json.dumps(event))
    assert answer["FunctionError"]
    assert "this version of the secret is not pending" in answer["Payload"].read().decode()
