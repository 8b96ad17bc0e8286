"""Cached documents of other servers in DynamoDB."""

import json

from runtime.records.oauth import FetchedDocument
from runtime.storage.table import Put, Table


class DynamoDBFetched:
    """A ``FetchedStore`` whose items have the partition key ``<prefix><hash of the URL>``."""

    def __init__(self, table: Table, prefix: str) -> None:
        self._table = table
        self._prefix = prefix

    def get(self, url_hash: str, now: int) -> FetchedDocument | None:
        """Return the document, or ``None`` if there is none or it has expired: DynamoDB deletes expired items late."""
        item = self._table.get(f"{self._prefix}{url_hash}", "get fetched document")
        if item is None or item["expires_at"] <= now:
            return None
        return FetchedDocument(json.loads(item["document"]), int(item["fetched_at"]), int(item["expires_at"]))

    def put(self, url_hash: str, fetched: FetchedDocument) -> None:
        """Store a document, and replace any earlier one."""
        item = {
            "pk": f"{self._prefix}{url_hash}",
            "document": json.dumps(fetched.document, ensure_ascii=False),
            "fetched_at": fetched.fetched_at,
            "expires_at": fetched.expires_at,
        }
        self._table.put(Put(item), "put fetched document")
