"""This server's client secret at the identity provider, in Secrets Manager."""

from runtime.storage.aws import client, unavailable


class SecretsManagerClientSecret:
    """The client secret as the current version of one secret. An operator writes it; the program never sees it."""

    def __init__(self, secret_id: str) -> None:
        self._client = client("secretsmanager")
        self._secret_id = secret_id

    def read(self) -> str:
        """Return the client secret. Raises ``StoreUnavailable``, also if no value was written yet."""
        with unavailable("get the client secret of the identity provider"):
            return str(self._client.get_secret_value(SecretId=self._secret_id)["SecretString"])

    def write(self, value: str) -> None:
        """Replace the client secret. Raises ``StoreUnavailable``."""
        with unavailable("put the client secret of the identity provider"):
            self._client.put_secret_value(SecretId=self._secret_id, SecretString=value)
