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
        """Return the client, or ``None`` if it is unknown, has expired, or is disabled."""
        pk = key(CLIENTS, client_id)
        return read_client(self._table.get(pk, "get client"), self._clock()) if pk else None

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
        changes = {"expires_at": expires_at, "last_used_at": int(self._clock())}
        renewal = Update(f"{CLIENTS}{client_id}", set=changes, condition=self._present())
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

    def is_disabled(self, client_id: str) -> bool:
        """Whether an operator has disabled the client."""
        pk = key(CLIENTS, client_id)
        return is_disabled(self._table.get(pk, "get client")) if pk else False

    def disable(self, client_id: str) -> None:
        """Have a client count as deleted, until it is enabled; raises ``NotThere`` for one that is not registered.

        The URL of a metadata document is not registered: its item holds nothing else.
        """
        condition = None if client_id.startswith("https://") else self._present()
        disabling = Update(f"{CLIENTS}{client_id}", set={"disabled_at": int(self._clock())}, condition=condition)
        try:
            self._table.update(disabling, "disable client")
        except ConditionFailed as error:
            raise NotThere("client") from error

    def enable(self, client_id: str) -> None:
        """End the effect of ``disable``; raises ``NotThere`` if the client is not disabled."""
        pk, disabled = f"{CLIENTS}{client_id}", Attr("disabled_at").exists()
        try:
            if client_id.startswith("https://"):
                self._table.delete(pk, "enable client", disabled)
            else:
                self._table.update(Update(pk, set={}, remove=["disabled_at"], condition=disabled), "enable client")
        except ConditionFailed as error:
            raise NotThere("client") from error

    def _present(self) -> ConditionBase:
        """Return the condition that a client exists and is not disabled. DynamoDB deletes expired items late."""
        expiry = Attr("expires_at")
        unexpired = expiry.not_exists() | expiry.gt(int(self._clock()))
        return PRESENT & Attr("disabled_at").not_exists() & unexpired


def read_client(item: Item | None, now: float) -> Client | None:
    """Return the client in an item, or ``None`` if there is none, or it has expired or is disabled."""
    if item is None or is_disabled(item):
        return None
    client = client_from_item(item)
    return client if not 0 < client.expires_at <= now else None


def is_disabled(item: Item | None) -> bool:
    """Whether the item of a client says that an operator has disabled it."""
    return item is not None and "disabled_at" in item


def _item(client: Client) -> Item:
    # Omit the attribute if the client never expires: for DynamoDB, 0 is a time.
    expiry: dict[str, Any] = {"expires_at": client.expires_at} if client.expires_at else {}
    use: dict[str, Any] = {"last_used_at": client.last_used_at} if client.last_used_at else {}
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
        **use,
    }


def client_from_item(item: Item) -> Client:
    """Return the client in the item of a registered client, even if it has expired or is disabled."""
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
        last_used_at=int(item.get("last_used_at", 0)),
    )
