"""Users in DynamoDB: the consents and grants of each user are attributes of one item."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from runtime.prefixes import USERS
from runtime.records.errors import AlreadyExists
from runtime.records.login import Consent, UserChange, UserGrant, UserRecord
from runtime.records.oauth import Grant
from runtime.storage.grants import new_grant_put
from runtime.storage.table import PRESENT, ConditionFailed, Item, Table, Update

CONSENT, GRANT = "consent#", "grant#"
CONSENT_MEMBERS = frozenset(member.name for member in fields(Consent))
# DynamoDB takes 4 KB of an expression.
MOST_IN_ONE_UPDATE = 100


class DynamoDBUsers:
    """A ``UserStore`` whose items have the partition key ``person#<SHA-256 of the issuer and the subject>``.

    A consent is the attribute ``consent#<key>``, a grant the attribute ``grant#<grant_id>``. ``identity_provider`` is
    the issuer of the subjects: only issuer and subject together identify a user (OpenID Connect Core 1.0, 5.7).
    """

    def __init__(self, table: Table, identity_provider: str | None = None) -> None:
        self._table = table
        self._identity_provider = identity_provider

    def get(self, subject: str) -> UserRecord:
        """Return the record of a user, which may be empty or have expired entries."""
        return user_from_item(self._table.get(self._key(subject), "get user") or {})

    def add_grant(self, grant: Grant, change: UserChange) -> None:
        """Store a new grant and write the change to its user, both or neither.

        Each consent and grant is a separate attribute, so concurrent changes do not overwrite each other. Raises
        ``AlreadyExists`` if the id of the grant is taken.
        """
        new = {f"{CONSENT}{key}": asdict(consent) for key, consent in change.consents.items()}
        new |= {f"{GRANT}{grant_id}": asdict(user_grant) for grant_id, user_grant in change.grants.items()}
        old = _names(change.without_consents, change.without_grants) - new.keys()
        # The key is a hash, so an operator finds a user by these.
        who = {"subject": grant.subject, "identity_provider": self._identity_provider, "email": change.email}
        update = Update(self._key(grant.subject), {**new, **who, "expires_at": change.expires_at}, remove=old)
        try:
            self._table.write_together([update, new_grant_put(grant, self._identity_provider)], "add grant to user")
        except ConditionFailed as error:
            raise AlreadyExists("grant") from error

    def remove(self, subject: str, consents: Collection[str], grants: Collection[str]) -> None:
        """Remove consents by key and grants by id from a user's record, and ignore those that do not exist."""
        names = sorted(_names(consents, grants))
        for start in range(0, len(names), MOST_IN_ONE_UPDATE):
            batch = names[start : start + MOST_IN_ONE_UPDATE]
            # Without the condition, DynamoDB would create an empty item if there is none.
            update = Update(self._key(subject), set={}, remove=batch, condition=PRESENT)
            try:
                self._table.update(update, "remove from user")
            except ConditionFailed:
                # This user has no record.
                return

    def _key(self, subject: str) -> str:
        return user_key(self._identity_provider, subject)


def user_key(identity_provider: str | None, subject: str) -> str:
    """Return the partition key of a user's record."""
    # A hash, so that the key is short for every subject. An issuer cannot contain a null character.
    user = f"{identity_provider or ''}\0{subject}"
    return f"{USERS}{hashlib.sha256(user.encode('utf-8', 'surrogatepass')).hexdigest()}"


def user_from_item(item: Item) -> UserRecord:
    """Return the record in the item of a user, which may be empty or have expired entries."""
    return UserRecord(
        consents={
            name.removeprefix(CONSENT): _consent(value)
            for name, value in item.items()
            # Ignore a consent of an earlier version, which has no redirect URI.
            if name.startswith(CONSENT) and value.keys() >= CONSENT_MEMBERS
        },
        grants={
            name.removeprefix(GRANT): UserGrant(value["client_id"], int(value["at"]), int(value["expires"]))
            for name, value in item.items()
            if name.startswith(GRANT)
        },
        expires_at=int(item.get("expires_at", 0)),
    )


def _consent(value: Mapping[str, Any]) -> Consent:
    members = {name: value[name] for name in CONSENT_MEMBERS}
    return Consent(**{**members, "at": int(value["at"]), "expires": int(value["expires"])})


def _names(consents: Iterable[str], grants: Iterable[str]) -> set[str]:
    return {f"{CONSENT}{key}" for key in consents} | {f"{GRANT}{grant_id}" for grant_id in grants}
