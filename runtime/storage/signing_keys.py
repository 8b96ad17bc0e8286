"""Signing keys in Secrets Manager."""

from typing import Any

from botocore.exceptions import ClientError

from runtime.records.errors import StoreUnavailable
from runtime.records.keys import CURRENT, PREVIOUS, SigningKey
from runtime.storage.aws import client, code_of, unavailable

NOT_FOUND = "ResourceNotFoundException"


class SecretsManagerKeys:
    """A ``RotatingKeyStore`` on one secret. Each version of the secret is one key."""

    def __init__(self, secret_id: str) -> None:
        self._client = client("secretsmanager")
        self._secret_id = secret_id

    def read(self) -> tuple[SigningKey, ...]:
        """Return the current key, then the previous one if there is one."""
        keys = (self.find_key(CURRENT), self.find_key(PREVIOUS))
        if keys[0] is None:
            raise StoreUnavailable("the signing key has no value yet")
        return tuple(key for key in keys if key is not None)

    def find_key(self, stage: str, version: str | None = None) -> SigningKey | None:
        """Return the key with a staging label, and of one version if that is given, or ``None``."""
        which = {"VersionStage": stage} | ({"VersionId": version} if version else {})
        try:
            with unavailable("get signing key"):
                answer = self._client.get_secret_value(SecretId=self._secret_id, **which)
        except StoreUnavailable as failure:
            if isinstance(failure.__cause__, ClientError) and code_of(failure.__cause__) == NOT_FOUND:
                return None
            raise
        # Ours are text; a secret that somebody else made may hold bytes.
        value = answer["SecretString"].encode() if "SecretString" in answer else answer.get("SecretBinary")
        # For a version without a value, AWS raises the error above; the emulator returns neither.
        return None if value is None else SigningKey(answer["VersionId"], value)

    def put(self, version: str, value: str, stage: str) -> None:
        """Store a key as a version with a staging label. Repeating it changes nothing."""
        with unavailable("put signing key"):
            self._client.put_secret_value(
                SecretId=self._secret_id, ClientRequestToken=version, SecretString=value, VersionStages=[stage]
            )

    def describe(self) -> dict[str, Any]:
        """Return the secret's description with ``RotationEnabled`` and ``VersionIdsToStages``, never a value."""
        with unavailable("describe signing key"):
            return dict(self._client.describe_secret(SecretId=self._secret_id))

    def promote(self, version: str, current: str | None) -> None:
        """Move ``AWSCURRENT`` from one version to another; Secrets Manager labels the old one ``AWSPREVIOUS``."""
        leaving = {"RemoveFromVersionId": current} if current else {}
        with unavailable("promote signing key"):
            self._client.update_secret_version_stage(
                SecretId=self._secret_id, VersionStage=CURRENT, MoveToVersionId=version, **leaving
            )
