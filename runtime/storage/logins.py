"""Logins in progress, pushed requests and sessions in DynamoDB, each under the hash of what its holder knows it by."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import boto3
from botocore.exceptions import ClientError

from runtime.storage.login_records import Login, Session
from runtime.storage.records import NotThere, StoreUnavailable

CONDITION_FAILED = "ConditionalCheckFailedException"


class DynamoDBPushedRequests:
    """A ``PushedStore`` whose items have the partition key ``par#<hash>``."""

    def __init__(self, table_name: str) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)

    def add(self, reference_hash: str, request: Mapping[str, Any], usable_until: int, expires_at: int) -> None:
        """Keep a request, which can be looked up until a time; that it was used is known until it expires."""
        item = {
            "pk": f"par#{reference_hash}",
            "request": json.dumps(request),
            "usable_until": usable_until,
            "expires_at": expires_at,
        }
        _put(self._table, item, "put pushed request")

    def get(self, reference_hash: str, now: int) -> Mapping[str, Any] | None:
        """The request, or ``None`` when there is none of this reference, it is too late for it, or it was used."""
        item = _get(self._table, f"par#{reference_hash}", "get pushed request")
        if item is None or item["usable_until"] <= now or "used_by" in item:
            return None
        return dict(json.loads(item["request"]))

    def use(self, reference_hash: str, transaction: str, now: int) -> None:
        """Use a request up for one transaction; raises ``NotThere`` when another has used it, or it has expired."""
        try:
            self._table.update_item(
                Key={"pk": f"par#{reference_hash}"},
                UpdateExpression="SET used_by = :transaction",
                ConditionExpression="expires_at > :now AND (attribute_not_exists(used_by) OR used_by = :transaction)",
                ExpressionAttributeValues={":transaction": transaction, ":now": now},
            )
        except ClientError as error:
            raise _failure(error, "pushed request", "use pushed request") from error


class DynamoDBLogins:
    """A ``LoginStore`` whose items have the partition key ``login#<hash of the state>``.

    ``identity_provider`` is where the browsers are sent, by its issuer: who left for another one cannot come back.
    """

    def __init__(self, table_name: str, identity_provider: str | None = None) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)
        self._identity_provider = identity_provider

    def add(self, state_hash: str, login: Login) -> None:
        """Keep a new one."""
        item = {
            "pk": f"login#{state_hash}",
            **asdict(login),
            "request": json.dumps(login.request),
            "identity_provider": self._identity_provider,
        }
        _put(self._table, item, "put login")

    def take(self, state_hash: str, browser_hash: str, now: int) -> Login:
        """Remove one of this browser; raises ``NotThere`` when there is none that counts."""
        try:
            answer = self._table.delete_item(
                Key={"pk": f"login#{state_hash}"},
                ConditionExpression="browser_hash = :browser AND identity_provider = :provider AND expires_at > :now",
                ExpressionAttributeValues={
                    ":browser": browser_hash,
                    ":provider": self._identity_provider,
                    ":now": now,
                },
                ReturnValues="ALL_OLD",
            )
        except ClientError as error:
            raise _failure(error, "login", "take login") from error
        item = answer["Attributes"]
        return Login(
            browser_hash=item["browser_hash"],
            nonce=item["nonce"],
            code_verifier=item["code_verifier"],
            request=json.loads(item["request"]),
            approved=item["approved"],
            expires_at=int(item["expires_at"]),
            subject=item["subject"],
        )


class DynamoDBSessions:
    """A ``SessionStore`` whose items have the partition key ``session#<hash>``.

    ``identity_provider`` is where their users have logged in, by its issuer: a session of another one has ended.
    """

    def __init__(self, table_name: str, identity_provider: str | None = None) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)
        self._identity_provider = identity_provider

    def add(self, session_hash: str, session: Session) -> None:
        """Keep a new one."""
        item = {
            "pk": f"session#{session_hash}",
            **asdict(session),
            "identity_provider": self._identity_provider,
        }
        _put(self._table, item, "put session")

    def get(self, session_hash: str, now: int) -> Session | None:
        """The session, or ``None`` when there is none, or it has expired."""
        item = _get(self._table, f"session#{session_hash}", "get session")
        if item is None or item["expires_at"] <= now or item.get("identity_provider") != self._identity_provider:
            return None
        return Session(
            subject=item["subject"],
            name=item["name"],
            email=item["email"],
            created_at=int(item["created_at"]),
            expires_at=int(item["expires_at"]),
        )

    def delete(self, session_hash: str) -> None:
        """End a session; doing it again changes nothing."""
        try:
            self._table.delete_item(Key={"pk": f"session#{session_hash}"})
        except ClientError as error:
            raise StoreUnavailable("delete session") from error


def _put(table: Any, item: Mapping[str, Any], operation: str) -> None:
    """Keep a new item. Its key is the hash of 256 random bits, so there is none of it yet."""
    try:
        table.put_item(Item=item)
    except ClientError as error:
        raise StoreUnavailable(operation) from error


def _get(table: Any, key: str, operation: str) -> dict[str, Any] | None:
    try:
        item: dict[str, Any] | None = table.get_item(Key={"pk": key}, ConsistentRead=True).get("Item")
    except ClientError as error:
        raise StoreUnavailable(operation) from error
    return item


def _failure(error: ClientError, record: str, operation: str) -> Exception:
    """``NotThere`` when the condition of a write did not hold, else that the store failed."""
    if error.response["Error"]["Code"] == CONDITION_FAILED:
        return NotThere(record)
    return StoreUnavailable(operation)
