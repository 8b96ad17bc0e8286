"""The keys that sign access tokens, and the store that keeps them."""

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
        """Never shows the key."""
        return f"SigningKey(kid={self.kid!r})"


class KeyStore(Protocol):
    """Reads signing keys. Every method may raise ``StoreUnavailable``."""

    def read(self) -> tuple[SigningKey, ...]:
        """The current key first, then the previous one if there is one."""


class RotatingKeyStore(KeyStore, Protocol):
    """Rotates signing keys by their staging labels. Every method may raise ``StoreUnavailable``."""

    def staged(self, stage: str, version: str | None = None) -> SigningKey | None:
        """The key with a staging label, of one version if that is given; ``None`` when there is none."""

    def put(self, version: str, value: str, stage: str) -> None:
        """Add a version with a staging label; adding the same one again changes nothing."""

    def describe(self) -> dict[str, Any]:
        """The secret's description: ``RotationEnabled`` and ``VersionIdsToStages`` among it, never a value."""

    def promote(self, version: str, current: str | None) -> None:
        """Move ``AWSCURRENT`` from one version to another; the old one becomes ``AWSPREVIOUS``."""
