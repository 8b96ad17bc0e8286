"""Answers the invokes of the program, which ask for the account, the region, the partition, and what it adopts."""

from collections.abc import Callable, Mapping
from typing import Any

from local.adoptable import describe_key, describe_rotation, describe_secret, describe_table
from local.aws import PARTITION, Aws
from local.errors import LocalError
from local.resources.ec2 import describe_subnet


def answer_invoke(aws: Aws, token: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the AWS provider answers to the invoke ``token`` with the arguments ``given``.

    Raise LocalError for any other invoke, and for a table, a secret or a key that does not exist.
    """
    if token not in _ANSWERS:
        raise LocalError(f"the local stack does not support the invoke {token}")
    return _ANSWERS[token](aws, given)


def _describe_caller(aws: Aws, _given: Mapping[str, Any]) -> dict[str, Any]:
    caller = aws.client("sts").get_caller_identity()
    return {"accountId": caller["Account"], "arn": caller["Arn"], "userId": caller["UserId"]}


def _describe_region(aws: Aws, _given: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": aws.region, "region": aws.region, "name": aws.region}


def _describe_partition(_aws: Aws, _given: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": PARTITION, "partition": PARTITION, "dnsSuffix": "amazonaws.com"}


_ANSWERS: Mapping[str, Callable[[Aws, Mapping[str, Any]], dict[str, Any]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _describe_caller,
    "aws:index/getRegion:getRegion": _describe_region,
    "aws:index/getPartition:getPartition": _describe_partition,
    "aws:dynamodb/getTable:getTable": lambda aws, given: describe_table(aws, given["name"]),
    "aws:ec2/getSubnet:getSubnet": lambda aws, given: describe_subnet(aws, given["id"]),
    "aws:kms/getKey:getKey": lambda aws, given: describe_key(aws, given["keyId"]),
    "aws:secretsmanager/getSecret:getSecret": lambda aws, given: describe_secret(aws, given["arn"]),
    "aws:secretsmanager/getSecretRotation:getSecretRotation": lambda aws, given: describe_rotation(
        aws, given["secretId"]
    ),
}
