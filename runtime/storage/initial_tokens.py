"""Initial access tokens in DynamoDB."""

from runtime.prefixes import INITIAL_TOKENS
from runtime.records.errors import NotThere
from runtime.storage.table import PRESENT, ConditionFailed, Put, Table


class DynamoDBInitialTokens:
    """An ``InitialTokenStore`` whose items have the partition key ``initial#<hash of the token>``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, token_hash: str, expires_at: int) -> None:
        """Store a new one until ``expires_at``, in seconds since the epoch."""
        self._table.put(Put({"pk": _key(token_hash), "expires_at": expires_at}), "add initial access token")

    def is_valid(self, token_hash: str, now: int) -> bool:
        """Whether there is a token with this hash that has not expired: DynamoDB deletes expired items late."""
        item = self._table.get(_key(token_hash), "get initial access token")
        return item is not None and item["expires_at"] > now

    def revoke(self, token_hash: str) -> None:
        """Delete one; raises ``NotThere`` if it does not exist."""
        try:
            self._table.delete(_key(token_hash), "revoke initial access token", PRESENT)
        except ConditionFailed as error:
            raise NotThere("initial access token") from error


def _key(token_hash: str) -> str:
    return f"{INITIAL_TOKENS}{token_hash}"
