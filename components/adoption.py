"""Tables and secrets that a stack uses and does not own: restored ones, and those that another team made.

They are only read, so Pulumi never changes, replaces or deletes them. They are checked while the program decides what
to declare, so ``pulumi preview`` already tells what is wrong with one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import pulumi
import pulumi_aws as aws
from pulumi_aws.dynamodb import GetTableResult

from components.encryption import Encryption
from runtime.deployment import EXPIRY, PARTITION_KEY

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Adopted:
    """A resource that the stack uses and does not own."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]


@dataclass(frozen=True, slots=True)
class Promises:
    """Whether the configuration promises that the table can be restored, and that it refuses deletion."""

    recovery: bool
    protection: bool


def adopt_table(name: str, promises: Promises, encryption: Encryption) -> Adopted:
    """Return the table that ``existingTable`` names.

    Raise ``pulumi.RunError`` if it does not exist, has another key, lacks what the configuration promises, or is
    encrypted with a KMS key that the functions may not use.
    """
    found = _read("existingTable", name, lambda: aws.dynamodb.get_table(name=name, opts=_ask(encryption)))
    sse = found.server_side_encryption
    encrypted_with = sse.kms_key_arn if sse and sse.enabled else None
    problems = [*wrong_table(found, promises), *_wrong_encryption("existingTable", encrypted_with, encryption)]
    _refuse(f"The table {name}, which existingTable names, cannot be used:", problems)
    return _as_outputs(found.name, found.arn)


def adopt_secret(key: str, arn: str, encryption: Encryption) -> Adopted:
    """Return the secret that ``key`` names by its ARN. Nothing reads its value here, because state would keep it.

    Raise ``pulumi.RunError`` if it is in another region, does not exist, is scheduled for deletion, or is encrypted
    with a KMS key that the functions may not use.
    """
    there, here = arn.split(":")[3], encryption.location.place.region()
    if there != here:
        _refuse(f"The secret that {key} names cannot be used:", [f"it is in {there}, and the stack is in {here}"])
    found = _read(key, arn, lambda: aws.secretsmanager.get_secret(arn=arn, opts=_ask(encryption)))
    problems = _wrong_encryption(key, found.kms_key_id, encryption)
    _refuse(f"The secret {arn}, which {key} names, cannot be used:", problems)
    return _as_outputs(found.name, found.arn)


def adopt_signing_key(arn: str, rotation_name: str, encryption: Encryption) -> Adopted:
    """Return the secret that ``existingSigningKey`` names. ``rotation_name`` starts the name of what may rotate it.

    Raise ``pulumi.RunError`` if it cannot be used, or if another function rotates it: each would replace the other's
    keys, and only this stack's function makes keys that the stack can sign with.
    """
    key = "existingSigningKey"
    secret = adopt_secret(key, arn, encryption)
    rotation = _read(key, arn, lambda: aws.secretsmanager.get_secret_rotation(secret_id=arn, opts=_ask(encryption)))
    rotator = rotation.rotation_lambda_arn or ""
    if rotation.rotation_enabled and f":function:{rotation_name}" not in rotator:
        who = rotator or "Secrets Manager itself"
        what = f"{who} rotates it; end that first: aws secretsmanager cancel-rotate-secret --secret-id {arn}"
        _refuse(f"The secret that {key} names cannot be used:", [what])
    return secret


def wrong_table(found: GetTableResult, promises: Promises) -> Iterator[str]:
    """Report what a table lacks: its key, its expiry, and what the configuration promises about it."""
    types = {attribute.name: attribute.type for attribute in found.attributes}
    if found.hash_key != PARTITION_KEY or types.get(PARTITION_KEY) != "S" or found.range_key:
        keys = [key for key in (found.hash_key, found.range_key) if key]
        said = ", ".join(f"{key} ({types.get(key)})" for key in keys)
        yield f"its key is {said}; it must be {PARTITION_KEY} (S) alone, so this is no table of this server"
        return
    if not (found.ttl and found.ttl.enabled and found.ttl.attribute_name == EXPIRY):
        yield f"its items do not expire by {EXPIRY}, so it would only grow; {_advice(found)}"
    if promises.recovery and not (found.point_in_time_recovery and found.point_in_time_recovery.enabled):
        yield f"it has no point-in-time recovery, which pointInTimeRecovery promises; {_advice(found)}"
    if promises.protection and not found.deletion_protection_enabled:
        yield f"it does not refuse deletion, which deletionProtection promises; {_advice(found)}"


def _wrong_encryption(key: str, used: str | None, encryption: Encryption) -> Iterator[str]:
    """Report a KMS key other than that of the stack. AWS's own keys, and a key that the stack makes, are not known."""
    if used and not isinstance(encryption.key_arn, pulumi.Output):
        found = _read(key, used, lambda: aws.kms.get_key(key_id=used, opts=_ask(encryption)))
        if found.key_manager != "AWS" and found.arn != encryption.key_arn:
            yield f"it is encrypted with {found.arn}, which the functions may not use; set kmsKey to this ARN"


def _advice(found: GetTableResult) -> str:
    return f"run: python -m admin --stack {pulumi.get_stack()} prepare-table {found.name}"


def _ask(encryption: Encryption) -> pulumi.InvokeOptions | None:
    """Return the options that ask the AWS provider of the stack."""
    return encryption.location.place.options


def _read(key: str, name: str, read: Callable[[], Found]) -> Found:
    try:
        return read()
    # Pulumi has no class of its own for an invoke that failed.
    except Exception as error:
        raise pulumi.RunError(f"{key} is {name}, which cannot be read: {error}") from error


def _refuse(title: str, problems: Iterable[str]) -> None:
    found = list(problems)
    if found:
        raise pulumi.RunError("\n  ".join([title, *found]))


def _as_outputs(name: str, arn: str) -> Adopted:
    return Adopted(pulumi.Output.from_input(name), pulumi.Output.from_input(arn))
