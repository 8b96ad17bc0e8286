"""Used ids and revoked tokens in DynamoDB. Each item lasts as long as it is needed."""

from boto3.dynamodb.conditions import Attr

from runtime.prefixes import ONE_TIME, REVOKED
from runtime.records.errors import AlreadyExists
from runtime.storage.table import ABSENT, ConditionFailed, Put, Table


class DynamoDBOneTimeIds:
    """A ``OneTimeStore`` whose items have the partition key ``once#<client_id>#<id>``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def consume(self, client_id: str, one_time_id: str, expires_at: int, now: int) -> None:
        """Mark an id as used until ``expires_at``; raises ``AlreadyExists`` if it was used before."""
        item = {"pk": f"{ONE_TIME}{client_id}#{one_time_id}", "expires_at": expires_at}
        # DynamoDB deletes expired items late.
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
        """Mark a token as revoked until it expires. Repeating it changes nothing."""
        self._table.put(Put({"pk": f"{REVOKED}{token_id}", "expires_at": expires_at}), "revoke token")

    def is_revoked(self, token_id: str) -> bool:
        """Whether a token was revoked. Undefined for a token that has expired."""
        return self._table.get(f"{REVOKED}{token_id}", "get revocation") is not None
