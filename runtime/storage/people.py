"""People in DynamoDB: what each has granted, in one item whose attributes are written one by one."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

import boto3
from botocore.exceptions import ClientError

from runtime.storage.grants import put_new
from runtime.storage.login_records import Consent, GivenGrant, PersonChange, PersonRecord
from runtime.storage.records import AlreadyExists, Grant, StoreUnavailable

CONDITION_FAILED = "ConditionalCheckFailedException"
CANCELLED_FOR_CONDITION, CANCELLED_FOR_CONFLICT = "ConditionalCheckFailed", "TransactionConflict"
ATTEMPTS = 5
CONSENT, GRANT = "consent#", "grant#"
CONSENT_MEMBERS = frozenset(member.name for member in fields(Consent))
# DynamoDB takes 4 KB of an expression.
MOST_IN_ONE_UPDATE = 100


class DynamoDBPeople:
    """A ``PersonStore`` whose items have the partition key ``person#<SHA-256 of the issuer and the subject>``.

    A consent is the attribute ``consent#<key>``, a grant the attribute ``grant#<grant_id>``. ``identity_provider`` is
    the issuer of the subjects: OpenID Connect Core 1.0, 5.7, only the two together name somebody.
    """

    def __init__(self, table_name: str, identity_provider: str | None = None) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)
        self._identity_provider = identity_provider

    def get(self, subject: str) -> PersonRecord:
        """What is kept of a person, empty where nothing is; what of it is over is for the reader to see."""
        try:
            item = self._table.get_item(Key=self._key(subject), ConsistentRead=True).get("Item", {})
        except ClientError as error:
            raise StoreUnavailable("get person") from error
        return PersonRecord(
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

    def give(self, grant: Grant, change: PersonChange) -> None:
        """Keep a new grant, and write the change to its person: both or neither.

        Each consent and grant of the person is set by itself: changes at the same time keep one another. Raises
        ``AlreadyExists`` when the id of the grant is taken.
        """
        setting = {f"{CONSENT}{key}": asdict(consent) for key, consent in change.consents.items()}
        setting |= {f"{GRANT}{grant_id}": asdict(given) for grant_id, given in change.grants.items()}
        removing = _names(change.without_consents, change.without_grants) - setting.keys()
        table = {"TableName": self._table.name}
        key = self._key(grant.subject)
        update = {"Key": key, **_update({**setting, "expires_at": change.expires_at}, removing)}
        self._transact([{"Update": table | update}, {"Put": table | put_new(grant, self._identity_provider)}])

    def forget(self, subject: str, consents: Collection[str], grants: Collection[str]) -> None:
        """Remove consents, by their key, and grants, by their id; those that are gone already do not matter."""
        key, names = self._key(subject), list(_names(consents, grants))
        for start in range(0, len(names), MOST_IN_ONE_UPDATE):
            removing = names[start : start + MOST_IN_ONE_UPDATE]
            # Without the condition, DynamoDB would make an item of nothing where there is none.
            update = {"Key": key, **_update({}, removing), "ConditionExpression": "attribute_exists(pk)"}
            try:
                self._table.update_item(**update)
            except ClientError as error:
                if error.response["Error"]["Code"] != CONDITION_FAILED:
                    raise StoreUnavailable("update person") from error

    def _key(self, subject: str) -> dict[str, str]:
        # Whatever an identity provider calls people, the key is short. No issuer has a null character in it.
        user = f"{self._identity_provider or ''}\0{subject}"
        return {"pk": f"person#{hashlib.sha256(user.encode('utf-8', 'surrogatepass')).hexdigest()}"}

    def _transact(self, writes: list[dict[str, Any]], attempts: int = ATTEMPTS) -> None:
        try:
            self._table.meta.client.transact_write_items(TransactItems=writes)
        except ClientError as error:
            reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
            if CANCELLED_FOR_CONDITION in reasons:
                raise AlreadyExists("grant") from error
            # Two logins of one person at the same moment; boto3 does not try again by itself.
            if CANCELLED_FOR_CONFLICT not in reasons or attempts == 1:
                raise StoreUnavailable("give grant") from error
            self._transact(writes, attempts - 1)


def _update(setting: Mapping[str, Any], removing: Collection[str]) -> dict[str, Any]:
    """The arguments of an update that sets and removes attributes of a person."""
    # Ids of clients are not names that an expression can hold, so every attribute has a stand-in.
    names = {f"#a{index}": name for index, name in enumerate([*setting, *removing])}
    stand_ins = {name: stand_in for stand_in, name in names.items()}
    values = {f":{stand_ins[name][1:]}": value for name, value in setting.items()}
    clauses = [
        _clause("SET", (f"{stand_ins[name]} = :{stand_ins[name][1:]}" for name in setting)),
        _clause("REMOVE", (stand_ins[name] for name in removing)),
    ]
    return {
        "UpdateExpression": " ".join(filter(None, clauses)),
        "ExpressionAttributeNames": names,
        **({"ExpressionAttributeValues": values} if values else {}),
    }


def _consent(value: Mapping[str, Any]) -> Consent:
    members = {name: value[name] for name in CONSENT_MEMBERS}
    return Consent(**{**members, "at": int(value["at"]), "expires": int(value["expires"])})


def _names(consents: Iterable[str], grants: Iterable[str]) -> set[str]:
    return {f"{CONSENT}{key}" for key in consents} | {f"{GRANT}{grant_id}" for grant_id in grants}


def _clause(keyword: str, terms: Iterable[str]) -> str:
    joined = ", ".join(terms)
    return f"{keyword} {joined}" if joined else ""
