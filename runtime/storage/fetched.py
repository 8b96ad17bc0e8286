"""Documents that were fetched from other servers, in DynamoDB."""

import json

import boto3
from botocore.exceptions import ClientError

from runtime.storage.records import FetchedDocument, StoreUnavailable


class DynamoDBFetched:
    """A ``FetchedStore`` whose items have the partition key ``<kind>#<hash of the URL>``."""

    def __init__(self, table_name: str, kind: str) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)
        self._kind = kind

    def get(self, url_hash: str, now: int) -> FetchedDocument | None:
        """The document, ``None`` when there is none or its time is over: DynamoDB deletes late."""
        try:
            item = self._table.get_item(Key={"pk": f"{self._kind}#{url_hash}"}).get("Item")
        except ClientError as error:
            raise StoreUnavailable(f"get {self._kind}") from error
        if item is None or item["expires_at"] <= now:
            return None
        return FetchedDocument(json.loads(item["document"]), int(item["fetched_at"]), int(item["expires_at"]))

    def put(self, url_hash: str, fetched: FetchedDocument) -> None:
        """Keep a document in the place of any before it."""
        item = {
            "pk": f"{self._kind}#{url_hash}",
            "document": json.dumps(fetched.document, ensure_ascii=False),
            "fetched_at": fetched.fetched_at,
            "expires_at": fetched.expires_at,
        }
        try:
            self._table.put_item(Item=item)
        except ClientError as error:
            raise StoreUnavailable(f"put {self._kind}") from error
