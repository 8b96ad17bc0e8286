"""The secrets of an app in memory."""

from collections.abc import Mapping

from runtime.records.errors import StoreUnavailable


class MemoryAppSecrets:
    """An ``AppSecretStore``. ``None`` is a secret without a value. It can be switched off."""

    def __init__(self, values: Mapping[str, str | None]) -> None:
        self.values = dict(values)
        self.is_off = False
        self.reads: list[str] = []

    def read(self, name: str) -> str | None:
        self.reads.append(name)
        if self.is_off:
            raise StoreUnavailable(f"read the secret {name}")
        return self.values[name] or None
