"""Clients in DynamoDB."""

import json
from collections.abc import Callable
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase

from runtime.prefixes import CLIENTS
from runtime.records.errors import AlreadyExists, NotThere
from runtime.records.oauth import Client
from runtime.storage.table import ABSENT, PRESENT, ConditionFailed, Item, Put, Table, Update, key


class DynamoDBClients:
    """A ``ClientStore`` whose items have the partition key ``client#<client_id>``.

    The metadata is one JSON string, so that a client gets it back unchanged by the types of DynamoDB.
    ``clock`` reads seconds since the epoch.
    """

    def __init__(self, table: Table, clock: Callable[[], float]) -> None:
        self._table = table
        self._clock = clock

    def add(self, client: Client) -> None:
        """Store a new client; raises ``AlreadyExists`` if its id is taken."""
        try:
            self._table.put(Put(_item(client), ABSENT), "add client")
        except ConditionFailed as error:
            raise AlreadyExists("client") from error

    def get(self, client_id: str) -> Client | None:
        """Return the client, or ``None`` if it is unknown or has expired."""
        pk = key(CLIENTS, client_id)
        item = self._table.get(pk, "get client") if pk else None
        client = _client(item) if item else None
        return client if client and not 0 < client.expires_at <= self._clock() else None

    def replace(self, client: Client, registration_token_hash: str) -> None:
        """Replace the client that has the same id, and whose registration access token has this hash.

        Raises ``NotThere`` if there is none.
        """
        unchanged = self._present() & Attr("registration_token_hash").eq(registration_token_hash)
        try:
            self._table.put(Put(_item(client), unchanged), "replace client")
        except ConditionFailed as error:
            raise NotThere("client") from error

    def renew(self, client_id: str, expires_at: int) -> None:
        """Change when a client expires; raises ``NotThere`` if it does not exist. It never recreates a client."""
        renewal = Update(f"{CLIENTS}{client_id}", set={"expires_at": expires_at}, condition=self._present())
        try:
            self._table.update(renewal, "renew client")
        except ConditionFailed as error:
            raise NotThere("client") from error

    def delete(self, client_id: str) -> None:
        """Delete a client; raises ``NotThere`` if it does not exist."""
        try:
            self._table.delete(f"{CLIENTS}{client_id}", "delete client", self._present())
        except ConditionFailed as error:
            raise NotThere("client") from error

    def _present(self) -> ConditionBase:
        """Return the condition that a client exists. DynamoDB deletes expired items late."""
        expiry = Attr("expires_at")
        return PRESENT & (expiry.not_exists() | expiry.gt(int(self._clock())))


def _item(client: Client) -> Item:
    # Omit the attribute if the client never expires: for DynamoDB, 0 is a time.
    expiry: dict[str, Any] = {"expires_at": client.expires_at} if client.expires_at else {}
    return {
        "pk": f"{CLIENTS}{client.client_id}",
        "secret_hash": client.secret_hash,
        "registration_token_hash": client.registration_token_hash,
        # As UTF-8: an item holds 400 KB, and escaped text takes up to three times as much.
        "metadata": json.dumps(client.metadata, ensure_ascii=False),
        "stated_auth_method": client.stated_auth_method,
        "stated_scope": client.stated_scope,
        "invited": client.invited,
        "issued_at": client.issued_at,
        "secret_expires_at": client.secret_expires_at,
        **expiry,
    }


def _client(item: Item) -> Client:
    return Client(
        client_id=item["pk"].removeprefix(CLIENTS),
        secret_hash=item["secret_hash"],
        registration_token_hash=item["registration_token_hash"],
        metadata=json.loads(item["metadata"]),
        stated_auth_method=item["stated_auth_method"],
        stated_scope=item.get("stated_scope", True),
        # Older records do not have this attribute.
        invited=item.get("invited", False),
        issued_at=int(item["issued_at"]),
        secret_expires_at=int(item["secret_expires_at"]),
        expires_at=int(item.get("expires_at", 0)),
    )
