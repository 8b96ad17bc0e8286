"""Logins in progress, pushed requests and sessions in DynamoDB, each by the hash of its credential."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from boto3.dynamodb.conditions import Attr

from runtime.prefixes import LOGINS, PUSHED, SESSIONS
from runtime.records.errors import NotThere
from runtime.records.login import Login, Session
from runtime.storage.cutoff import get_with_cutoff
from runtime.storage.layout import READABLE
from runtime.storage.table import ConditionFailed, Item, Put, Table, Update


class DynamoDBPushedRequests:
    """A ``PushedStore`` whose items have the partition key ``par#<hash>``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, reference_hash: str, request: Mapping[str, Any], usable_until: int, expires_at: int) -> None:
        """Store a request. ``get`` finds it until ``usable_until``; it can be consumed until ``expires_at``."""
        item = {
            "pk": f"{PUSHED}{reference_hash}",
            "request": json.dumps(request, ensure_ascii=False),
            "usable_until": usable_until,
            "expires_at": expires_at,
        }
        self._table.put(Put(item), "add pushed request")

    def get(self, reference_hash: str, now: int) -> Mapping[str, Any] | None:
        """Return the request, or ``None`` if it is unknown, no longer usable, or consumed."""
        item = self._table.get(f"{PUSHED}{reference_hash}", "get pushed request")
        if item is None or item["usable_until"] <= now or "used_by" in item:
            return None
        return dict(json.loads(item["request"]))

    def consume(self, reference_hash: str, transaction: str, now: int) -> None:
        """Consume a request for one transaction; raises ``NotThere`` if another one consumed it, or it has expired."""
        usable = Attr("expires_at").gt(now) & (Attr("used_by").not_exists() | Attr("used_by").eq(transaction))
        update = Update(f"{PUSHED}{reference_hash}", set={"used_by": transaction}, condition=usable)
        try:
            self._table.update(update, "consume pushed request")
        except ConditionFailed as error:
            raise NotThere("pushed request") from error


class DynamoDBLogins:
    """A ``LoginStore`` whose items have the partition key ``login#<hash of the state>``.

    ``identity_provider`` is the issuer of the provider. A login that started at another provider cannot be consumed.
    """

    def __init__(self, table: Table, identity_provider: str | None = None) -> None:
        self._table = table
        self._identity_provider = identity_provider

    def add(self, state_hash: str, login: Login) -> None:
        """Store a new one."""
        request = json.dumps(login.request, ensure_ascii=False)
        item = {"pk": f"{LOGINS}{state_hash}", **asdict(login), "request": request}
        self._table.put(Put(item | {"identity_provider": self._identity_provider}), "add login")

    def consume(self, state_hash: str, browser_hash: str, now: int) -> Login:
        """Remove a login of this browser, and return it; raises ``NotThere`` if there is none that is valid."""
        of_this_browser = Attr("browser_hash").eq(browser_hash) & Attr("identity_provider").eq(self._identity_provider)
        try:
            item = self._table.delete(
                f"{LOGINS}{state_hash}", "consume login", of_this_browser & Attr("expires_at").gt(now) & READABLE
            )
        except ConditionFailed as error:
            raise NotThere("login") from error
        if item is None:
            raise NotThere("login")
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

    ``identity_provider`` is the issuer of the provider. A session from another provider counts as expired.
    """

    def __init__(self, table: Table, identity_provider: str | None = None) -> None:
        self._table = table
        self._identity_provider = identity_provider

    def add(self, session_hash: str, session: Session) -> None:
        """Store a new one."""
        item = {"pk": f"{SESSIONS}{session_hash}", **asdict(session), "identity_provider": self._identity_provider}
        self._table.put(Put(item), "add session")

    def get(self, session_hash: str, now: int) -> Session | None:
        """Return the session, or ``None`` if there is none, or it has expired or began before the cutoff."""
        pk = f"{SESSIONS}{session_hash}"
        items, cutoff = get_with_cutoff(self._table, [pk], "get session")
        item = items.get(pk)
        if item is None or item["expires_at"] <= now or item.get("identity_provider") != self._identity_provider:
            return None
        session = session_from_item(item)
        return session if session.created_at >= cutoff else None

    def delete(self, session_hash: str) -> None:
        """Delete a session. Repeating it changes nothing."""
        self._table.delete(f"{SESSIONS}{session_hash}", "delete session")


def session_from_item(item: Item) -> Session:
    """Return the session in an item, even if it has expired."""
    return Session(
        subject=item["subject"],
        name=item["name"],
        email=item["email"],
        created_at=int(item["created_at"]),
        expires_at=int(item["expires_at"]),
    )
