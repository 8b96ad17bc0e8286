"""A client secret in memory."""

from runtime.records.errors import StoreUnavailable


class MemoryClientSecret:
    """A ``ClientSecret``. Without a value, it fails as Secrets Manager does for a secret that is not there."""

    def __init__(self, value: str | None) -> None:
        self.value = value

    def read(self) -> str:
        if self.value is None:
            raise StoreUnavailable("get client secret")
        return self.value

    def write(self, value: str) -> None:
        self.value = value
