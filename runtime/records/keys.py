"""The keys that sign access tokens, and the interface of their store."""

from dataclasses import dataclass
from typing import Any, Protocol

# The staging labels of Secrets Manager.
CURRENT, PREVIOUS, PENDING = "AWSCURRENT", "AWSPREVIOUS", "AWSPENDING"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A symmetric JWT key and its id, which is the version id of the secret that holds it."""

    kid: str
    value: bytes

    def __repr__(self) -> str:
        """Leave the key out."""
        return f"SigningKey(kid={self.kid!r})"


class KeyStore(Protocol):
    """Reads signing keys. Every method may raise ``StoreUnavailable``."""

    def read(self) -> tuple[SigningKey, ...]:
        """Return the current key, then the previous one if there is one."""


class RotatingKeyStore(KeyStore, Protocol):
    """Rotates signing keys by their staging labels. Every method may raise ``StoreUnavailable``."""

    def find_key(self, stage: str, version: str | None = None) -> SigningKey | None:
        """Return the key with a staging label, and of one version if that is given, or ``None``."""

    def put(self, version: str, value: str, stage: str) -> None:
        """Store a key as a version with a staging label. Repeating it changes nothing."""

    def describe(self) -> dict[str, Any]:
        """Return the secret's description with ``RotationEnabled`` and ``VersionIdsToStages``, never a value."""

    def promote(self, version: str, current: str | None) -> None:
        """Move ``AWSCURRENT`` from one version to another; the old one becomes ``AWSPREVIOUS``."""
