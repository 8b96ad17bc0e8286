"""The secrets of an app, kept for minutes, and where they come from."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

logger = logging.getLogger(__name__)

FRESH_SECONDS: Final = 300
# How long a value is good for while the store cannot be reached, and how often the store is then tried.
STALE_SECONDS: Final = 3600
SECONDS_BETWEEN_TRIES: Final = 30
# A tool that asks for a new value in a loop must not read the store as often.
LEAST_SECONDS_BETWEEN_READS: Final = 5


class SettingError(Exception):
    """A secret or an environment variable of the app is missing, empty, or of the wrong kind.

    The message names it and says what an operator must do, never its value. The caller gets it, and the log has it.
    """


class SettingMissing(SettingError):
    """A secret or an environment variable is not declared, or has no value."""


class SecretUnavailable(SettingError):
    """The store of the secrets cannot be reached now."""


class Kept(msgspec.Struct, frozen=True):
    """A value that was read at ``read_at`` and is good until ``due_at``, in seconds since the epoch."""

    value: str
    read_at: float
    due_at: float


class Source:
    """The environment and the secrets of an app.

    ``read`` returns the value of a secret. It raises ``SettingMissing`` for one that is not declared or has no value,
    ``SecretUnavailable`` if the store cannot be reached, and ``SettingError`` for any other failure.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        read: Callable[[str], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._environment = environment
        self._read = read
        self._clock = clock
        self._kept: dict[str, Kept] = {}
        self._locks: dict[str, threading.Lock] = {}

    def variable(self, name: str) -> str:
        """Return the value of an environment variable. Raise ``SettingMissing``."""
        value = self._environment.get(name)
        if value:
            return value
        state = "is not set" if value is None else "is empty"
        raise SettingMissing(
            f"the environment variable {name} {state}; an operator sets it in needs.py: "
            f'needs.environment("{name}", ...)'
        )

    def secret(self, name: str, *, fresh: bool = False) -> str:
        """Return the value of a secret. Threads that need the same one wait for one read of it."""
        kept = self._kept.get(name)
        if kept is not None and self._is_good(kept, fresh=fresh):
            return kept.value
        with self._locks.setdefault(name, threading.Lock()):
            kept = self._kept.get(name)
            if kept is not None and self._is_good(kept, fresh=fresh):
                return kept.value
            return self._renew(name, kept)

    def _is_good(self, kept: Kept, *, fresh: bool) -> bool:
        if fresh:
            return self._clock() < kept.read_at + LEAST_SECONDS_BETWEEN_READS
        return self._clock() < kept.due_at

    def _renew(self, name: str, kept: Kept | None) -> str:
        now = self._clock()
        try:
            value = self._read(name)
        except SecretUnavailable as error:
            if kept is None or now >= kept.read_at + STALE_SECONDS:
                raise
            logger.warning("secret not renewed", extra={"secret": name, "reason": str(error)})
            self._kept[name] = Kept(kept.value, kept.read_at, now + SECONDS_BETWEEN_TRIES)
            return kept.value
        except SettingError:
            self._kept.pop(name, None)
            raise
        self._kept[name] = Kept(value, now, now + FRESH_SECONDS)
        return value


_source: Source | None = None


def use_source(source: Source | None) -> Source | None:
    """Set where this process gets environment and secrets from, and return what it was before."""
    global _source
    before, _source = _source, source
    return before


def current_source() -> Source:
    """Return where this process gets environment and secrets from. Raise ``SettingError`` if nobody has set it."""
    if _source is None:
        raise SettingError(
            "secrets and settings are read while a tool, resource or prompt runs, not when its module is imported; "
            "a test gives them to its client"
        )
    return _source


def secret(name: str, *, fresh: bool = False) -> str:
    """Return the value of a secret that the app declares with ``needs.secret(name)``.

    The value is kept for five minutes, so a new one counts after that time at the latest. ``fresh`` reads it again, for
    a value that another service has just refused. While the store cannot be reached, a value is good for an hour.

    Call it where the value is used, not at the top of a module. Raise ``SettingError``, whose message the caller gets,
    if the secret is not declared, has no value or cannot be read.
    """
    return current_source().secret(name, fresh=fresh)
