"""Calls of AWS with the permissions of a role, on the emulator."""

import json
from collections.abc import Mapping
from typing import Any

import boto3

from local.aws import Aws


class RoleAws(Aws):
    """Clients with the permissions of the role ``arn``, on the emulator of ``owner``."""

    def __init__(self, owner: Aws, arn: str) -> None:
        super().__init__(owner.port, owner.region)
        given = owner.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        self._session = boto3.Session(
            given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=owner.region
        )


def trust_owner(owner: Aws, **services: str) -> str:
    """Return the trust policy that lets the owner of the account assume a role, beside ``Service=...``."""
    principal = {"AWS": f"arn:aws:iam::{owner.account}:root", **services}
    return policy_document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def policy_document(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
