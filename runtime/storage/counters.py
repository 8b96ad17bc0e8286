"""Counters in DynamoDB."""

import boto3
from botocore.exceptions import ClientError

from runtime.storage.records import StoreUnavailable


class DynamoDBCounters:
    """A ``CounterStore`` whose items have the partition key ``rate#<key>``."""

    def __init__(self, table_name: str) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)

    def count(self, key: str, expires_at: int) -> int:
        """Count one more under a key that is needed until a time, in seconds since the epoch; how many there are now.

        One write, which DynamoDB does in one step however many come at once.
        """
        try:
            answer = self._table.update_item(
                Key={"pk": f"rate#{key}"},
                UpdateExpression="ADD events :one SET expires_at = :expires_at",
                ExpressionAttributeValues={":one": 1, ":expires_at": expires_at},
                ReturnValues="UPDATED_NEW",
            )
        except ClientError as error:
            raise StoreUnavailable("count") from error
        return int(answer["Attributes"]["events"])
