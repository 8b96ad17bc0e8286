"""Rotating the signing key now."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from admin.errors import CommandFailed

PAUSE_SECONDS: Final = 2
LONGEST_SECONDS: Final = 120
PATIENCE_SECONDS: Final = 30


class Rotation(NamedTuple):
    """The ids of the key that signed before a rotation, and of the one that signs now."""

    before: str
    now: str


def rotate_key(secrets: Any, secret_id: str, pause: Callable[[float], None]) -> Rotation:
    """Have Secrets Manager rotate the key, and wait until another version is ``AWSCURRENT``.

    ``secrets`` is a client of Secrets Manager. Raises ``CommandFailed`` if that takes too long: the rotation function
    has failed then, and Secrets Manager tries it again.
    """
    before = _find_current(secrets, secret_id)
    _start(secrets, secret_id, pause)
    for _ in range(LONGEST_SECONDS // PAUSE_SECONDS):
        now = _find_current(secrets, secret_id)
        if now != before:
            return Rotation(before, now)
        pause(PAUSE_SECONDS)
    raise CommandFailed(
        f"the key {before} still signs after {LONGEST_SECONDS} seconds: see the log of the rotation function"
    )


def _start(secrets: Any, secret_id: str, pause: Callable[[float], None]) -> None:
    """Start a rotation. One that has just promoted its key is not over at once, and would refuse the next."""
    for _ in range(PATIENCE_SECONDS // PAUSE_SECONDS):
        try:
            secrets.rotate_secret(SecretId=secret_id, RotateImmediately=True)
        except secrets.exceptions.InvalidRequestException:
            pause(PAUSE_SECONDS)
        else:
            return
    secrets.rotate_secret(SecretId=secret_id, RotateImmediately=True)


def _find_current(secrets: Any, secret_id: str) -> str:
    versions = secrets.describe_secret(SecretId=secret_id).get("VersionIdsToStages", {})
    current = [version for version, stages in versions.items() if "AWSCURRENT" in stages]
    if not current:
        raise CommandFailed("the secret has no key yet")
    return str(current[0])
