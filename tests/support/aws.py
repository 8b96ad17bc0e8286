"""The resources of a stack on moto, for tests that call AWS."""

import json
from collections.abc import Callable
from typing import Any

import boto3

from runtime.deployment import AUDIT_STREAM
from runtime.storage.audit_log import CloudWatchAuditLog
from runtime.storage.table import DynamoDBTable
from tests.memory.audit_log import check_line


def create_table() -> DynamoDBTable:
    """Create a table as the program declares it, without TTL and deletion protection."""
    boto3.client("dynamodb").create_table(
        TableName="table",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )
    return DynamoDBTable("table")


def create_audit_log(clock: Callable[[], float]) -> CloudWatchAuditLog:
    """Create a log group with its stream. CloudWatch Logs and moto accept events of the current day only."""
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName="audit")
    logs.create_log_stream(logGroupName="audit", logStreamName=AUDIT_STREAM)
    return CloudWatchAuditLog("audit", clock)


def audit_events() -> list[dict[str, Any]]:
    """Return the events of the audit log, each checked against its schema."""
    pages = boto3.client("logs").filter_log_events(logGroupName="audit", logStreamNames=[AUDIT_STREAM])
    return [check_line(json.loads(event["message"])) for event in pages["events"]]
