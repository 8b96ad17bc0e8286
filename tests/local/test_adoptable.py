"""What the local stack says of a table, a secret or a key that the program names and cannot use."""

import json
import secrets
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.adoptable import describe_key, describe_secret, describe_table
from local.aws import Aws
from local.errors import LocalError

READERS = {"table": describe_table, "secret": describe_secret, "key": describe_key}
Read = Callable[[Aws, str], dict[str, Any]]


class Powerless(Aws):
    """Clients of a role without any permission, on the emulator of ``owner``."""

    def __init__(self, owner: Aws) -> None:
        super().__init__(owner.port, owner.region)
        principal = {"AWS": f"arn:aws:iam::{owner.account}:root"}
        trust = {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}
        role = owner.client("iam").create_role(
            RoleName=f"powerless-{secrets.token_hex(4)}", AssumeRolePolicyDocument=json.dumps(trust)
        )["Role"]
        given = owner.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="test")["Credentials"]
        self._session = boto3.Session(
            given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=owner.region
        )


@pytest.fixture
def powerless(aws: Aws) -> Powerless:
    return Powerless(aws)


@pytest.mark.parametrize(("kind", "read"), READERS.items())
def test_what_does_not_exist_is_named(aws: Aws, kind: str, read: Read) -> None:
    with pytest.raises(LocalError, match=f"there is no {kind} nowhere"):
        read(aws, "nowhere")


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_what_may_not_be_read_is_not_said_to_be_missing(powerless: Powerless, read: Read) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        read(powerless, "nowhere")
