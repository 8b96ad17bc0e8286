"""Signing keys in memory, with the staging labels of Secrets Manager."""

from typing import Any

from runtime.records.errors import StoreUnavailable
from runtime.records.keys import CURRENT, PENDING, PREVIOUS, SigningKey


class MemoryKeys:
    """A ``RotatingKeyStore`` that rotates as one secret of Secrets Manager does."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.stages: dict[str, str] = {}
        self.reads = 0

    def read(self) -> tuple[SigningKey, ...]:
        self.reads += 1
        keys = (self.find_key(CURRENT), self.find_key(PREVIOUS))
        if keys[0] is None:
            raise StoreUnavailable("the signing key has no value yet")
        return tuple(key for key in keys if key is not None)

    def find_key(self, stage: str, version: str | None = None) -> SigningKey | None:
        key_id = self.stages.get(stage)
        if key_id is None or version not in {None, key_id} or key_id not in self.values:
            return None
        return SigningKey(key_id, self.values[key_id].encode("ascii"))

    def put(self, version: str, value: str, stage: str) -> None:
        self.values[version] = value
        self._label(stage, version)

    def describe(self) -> dict[str, Any]:
        versions: dict[str, list[str]] = {}
        for stage, version in self.stages.items():
            versions.setdefault(version, []).append(stage)
        return {"RotationEnabled": True, "VersionIdsToStages": versions}

    def promote(self, version: str, current: str | None) -> None:
        self._label(CURRENT, version)

    def start_rotation(self, version: str) -> None:
        """Label a version without a value ``AWSPENDING``, as Secrets Manager does before it calls the first step."""
        self.stages[PENDING] = version

    def _label(self, stage: str, version: str) -> None:
        if stage == CURRENT and CURRENT in self.stages:
            self.stages[PREVIOUS] = self.stages[CURRENT]
        self.stages[stage] = version
