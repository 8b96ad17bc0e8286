"""The settings that a restored table lacks. DynamoDB restores items, keys and encryption, and nothing else."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from runtime.deployment import EXPIRY, PARTITION_KEY

# A restore takes minutes, or hours for a large table. After the first minutes nobody waits at the terminal.
PAUSE_SECONDS, LATER_PAUSE_SECONDS = 5, 60
EARLY_SECONDS = 300
LONGEST_HOURS = 6
# DynamoDB knows a table from the moment its restore was asked for, and may answer from before that for a moment.
GRACE_SECONDS = 10
# Every other state but ACTIVE lasts until somebody does something.
PASSING = ("CREATING", "UPDATING")
RESERVED = "aws:"


class UnsuitableTable(Exception):
    """A table that this server cannot use, whatever its settings. The text says why."""


def prepare_table(dynamodb: Any, name: str, model: str, pause: Callable[[float], None] = time.sleep) -> Iterator[str]:
    """Give the table ``name`` the settings of a table of this server, and yield a sentence for each.

    Wait until its restore ends, and yield what that waits for. The tags are those of the table ``model``, which may be
    gone. Raise ``UnsuitableTable`` for a table that does not exist, and for one with another key or another expiry.
    ``dynamodb`` is a client, and ``pause`` waits for some seconds.
    """
    yield from _wait(dynamodb, name, pause)
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


def _wait(dynamodb: Any, name: str, pause: Callable[[float], None]) -> Iterator[str]:
    """Wait until a table is active, and yield a sentence whenever what that waits for changes."""
    told = ""
    waited = 0
    while waited < LONGEST_HOURS * 60 * 60:
        status = _find_status(dynamodb, name)
        if status == "ACTIVE":
            return
        if status is None and waited >= GRACE_SECONDS:
            region = dynamodb.meta.region_name
            raise UnsuitableTable(f"there is no table of this name in {region}; check the spelling")
        if status not in {None, *PASSING}:
            raise UnsuitableTable(f"it is {status}")
        reason = status or "there is no such table yet"
        if reason != told:
            yield f"Waiting for {name}: {reason}."
        told = reason
        seconds = PAUSE_SECONDS if waited < EARLY_SECONDS else LATER_PAUSE_SECONDS
        pause(seconds)
        waited += seconds
    raise UnsuitableTable(f"it is still {told} after {LONGEST_HOURS} hours")


def _find_status(dynamodb: Any, name: str) -> str | None:
    """Return the status of a table, or ``None`` if there is none of this name."""
    try:
        return str(dynamodb.describe_table(TableName=name)["Table"]["TableStatus"])
    except dynamodb.exceptions.ResourceNotFoundException:
        return None


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
    except dynamodb.exceptions.ResourceNotFoundException:
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
