"""The signing keys as one function instance knows them."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

from runtime.records.keys import KeyStore, SigningKey

KEYS_FRESH_SECONDS: Final = 300
LEAST_SECONDS_BETWEEN_READS: Final = 1

Clock = Callable[[], float]


class KeyRing:
    """The keys of a ``KeyStore``, kept for ``KEYS_FRESH_SECONDS``."""

    def __init__(self, store: KeyStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._keys: tuple[SigningKey, ...] = ()
        self._read_at = 0.0

    def newest(self) -> SigningKey:
        """The key that signs."""
        if self._age() > KEYS_FRESH_SECONDS:
            self._read()
        return self._keys[0]

    def find(self, kid: str) -> SigningKey | None:
        """The key with this id. An id that is not known re-reads the store once, since a rotation may have made it."""
        if self._age() > KEYS_FRESH_SECONDS:
            self._read()
        found = self._known(kid)
        if found is None:
            self.renew()
            found = self._known(kid)
        return found

    def renew(self) -> None:
        """Read the store again, for what no known key verifies: a rotation may have made a new one."""
        # A flood of inventions must not become a flood of reads.
        if self._age() >= LEAST_SECONDS_BETWEEN_READS:
            self._read()

    def _known(self, kid: str) -> SigningKey | None:
        return next((key for key in self._keys if key.kid == kid), None)

    def _age(self) -> float:
        return self._clock() - self._read_at

    def _read(self) -> None:
        self._keys = self._store.read()
        self._read_at = self._clock()

    def derived(self, label: str) -> tuple[bytes, ...]:
        """A key for another purpose from each key, newest first: knowing them does not help to sign."""
        self.newest()
        return tuple(hmac.digest(key.value, f"derived\0{label}".encode(), hashlib.sha256) for key in self._keys)
