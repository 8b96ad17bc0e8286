"""Users in DynamoDB: what each has granted, in one item whose attributes are written one by one."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from runtime.prefixes import USERS
from runtime.records.errors import AlreadyExists
from runtime.records.login import Consent, GivenGrant, UserChange, UserRecord
from runtime.records.oauth import Grant
from runtime.storage.grants import put_new
from runtime.storage.table import PRESENT, ConditionFailed, Table, Update

CONSENT, GRANT = "consent#", "grant#"
CONSENT_MEMBERS = frozenset(member.name for member in fields(Consent))
# DynamoDB takes 4 KB of an expression.
MOST_IN_ONE_UPDATE = 100


class DynamoDBUsers:
    """A ``UserStore`` whose items have the partition key ``person#<SHA-256 of the issuer and the subject>``.

    A consent is the attribute ``consent#<key>``, a grant the attribute ``grant#<grant_id>``. ``identity_provider`` is
    the issuer of the subjects: OpenID Connect Core 1.0, 5.7, only the two together name somebody.
    """

    def __init__(self, table: Table, identity_provider: str | None = None) -> None:
        self._table = table
        self._identity_provider = identity_provider

    def get(self, subject: str) -> UserRecord:
        """What is kept of a user, empty where nothing is; what of it is over is for the reader to see."""
        item = self._table.get(self._key(subject), "get user") or {}
        return UserRecord(
            consents={
                name.removeprefix(CONSENT): _consent(value)
                for name, value in item.items()
                # One of an earlier version does not say where answers went: it stands for nothing.
                if name.startswith(CONSENT) and value.keys() >= CONSENT_MEMBERS
            },
            grants={
                name.removeprefix(GRANT): GivenGrant(value["client_id"], int(value["at"]), int(value["expires"]))
                for name, value in item.items()
                if name.startswith(GRANT)
            },
            expires_at=int(item.get("expires_at", 0)),
        )

    def give(self, grant: Grant, change: UserChange) -> None:
        """Keep a new grant, and write the change to its user: both or neither.

        Each consent and grant of the user is set by itself: changes at the same time keep one another. Raises
        ``AlreadyExists`` when the id of the grant is taken.
        """
        setting = {f"{CONSENT}{key}": asdict(consent) for key, consent in change.consents.items()}
        setting |= {f"{GRANT}{grant_id}": asdict(given) for grant_id, given in change.grants.items()}
        removing = _names(change.without_consents, change.without_grants) - setting.keys()
        update = Update(self._key(grant.subject), {**setting, "expires_at": change.expires_at}, remove=removing)
        try:
            self._table.write_together([update, put_new(grant, self._identity_provider)], "give grant")
        except ConditionFailed as error:
            raise AlreadyExists("grant") from error

    def forget(self, subject: str, consents: Collection[str], grants: Collection[str]) -> None:
        """Remove consents, by their key, and grants, by their id; those that are gone already do not matter."""
        names = sorted(_names(consents, grants))
        for start in range(0, len(names), MOST_IN_ONE_UPDATE):
            removing = names[start : start + MOST_IN_ONE_UPDATE]
            # Without the condition, DynamoDB would make an item of nothing where there is none.
            update = Update(self._key(subject), set={}, remove=removing, condition=PRESENT)
            try:
                self._table.update(update, "forget")
            except ConditionFailed:
                # Nothing is kept of this user.
                return

    def _key(self, subject: str) -> str:
        # Whatever an identity provider calls users, the key is short. No issuer has a null character in it.
        user = f"{self._identity_provider or ''}\0{subject}"
        return f"{USERS}{hashlib.sha256(user.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _consent(value: Mapping[str, Any]) -> Consent:
    members = {name: value[name] for name in CONSENT_MEMBERS}
    return Consent(**{**members, "at": int(value["at"]), "expires": int(value["expires"])})


def _names(consents: Iterable[str], grants: Iterable[str]) -> set[str]:
    return {f"{CONSENT}{key}" for key in consents} | {f"{GRANT}{grant_id}" for grant_id in grants}
