"""Every test of a store runs on a table in memory and on DynamoDB as moto does it."""

import boto3
import pytest

from runtime.storage.table import DynamoDBTable, Table
from tests.memory.table import MemoryTable


@pytest.fixture(params=["memory", "dynamodb"])
def table(request: pytest.FixtureRequest) -> Table:
    """An empty table."""
    if request.param == "memory":
        return MemoryTable()
    request.getfixturevalue("aws")
    boto3.client("dynamodb").create_table(
        TableName="table",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )
    return DynamoDBTable("table")
