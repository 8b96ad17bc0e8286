"""People in DynamoDB: what each has granted, in one item whose attributes are written one by one."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import asdict

from runtime.prefixes import USERS
from runtime.storage.grants import put_new
from runtime.storage.login_records import Consent, GivenGrant, PersonChange, PersonRecord
from runtime.storage.records import AlreadyExists, Grant
from runtime.storage.table import PRESENT, ConditionFailed, Table, Update

CONSENT, GRANT = "consent#", "grant#"


class DynamoDBPeople:
    """A ``PersonStore`` whose items have the partition key ``person#<SHA-256 of the subject>``.

    A consent is the attribute ``consent#<client_id>``, a grant the attribute ``grant#<grant_id>``.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, subject: str) -> PersonRecord:
        """What is kept of a person, empty where nothing is; whether it has expired is for the reader to see."""
        item = self._table.get(_key(subject), "get person") or {}
        return PersonRecord(
            consents={
                name.removeprefix(CONSENT): Consent(value["scope"], value["client_name"], int(value["at"]))
                for name, value in item.items()
                if name.startswith(CONSENT)
            },
            grants={
                name.removeprefix(GRANT): GivenGrant(
                    value["client_id"], value["client_name"], value["scope"], int(value["at"]), int(value["expires"])
                )
                for name, value in item.items()
                if name.startswith(GRANT)
            },
            expires_at=int(item.get("expires_at", 0)),
        )

    def give(self, grant: Grant, change: PersonChange) -> None:
        """Keep a new grant, and write the change to its person: both or neither.

        Each consent and grant of the person is set by itself: changes at the same time keep one another. Raises
        ``AlreadyExists`` when the id of the grant is taken.
        """
        setting = {f"{CONSENT}{client_id}": asdict(consent) for client_id, consent in change.consents.items()}
        setting |= {f"{GRANT}{grant_id}": asdict(given) for grant_id, given in change.grants.items()}
        removing = _names(change.without_consents, change.without_grants) - setting.keys()
        update = Update(_key(grant.subject), {**setting, "expires_at": change.expires_at}, remove=removing)
        try:
            self._table.write_together([update, put_new(grant)], "give grant")
        except ConditionFailed as error:
            raise AlreadyExists("grant") from error

    def forget(self, subject: str, consents: Collection[str], grants: Collection[str]) -> None:
        """Remove consents, by their client, and grants, by their id; those that are gone already do not matter."""
        removing = _names(consents, grants)
        if not removing:
            return
        try:
            # Without the condition, DynamoDB would make an item of nothing where there is none.
            self._table.update(Update(_key(subject), set={}, remove=removing, condition=PRESENT), "forget")
        except ConditionFailed:
            # Nothing is kept of this person.
            return


def _key(subject: str) -> str:
    # Whatever an identity provider calls people, the key is short.
    return f"{USERS}{hashlib.sha256(subject.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _names(consents: Iterable[str], grants: Iterable[str]) -> set[str]:
    return {f"{CONSENT}{client_id}" for client_id in consents} | {f"{GRANT}{grant_id}" for grant_id in grants}
