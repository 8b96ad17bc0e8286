"""Logins in progress, pushed requests and sessions in DynamoDB, each under the hash of what its holder knows it by."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from boto3.dynamodb.conditions import Attr

from runtime.prefixes import LOGINS, PUSHED, SESSIONS
from runtime.records.errors import NotThere
from runtime.records.login import Login, Session
from runtime.storage.table import ConditionFailed, Put, Table, Update


class DynamoDBPushedRequests:
    """A ``PushedStore`` whose items have the partition key ``par#<hash>``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, reference_hash: str, request: Mapping[str, Any], usable_until: int, expires_at: int) -> None:
        """Keep a request, which can be looked up until a time; that it was used is known until it expires."""
        item = {
            "pk": f"{PUSHED}{reference_hash}",
            "request": json.dumps(request, ensure_ascii=False),
            "usable_until": usable_until,
            "expires_at": expires_at,
        }
        self._table.put(Put(item), "add pushed request")

    def get(self, reference_hash: str, now: int) -> Mapping[str, Any] | None:
        """The request, or ``None`` when there is none of this reference, it is too late for it, or it was used."""
        item = self._table.get(f"{PUSHED}{reference_hash}", "get pushed request")
        if item is None or item["usable_until"] <= now or "used_by" in item:
            return None
        return dict(json.loads(item["request"]))

    def use(self, reference_hash: str, transaction: str, now: int) -> None:
        """Use a request up for one transaction; raises ``NotThere`` when another has used it, or it has expired."""
        usable = Attr("expires_at").gt(now) & (Attr("used_by").not_exists() | Attr("used_by").eq(transaction))
        used = Update(f"{PUSHED}{reference_hash}", set={"used_by": transaction}, condition=usable)
        try:
            self._table.update(used, "use pushed request")
        except ConditionFailed as error:
            raise NotThere("pushed request") from error


class DynamoDBLogins:
    """A ``LoginStore`` whose items have the partition key ``login#<hash of the state>``.

    ``identity_provider`` is where the browsers are sent, by its issuer: who left for another one cannot come back.
    """

    def __init__(self, table: Table, identity_provider: str | None = None) -> None:
        self._table = table
        self._identity_provider = identity_provider

    def add(self, state_hash: str, login: Login) -> None:
        """Keep a new one."""
        request = json.dumps(login.request, ensure_ascii=False)
        item = {"pk": f"{LOGINS}{state_hash}", **asdict(login), "request": request}
        self._table.put(Put(item | {"identity_provider": self._identity_provider}), "add login")

    def take(self, state_hash: str, browser_hash: str, now: int) -> Login:
        """Remove one of this browser; raises ``NotThere`` when there is none that counts."""
        of_this_browser = Attr("browser_hash").eq(browser_hash) & Attr("identity_provider").eq(self._identity_provider)
        try:
            item = self._table.delete(
                f"{LOGINS}{state_hash}", "take login", of_this_browser & Attr("expires_at").gt(now)
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

    ``identity_provider`` is where their users have logged in, by its issuer: a session of another one has ended.
    """

    def __init__(self, table: Table, identity_provider: str | None = None) -> None:
        self._table = table
        self._identity_provider = identity_provider

    def add(self, session_hash: str, session: Session) -> None:
        """Keep a new one."""
        item = {"pk": f"{SESSIONS}{session_hash}", **asdict(session), "identity_provider": self._identity_provider}
        self._table.put(Put(item), "add session")

    def get(self, session_hash: str, now: int) -> Session | None:
        """The session, or ``None`` when there is none, or it has expired."""
        item = self._table.get(f"{SESSIONS}{session_hash}", "get session")
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
        self._table.delete(f"{SESSIONS}{session_hash}", "delete session")
