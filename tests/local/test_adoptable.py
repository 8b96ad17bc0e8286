"""What the local stack says of a table, a secret or a key that the program names and cannot use."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.adoptable import describe_key, describe_secret, describe_table
from local.aws import Aws
from local.errors import LocalError
from tests.support.roles import RoleAws, trust_owner

READERS = {"table": describe_table, "secret": describe_secret, "key": describe_key}
Read = Callable[[Aws, str], dict[str, Any]]


@pytest.fixture
def powerless(aws: Aws) -> RoleAws:
    """Return clients of a role without any permission."""
    name = f"powerless-{secrets.token_hex(4)}"
    role = aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust_owner(aws))["Role"]
    return RoleAws(aws, role["Arn"])


@pytest.mark.parametrize(("kind", "read"), READERS.items())
def test_what_does_not_exist_is_named(aws: Aws, kind: str, read: Read) -> None:
    with pytest.raises(LocalError, match=f"there is no {kind} nowhere"):
        read(aws, "nowhere")


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_what_may_not_be_read_is_not_said_to_be_missing(powerless: RoleAws, read: Read) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        read(powerless, "nowhere")
