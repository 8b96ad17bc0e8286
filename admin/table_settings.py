"""The settings that a restored table lacks. DynamoDB restores items, keys and encryption, and nothing else."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from runtime.deployment import EXPIRY, PARTITION_KEY

# A restore takes minutes, or hours for a large table.
PAUSE_SECONDS = 5
ATTEMPTS = 6 * 60 * 60 // PAUSE_SECONDS
RESERVED = "aws:"


class UnsuitableTable(Exception):
    """A table that this server cannot use, whatever its settings. The text says why."""


def prepare_table(dynamodb: Any, name: str, model: str) -> Iterator[str]:
    """Give the table ``name`` the settings of a table of this server, and yield a sentence for each.

    Wait until it exists, because a restore takes a while. The tags are those of the table ``model``, which may be gone.
    Raise ``UnsuitableTable`` for a table with another key or with another expiry. ``dynamodb`` is a client.
    """
    dynamodb.get_waiter("table_exists").wait(
        TableName=name, WaiterConfig={"Delay": PAUSE_SECONDS, "MaxAttempts": ATTEMPTS}
    )
    table = dynamodb.describe_table(TableName=name)["Table"]
    _check_key(table)
    yield _turn_on_expiry(dynamodb, name)
    dynamodb.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    yield "It can be restored to any second from now on."
    if not table.get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=True)
    yield "It refuses deletion."
    yield _copy_tags(dynamodb, table["TableArn"], model)


def _check_key(table: Any) -> None:
    keys = [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]]
    types = {attribute["AttributeName"]: attribute["AttributeType"] for attribute in table["AttributeDefinitions"]}
    if keys != [(PARTITION_KEY, "HASH")] or types[PARTITION_KEY] != "S":
        raise UnsuitableTable(f"its key is not {PARTITION_KEY} (S) alone, so it is no table of this server")


def _turn_on_expiry(dynamodb: Any, name: str) -> str:
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    attribute = expiry.get("AttributeName", EXPIRY)
    if attribute != EXPIRY:
        raise UnsuitableTable(f"its items expire by {attribute}, not by {EXPIRY}; turn that off first")
    if expiry["TimeToLiveStatus"] not in {"ENABLED", "ENABLING"}:
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": EXPIRY})
    return f"Its items expire by {EXPIRY}."


def _copy_tags(dynamodb: Any, arn: str, model: str) -> str:
    try:
        source = dynamodb.describe_table(TableName=model)["Table"]["TableArn"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return f"It has no tags of {model}, which does not exist."
    tags = [
        tag
        for page in dynamodb.get_paginator("list_tags_of_resource").paginate(ResourceArn=source)
        for tag in page["Tags"]
        # AWS sets these itself, and lets nobody else.
        if not tag["Key"].startswith(RESERVED)
    ]
    if tags:
        dynamodb.tag_resource(ResourceArn=arn, Tags=tags)
    return f"It has the tags of {model}."
