"""The secrets of an app, in a store that an operator fills."""

from typing import Protocol


class UnusableSecret(Exception):
    """A secret holds something else than a text. The message says what, and never quotes it."""


class AppSecretStore(Protocol):
    """Reads the secrets of an app by name."""

    def read(self, name: str) -> str | None:
        """Return the value of a secret, or ``None`` if it has none.

        Raise ``KeyError`` for a name that was not declared, ``UnusableSecret``, ``AccessRefused`` or
        ``StoreUnavailable``.
        """
