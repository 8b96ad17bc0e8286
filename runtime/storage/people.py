"""People in DynamoDB: what each has granted, in one item whose attributes are written one by one."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

import boto3
from botocore.exceptions import ClientError

from runtime.storage.login_records import Consent, GivenGrant, PersonChange, PersonRecord
from runtime.storage.records import StoreUnavailable

CONDITION_FAILED = "ConditionalCheckFailedException"
CONSENT, GRANT = "consent#", "grant#"


class DynamoDBPeople:
    """A ``PersonStore`` whose items have the partition key ``person#<SHA-256 of the subject>``.

    A consent is the attribute ``consent#<client_id>``, a grant the attribute ``grant#<grant_id>``.
    """

    def __init__(self, table_name: str) -> None:
        self._table = boto3.resource("dynamodb").Table(table_name)

    def get(self, subject: str) -> PersonRecord:
        """What is kept of a person, empty where nothing is; whether it has expired is for the reader to see."""
        try:
            item = self._table.get_item(Key=_key(subject), ConsistentRead=True).get("Item", {})
        except ClientError as error:
            raise StoreUnavailable("get person") from error
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

    def change(self, subject: str, change: PersonChange) -> None:
        """Write a change. Each consent and grant is set by itself: changes at the same time keep one another."""
        setting = {f"{CONSENT}{client_id}": asdict(consent) for client_id, consent in change.consents.items()}
        setting |= {f"{GRANT}{grant_id}": asdict(grant) for grant_id, grant in change.grants.items()}
        removing = _names(change.without_consents, change.without_grants) - setting.keys()
        self._update(subject, {**setting, "expires_at": change.expires_at}, removing)

    def forget(self, subject: str, consents: Collection[str], grants: Collection[str]) -> None:
        """Remove consents, by their client, and grants, by their id; those that are gone already do not matter."""
        removing = _names(consents, grants)
        if removing:
            # Without the condition, DynamoDB would make an item of nothing where there is none.
            self._update(subject, {}, removing, ConditionExpression="attribute_exists(pk)")

    def _update(self, subject: str, setting: dict[str, Any], removing: Collection[str], **condition: str) -> None:
        # Ids of clients are not names that an expression can hold, so every attribute has a stand-in.
        names = {f"#a{index}": name for index, name in enumerate([*setting, *removing])}
        stand_ins = {name: stand_in for stand_in, name in names.items()}
        values = {f":{stand_ins[name][1:]}": value for name, value in setting.items()}
        clauses = [
            _clause("SET", (f"{stand_ins[name]} = :{stand_ins[name][1:]}" for name in setting)),
            _clause("REMOVE", (stand_ins[name] for name in removing)),
        ]
        try:
            self._table.update_item(
                Key=_key(subject),
                UpdateExpression=" ".join(filter(None, clauses)),
                ExpressionAttributeNames=names,
                **({"ExpressionAttributeValues": values} if values else {}),
                **condition,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != CONDITION_FAILED:
                raise StoreUnavailable("update person") from error


def _key(subject: str) -> dict[str, str]:
    # Whatever an identity provider calls people, the key is short.
    return {"pk": f"person#{hashlib.sha256(subject.encode('utf-8', 'surrogatepass')).hexdigest()}"}


def _names(consents: Iterable[str], grants: Iterable[str]) -> set[str]:
    return {f"{CONSENT}{client_id}" for client_id in consents} | {f"{GRANT}{grant_id}" for grant_id in grants}


def _clause(keyword: str, terms: Iterable[str]) -> str:
    joined = ", ".join(terms)
    return f"{keyword} {joined}" if joined else ""
