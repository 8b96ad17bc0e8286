"""Initial access tokens in DynamoDB."""

import boto3
from botocore.exceptions import ClientError

from runtime.storage.records import NotThere, StoreUnavailable


class DynamoDBInitialTokens:
    """An ``InitialTokenStore`` whose items have the partition key ``initial#<hash of the token>``."""

    def __init__(self, table_name: str) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)

    def add(self, token_hash: str, expires_at: int) -> None:
        """Keep a new one until a time, in seconds since the epoch."""
        try:
            self._table.put_item(Item={**_key(token_hash), "expires_at": expires_at})
        except ClientError as error:
            raise StoreUnavailable("put initial access token") from error

    def is_valid(self, token_hash: str, now: int) -> bool:
        """Whether there is one with this hash that has not expired: DynamoDB deletes late."""
        try:
            item = self._table.get_item(Key=_key(token_hash), ConsistentRead=True).get("Item")
        except ClientError as error:
            raise StoreUnavailable("get initial access token") from error
        return item is not None and item["expires_at"] > now

    def revoke(self, token_hash: str) -> None:
        """Remove one; raises ``NotThere`` when it is gone already."""
        try:
            self._table.delete_item(Key=_key(token_hash), ConditionExpression="attribute_exists(pk)")
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise NotThere("initial access token") from error
            raise StoreUnavailable("delete initial access token") from error


def _key(token_hash: str) -> dict[str, str]:
    return {"pk": f"initial#{token_hash}"}
