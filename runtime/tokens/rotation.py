"""The four steps of a Secrets Manager rotation, for a key that this function creates itself.

Secrets Manager may call any step more than once, so every step is idempotent.
"""

import secrets
import uuid
from collections.abc import Callable, Mapping

import jwt

from runtime.audit import AuditEvent, AuditLog
from runtime.records.errors import AccessRefused
from runtime.records.keys import CURRENT, PENDING, RotatingKeyStore
from runtime.tokens.access_tokens import ALGORITHM

KEY_BYTES = 64
# RFC 7518 3.2: HS256 needs a key at least as long as its hash.
FEWEST_BYTES = 32


# How long to wait before each new attempt while the permissions of a new role spread, in seconds: half a minute in all.
PAUSES = (1, 2, 4, 8, 16)


class UnusableKey(Exception):
    """A pending key that does not verify what it signs, or a key that is too short."""


def rotate_patiently(
    event: Mapping[str, str], keys: RotatingKeyStore, audit: AuditLog, pause: Callable[[float], None]
) -> None:
    """Run one step, again and again while access is refused: the first deployment calls right after it made the role.

    Raises ``AccessRefused`` after the last attempt, and what ``rotate`` raises.
    """
    for seconds in PAUSES:
        try:
            return rotate(event, keys, audit)
        except AccessRefused:
            pause(seconds)
    return rotate(event, keys, audit)


def rotate(event: Mapping[str, str], keys: RotatingKeyStore, audit: AuditLog) -> None:
    """Run one step for one version of the secret.

    Raises ``KeyError`` for an unknown step, ``PermissionError`` for a version that is not being rotated, and
    ``UnusableKey``.
    """
    step = event["Step"]
    if step == "initialise":
        key_id = create_first_key(keys)
        if key_id is not None:
            audit.record(AuditEvent("signing_key_made", {"key_id": key_id}))
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


def create_first_key(keys: RotatingKeyStore) -> str | None:
    """Create the first key and return its id, or ``None`` if there already is a key.

    The key is created here so that it exists nowhere but in this function and in the secret. Raises ``UnusableKey`` if
    the secret is one that somebody else filled, and not with a key.
    """
    found = keys.find_key(CURRENT)
    if found is not None:
        if len(found.value) < FEWEST_BYTES:
            raise UnusableKey(f"the value of the secret is no signing key: it has fewer than {FEWEST_BYTES} bytes")
        return None
    key_id = str(uuid.uuid4())
    keys.put(key_id, new_key(), CURRENT)
    return key_id


def create_key(keys: RotatingKeyStore, version: str) -> None:
    """``createSecret``: store a new key under the pending version, unless an earlier call did."""
    if keys.find_key(PENDING, version) is None:
        keys.put(version, new_key(), PENDING)


def set_key(_keys: RotatingKeyStore, _version: str) -> None:
    """``setSecret``: nothing else holds the key, so there is nothing to set."""


def test_key(keys: RotatingKeyStore, version: str) -> None:
    """``testSecret``: the pending key must verify what it signs. Raises ``UnusableKey``.

    When a schedule is set up, Secrets Manager also calls this step alone, on a version without a value.
    """
    key = keys.find_key(PENDING, version)
    if key is None:
        return
    signed = jwt.encode({"sub": "rotation"}, key.value, algorithm=ALGORITHM)
    if jwt.decode(signed, key.value, algorithms=[ALGORITHM]) != {"sub": "rotation"}:
        raise UnusableKey("the pending key does not verify what it signs")


def promote_key(keys: RotatingKeyStore, version: str) -> None:
    """``finishSecret``: make the pending key the current one, and the current key the previous one.

    Raises ``UnusableKey`` for a version without a key.
    """
    if keys.find_key(PENDING, version) is None:
        raise UnusableKey("the pending version has no value")
    stages = keys.describe()["VersionIdsToStages"]
    current = next((other for other, labels in stages.items() if CURRENT in labels), None)
    keys.promote(version, current)


def new_key() -> str:
    """Return 512 random bits as text."""
    return secrets.token_urlsafe(KEY_BYTES)


STEPS: Mapping[str, Callable[[RotatingKeyStore, str], None]] = {
    "createSecret": create_key,
    "setSecret": set_key,
    "testSecret": test_key,
    "finishSecret": promote_key,
}
