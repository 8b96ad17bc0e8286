"""Signing keys in Secrets Manager: reading them, and the steps of their rotation."""

from typing import Any

from botocore.exceptions import ClientError

from runtime.records.errors import StoreUnavailable
from runtime.records.keys import CURRENT, PREVIOUS, SigningKey
from runtime.storage.aws import client, code_of, unavailable

NOT_FOUND = "ResourceNotFoundException"


class SecretsManagerKeys:
    """A ``RotatingKeyStore`` on one secret, each of whose versions is one key."""

    def __init__(self, secret_id: str) -> None:
        self._client = client("secretsmanager")
        self._secret_id = secret_id

    def read(self) -> tuple[SigningKey, ...]:
        """The current key first, then the previous one if there is one."""
        keys = (self.staged(CURRENT), self.staged(PREVIOUS))
        if keys[0] is None:
            raise StoreUnavailable("the signing key has no value yet")
        return tuple(key for key in keys if key is not None)

    def staged(self, stage: str, version: str | None = None) -> SigningKey | None:
        """The key with a staging label, of one version if that is given; ``None`` when there is none."""
        which = {"VersionStage": stage} | ({"VersionId": version} if version else {})
        try:
            with unavailable("get signing key"):
                answer = self._client.get_secret_value(SecretId=self._secret_id, **which)
        except StoreUnavailable as failure:
            if isinstance(failure.__cause__, ClientError) and code_of(failure.__cause__) == NOT_FOUND:
                return None
            raise
        # AWS does not find a version that has no value yet; the emulator does.
        return (
            SigningKey(answer["VersionId"], answer["SecretString"].encode("ascii"))
            if "SecretString" in answer
            else None
        )

    def put(self, version: str, value: str, stage: str) -> None:
        """Add a version with a staging label; adding the same one again changes nothing."""
        with unavailable("put signing key"):
            self._client.put_secret_value(
                SecretId=self._secret_id, ClientRequestToken=version, SecretString=value, VersionStages=[stage]
            )

    def describe(self) -> dict[str, Any]:
        """The secret's description: ``RotationEnabled`` and ``VersionIdsToStages`` among it, never a value."""
        with unavailable("describe signing key"):
            return dict(self._client.describe_secret(SecretId=self._secret_id))

    def promote(self, version: str, current: str | None) -> None:
        """Move ``AWSCURRENT`` from one version to another; Secrets Manager labels the old one ``AWSPREVIOUS``."""
        leaving = {"RemoveFromVersionId": current} if current else {}
        with unavailable("promote signing key"):
            self._client.update_secret_version_stage(
                SecretId=self._secret_id, VersionStage=CURRENT, MoveToVersionId=version, **leaving
            )
