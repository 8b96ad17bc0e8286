"""The signing keys, cached in one function instance."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

from runtime.records.keys import KeyStore, SigningKey

KEYS_FRESH_SECONDS: Final = 300
LEAST_SECONDS_BETWEEN_READS: Final = 1

Clock = Callable[[], float]


class KeyRing:
    """The keys of a ``KeyStore``, cached for ``KEYS_FRESH_SECONDS``. ``clock`` reads seconds since the epoch."""

    def __init__(self, store: KeyStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._keys: tuple[SigningKey, ...] = ()
        self._read_at = 0.0

    def newest(self) -> SigningKey:
        """Return the key that signs."""
        if self._age() > KEYS_FRESH_SECONDS:
            self._read()
        return self._keys[0]

    def find(self, kid: str) -> SigningKey | None:
        """Return the key with this id, or ``None``. An unknown id reads the store again: the key may be new."""
        if self._age() > KEYS_FRESH_SECONDS:
            self._read()
        key = self._find_in_cache(kid)
        if key is None:
            self.renew()
            key = self._find_in_cache(kid)
        return key

    def renew(self) -> None:
        """Read the store again, for a signature that no cached key verifies: a rotation may have made a new key."""
        # A flood of invalid tokens must not cause a flood of reads.
        if self._age() >= LEAST_SECONDS_BETWEEN_READS:
            self._read()

    def _find_in_cache(self, kid: str) -> SigningKey | None:
        return next((key for key in self._keys if key.kid == kid), None)

    def _age(self) -> float:
        return self._clock() - self._read_at

    def _read(self) -> None:
        self._keys = self._store.read()
        self._read_at = self._clock()

    def derive_keys(self, label: str) -> tuple[bytes, ...]:
        """Derive one key for another purpose from each key, newest first. They do not reveal the signing keys."""
        self.newest()
        return tuple(hmac.digest(key.value, f"derived\0{label}".encode(), hashlib.sha256) for key in self._keys)
