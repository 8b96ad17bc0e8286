"""The log levels of legacy principals in DynamoDB."""

import boto3
from botocore.exceptions import ClientError

from runtime.storage.records import StoreUnavailable
from runtime.storage.work import Principal


class DynamoDBLevels:
    """A ``LevelStore`` whose items have the partition key ``level#<client_id>#<subject>``."""

    def __init__(self, table_name: str) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)

    def get(self, owner: Principal) -> str | None:
        """The level, or ``None`` when none is set."""
        try:
            item = self._table.get_item(Key=_key(owner)).get("Item")
        except ClientError as error:
            raise StoreUnavailable("get level") from error
        return str(item["level"]) if item else None

    def put(self, owner: Principal, level: str, expires_at: int) -> None:
        """Set the level until a time, in seconds since the epoch."""
        try:
            self._table.put_item(Item={**_key(owner), "level": level, "expires_at": expires_at})
        except ClientError as error:
            raise StoreUnavailable("put level") from error


def _key(owner: Principal) -> dict[str, str]:
    return {"pk": f"level#{owner.client_id}#{owner.subject}"}
