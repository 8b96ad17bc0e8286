"""Grants in DynamoDB."""

from collections.abc import Callable
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase

from runtime.prefixes import GRANTS
from runtime.records.errors import NotThere
from runtime.records.oauth import Grant, ReplacedToken
from runtime.storage.cutoff import get_with_cutoff
from runtime.storage.table import ABSENT, PRESENT, ConditionFailed, Item, Put, Table, Update, key

# Other attributes, written by another version of this program, are ignored.
MEMBERS = frozenset(field.name for field in fields(Grant))


class DynamoDBGrants:
    """A ``GrantStore`` whose items have the partition key ``grant#<grant_id>``.

    A grant is one item with all of its credentials, so using one of them and revoking all of them are single writes.
    ``clock`` reads seconds since the epoch. ``identity_provider`` is the issuer of the provider. Grants from another
    provider count as deleted, since the same subject may be another user there.
    """

    def __init__(self, table: Table, clock: Callable[[], float], identity_provider: str | None = None) -> None:
        self._table = table
        self._clock = clock
        self._identity_provider = identity_provider

    def get(self, grant_id: str) -> Grant | None:
        """Return the grant, or ``None`` if it is unknown, has expired, or was revoked."""
        pk = key(GRANTS, grant_id)
        if pk is None:
            return None
        items, cutoff = get_with_cutoff(self._table, [pk], "get grant")
        return read_grant(items.get(pk), self._identity_provider, self._clock(), cutoff)

    def redeem(self, grant_id: str, family_hash: str | None, refresh_hash: str | None, expires_at: int) -> None:
        """Consume the code of a grant; raises ``NotThere`` unless it is unused and unexpired."""
        now = self._now()
        changes = {
            "code_used": True,
            "family_hash": family_hash,
            "refresh_hash": refresh_hash,
            "rotated_at": now,
            "expires_at": expires_at,
        }
        self._update(grant_id, changes, Attr("code_used").eq(False) & Attr("code_expires_at").gt(now))

    def rotate(self, grant: Grant, refresh_hash: str, replaced: tuple[ReplacedToken, ...], expires_at: int) -> None:
        """Replace the refresh token of a grant; raises ``NotThere`` unless it still has the one that was read."""
        changes = {
            "refresh_hash": refresh_hash,
            "replaced": [asdict(token) for token in replaced],
            "rotated_at": self._now(),
            "expires_at": expires_at,
        }
        self._update(grant.grant_id, changes, Attr("refresh_hash").eq(grant.refresh_hash))

    def revoke(self, grant_id: str) -> None:
        """Delete a grant, which ends everything issued under it. Repeating it changes nothing."""
        self._table.delete(f"{GRANTS}{grant_id}", "revoke grant")

    def _update(self, grant_id: str, changes: dict[str, Any], condition: ConditionBase) -> None:
        """Change an existing grant in one write; raises ``NotThere`` if it does not meet the condition."""
        # DynamoDB deletes expired items late.
        present = PRESENT & Attr("expires_at").gt(self._now())
        try:
            self._table.update(Update(f"{GRANTS}{grant_id}", changes, condition=present & condition), "update grant")
        except ConditionFailed as error:
            raise NotThere("grant") from error

    def _now(self) -> int:
        return int(self._clock())


def new_grant_put(grant: Grant, identity_provider: str | None) -> Put:
    """Return the write that stores a new grant, on the condition that its id is not taken."""
    item = {"pk": f"{GRANTS}{grant.grant_id}", **asdict(grant), "identity_provider": identity_provider}
    return Put(item, ABSENT)


def read_grant(item: Item | None, identity_provider: str | None, now: float, cutoff: int) -> Grant | None:
    """Return the grant in an item, or ``None`` if there is none, or it has expired or was issued before the cutoff."""
    if item is None or item.get("identity_provider") != identity_provider:
        return None
    grant = grant_from_item(item)
    return grant if grant.expires_at > now and grant.created_at >= cutoff else None


def grant_from_item(item: Item) -> Grant:
    """Return the grant in an item, even if it has expired."""
    members: dict[str, Any] = {
        name: int(value) if isinstance(value, Decimal) else value for name, value in item.items() if name in MEMBERS
    }
    replaced = tuple(
        ReplacedToken(token["hash"], token["salt"], int(token["replaced_at"])) for token in item.get("replaced", ())
    )
    return Grant(**{**members, "replaced": replaced})
