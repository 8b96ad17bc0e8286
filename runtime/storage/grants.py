"""Grants in DynamoDB."""

from collections.abc import Callable
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase

from runtime.prefixes import GRANTS
from runtime.records.errors import AlreadyExists, NotThere
from runtime.records.oauth import Grant, ReplacedToken
from runtime.storage.table import ABSENT, PRESENT, ConditionFailed, Item, Put, Table, Update, key

# What another version of this program has written beside them is left alone.
MEMBERS = frozenset(field.name for field in fields(Grant))


class DynamoDBGrants:
    """A ``GrantStore`` whose items have the partition key ``grant#<grant_id>``.

    A grant is one item with all its credentials, so that each use of one, and the end of all, is one write.
    ``clock`` reads seconds since the epoch. ``identity_provider`` is whose users have given the grants, by its issuer;
    those of another one count as gone, since they may call somebody else by the same subject.
    """

    def __init__(self, table: Table, clock: Callable[[], float], identity_provider: str | None = None) -> None:
        self._table = table
        self._clock = clock
        self._identity_provider = identity_provider

    def add(self, grant: Grant) -> None:
        """Keep a new grant; raises ``AlreadyExists`` when its id is taken."""
        try:
            self._table.put(put_new(grant, self._identity_provider), "add grant")
        except ConditionFailed as error:
            raise AlreadyExists("grant") from error

    def get(self, grant_id: str) -> Grant | None:
        """The grant, or ``None`` when there is none of this id: it has expired, or was revoked."""
        pk = key(GRANTS, grant_id)
        item = self._table.get(pk, "get grant") if pk else None
        if item is None or item.get("identity_provider") != self._identity_provider:
            return None
        grant = _grant(item)
        return grant if grant.expires_at > self._clock() else None

    def redeem(self, grant_id: str, family_hash: str | None, refresh_hash: str | None, expires_at: int) -> None:
        """Use up the code of a grant; raises ``NotThere`` unless it is unused and unexpired."""
        now = self._now()
        redeemed = {
            "code_used": True,
            "family_hash": family_hash,
            "refresh_hash": refresh_hash,
            "rotated_at": now,
            "expires_at": expires_at,
        }
        self._update(grant_id, redeemed, Attr("code_used").eq(False) & Attr("code_expires_at").gt(now))

    def rotate(self, grant: Grant, refresh_hash: str, replaced: tuple[ReplacedToken, ...], expires_at: int) -> None:
        """Give a grant a new refresh token; raises ``NotThere`` unless it still has the one that was read."""
        rotated = {
            "refresh_hash": refresh_hash,
            "replaced": [asdict(token) for token in replaced],
            "rotated_at": self._now(),
            "expires_at": expires_at,
        }
        self._update(grant.grant_id, rotated, Attr("refresh_hash").eq(grant.refresh_hash))

    def revoke(self, grant_id: str) -> None:
        """End a grant and everything that was issued under it; doing it again changes nothing."""
        self._table.delete(f"{GRANTS}{grant_id}", "revoke grant")

    def _update(self, grant_id: str, changes: dict[str, Any], condition: ConditionBase) -> None:
        """One conditional write to a grant that is there; raises ``NotThere`` where the condition does not hold."""
        # DynamoDB deletes late: a grant past its time counts as gone.
        present = PRESENT & Attr("expires_at").gt(self._now())
        try:
            self._table.update(Update(f"{GRANTS}{grant_id}", changes, condition=present & condition), "update grant")
        except ConditionFailed as error:
            raise NotThere("grant") from error

    def _now(self) -> int:
        return int(self._clock())


def put_new(grant: Grant, identity_provider: str | None) -> Put:
    """The write that keeps a new grant of a user of the provider, which is refused when its id is taken."""
    item = {"pk": f"{GRANTS}{grant.grant_id}", **asdict(grant), "identity_provider": identity_provider}
    return Put(item, ABSENT)


def _grant(item: Item) -> Grant:
    members: dict[str, Any] = {
        name: int(value) if isinstance(value, Decimal) else value for name, value in item.items() if name in MEMBERS
    }
    replaced = tuple(
        ReplacedToken(token["hash"], token["salt"], int(token["replaced_at"])) for token in item.get("replaced", ())
    )
    return Grant(**{**members, "replaced": replaced})
