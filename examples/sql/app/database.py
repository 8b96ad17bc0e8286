"""Reads a database over the RDS Data API."""

import functools
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from runtime.authoring import ToolError

Value = str | int | float | bool | None
# The API answers a statement within 45 seconds, and a client of this server waits for 29.
CONFIG = Config(connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 1})
# The Data API refuses more than 1 MiB. A model reads much less.
MOST_BYTES = 100_000
REFUSED = ("BadRequestException", "DatabaseErrorException", "StatementTimeoutException")
ASLEEP = "DatabaseResumingException"


@functools.cache
def client() -> Any:
    return boto3.client("rds-data", config=CONFIG)


def read(sql: str, parameters: Mapping[str, Value]) -> list[dict[str, Any]]:
    """Run one statement in a transaction that can only read, and return the rows.

    Raise ToolError for what the database refuses, and for more than 100 kB.
    """
    try:
        with read_only() as transaction:
            answer = execute(sql, transaction, parameters=[bind(*each) for each in parameters.items()])
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if code in REFUSED:
            raise ToolError(f"The database refuses this: {message}") from error
        if code == ASLEEP:
            raise ToolError("The database is waking up: ask again in half a minute.") from error
        raise
    names = [column["label"] for column in answer.get("columnMetadata", ())]
    rows = [dict(zip(names, map(value, record), strict=True)) for record in answer["records"]]
    if len(json.dumps(rows)) > MOST_BYTES:
        raise ToolError(f"The answer has more than {MOST_BYTES} bytes: ask for fewer rows or columns.")
    return rows


@contextmanager
def read_only() -> Iterator[str]:
    """Return the id of a transaction that can only read, and roll it back."""
    transaction = client().begin_transaction(**database())["transactionId"]
    try:
        execute("SET TRANSACTION READ ONLY", transaction)
        yield transaction
    finally:
        client().rollback_transaction(**target(), transactionId=transaction)


def execute(sql: str, transaction: str, **options: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client().execute_statement(
        **database(), sql=sql, transactionId=transaction, includeResultMetadata=True, **options
    )
    return answer


def target() -> dict[str, str]:
    return {"resourceArn": os.environ["CLUSTER_ARN"], "secretArn": os.environ["DATABASE_SECRET_ARN"]}


def database() -> dict[str, str]:
    return {**target(), "database": os.environ["DATABASE"]}


def bind(name: str, given: Value) -> dict[str, Any]:
    """Return a parameter as the Data API takes it."""
    if given is None:
        return {"name": name, "value": {"isNull": True}}
    kinds = {bool: "booleanValue", int: "longValue", float: "doubleValue", str: "stringValue"}
    return {"name": name, "value": {kinds[type(given)]: given}}


def value(field: Mapping[str, Any]) -> Any:
    """Return the value of a field of a row."""
    return None if field.get("isNull") else next(iter(field.values()))
