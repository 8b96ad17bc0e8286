"""The four steps of a Secrets Manager rotation, for a key that this function makes itself.

Secrets Manager may call any step more than once, so each of them may be repeated without harm.
"""

import secrets
import uuid
from collections.abc import Callable, Mapping

import jwt

from runtime.audit import AuditEvent, AuditLog
from runtime.records.keys import CURRENT, PENDING, RotatingKeyStore
from runtime.tokens.access_tokens import ALGORITHM

KEY_BYTES = 64


class UnusableKey(Exception):
    """A pending key that does not verify what it signs."""


def rotate(event: Mapping[str, str], keys: RotatingKeyStore, audit: AuditLog) -> None:
    """Do one step for one version of the secret.

    Raises ``KeyError`` for a step that is not known, ``PermissionError`` for a version that is not being rotated.
    """
    step = event["Step"]
    if step == "initialise":
        made = initialise(keys)
        if made is not None:
            audit.record(AuditEvent("signing_key_made", {"key_id": made}))
        return
    version = event["ClientRequestToken"]
    stages = keys.describe().get("VersionIdsToStages", {}).get(version, [])
    if CURRENT in stages:
        return
    if PENDING not in stages:
        raise PermissionError("this version of the secret is not pending")
    STEPS[step](keys, version)
    if step == "finishSecret":
        audit.record(AuditEvent("signing_key_rotated", {"key_id": version}))


def initialise(keys: RotatingKeyStore) -> str | None:
    """Make the first key, unless there is one: so the key has never been anywhere but here and in the secret.

    The id of the key that was made, ``None`` when there was one.
    """
    if keys.staged(CURRENT) is not None:
        return None
    key_id = str(uuid.uuid4())
    keys.put(key_id, new_key(), CURRENT)
    return key_id


def create(keys: RotatingKeyStore, version: str) -> None:
    """``createSecret``: put a new key under the pending version, unless an earlier call has."""
    if keys.staged(PENDING, version) is None:
        keys.put(version, new_key(), PENDING)


def set_up(_keys: RotatingKeyStore, _version: str) -> None:
    """``setSecret``: nothing else holds the key, so there is nothing to set."""


def test(keys: RotatingKeyStore, version: str) -> None:
    """``testSecret``: the pending key must verify what it signs. Raises ``UnusableKey``.

    Secrets Manager also calls this step alone, on a version without a value, when a schedule is set up.
    """
    key = keys.staged(PENDING, version)
    if key is None:
        return
    signed = jwt.encode({"sub": "rotation"}, key.value, algorithm=ALGORITHM)
    if jwt.decode(signed, key.value, algorithms=[ALGORITHM]) != {"sub": "rotation"}:
        raise UnusableKey("the pending key does not verify what it signs")


def finish(keys: RotatingKeyStore, version: str) -> None:
    """``finishSecret``: the pending key becomes the current one, and the current one the previous.

    Raises ``UnusableKey`` for a version that no key was made for.
    """
    if keys.staged(PENDING, version) is None:
        raise UnusableKey("the pending version has no value")
    stages = keys.describe()["VersionIdsToStages"]
    keys.promote(version, next((other for other, labels in stages.items() if CURRENT in labels), None))


def new_key() -> str:
    """512 random bits; RFC 7518 3.2 asks for at least the 256 of the hash."""
    return secrets.token_urlsafe(KEY_BYTES)


STEPS: Mapping[str, Callable[[RotatingKeyStore, str], None]] = {
    "createSecret": create,
    "setSecret": set_up,
    "testSecret": test,
    "finishSecret": finish,
}
