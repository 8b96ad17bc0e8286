"""Marks in DynamoDB: that an id was used, that a token was revoked. Each lasts as long as it is needed."""

from boto3.dynamodb.conditions import Attr

from runtime.prefixes import ONE_TIME, REVOKED
from runtime.records.errors import AlreadyExists
from runtime.storage.table import ABSENT, ConditionFailed, Put, Table


class DynamoDBOneTimeIds:
    """A ``OneTimeStore`` whose items have the partition key ``once#<client_id>#<id>``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def use(self, client_id: str, one_time_id: str, expires_at: int, now: int) -> None:
        """Use an id up until a time; raises ``AlreadyExists`` when it was used before."""
        item = {"pk": f"{ONE_TIME}{client_id}#{one_time_id}", "expires_at": expires_at}
        # DynamoDB deletes late: a mark past its time counts as gone.
        unused = ABSENT | Attr("expires_at").lte(now)
        try:
            self._table.put(Put(item, unused), "use one-time id")
        except ConditionFailed as error:
            raise AlreadyExists("one-time id") from error


class DynamoDBRevocations:
    """A ``RevocationStore`` whose items have the partition key ``revoked#<jti>``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def revoke(self, token_id: str, expires_at: int) -> None:
        """Remember that a token is revoked until it expires; doing it again changes nothing."""
        self._table.put(Put({"pk": f"{REVOKED}{token_id}", "expires_at": expires_at}), "revoke token")

    def is_revoked(self, token_id: str) -> bool:
        """Whether a token was revoked. Nothing is said of one that has expired."""
        return self._table.get(f"{REVOKED}{token_id}", "get revocation") is not None
