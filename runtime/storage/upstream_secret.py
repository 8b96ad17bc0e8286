"""The client secret of this server at the identity provider, in Secrets Manager."""

import boto3
from botocore.exceptions import ClientError

from runtime.storage.records import StoreUnavailable


class SecretsManagerUpstreamSecret:
    """One secret, whose current version is the client secret. The program never sees it: an operator writes it."""

    def __init__(self, secret_id: str) -> None:
        self._client = boto3.client("secretsmanager")
        self._secret_id = secret_id

    def read(self) -> str:
        """The client secret. Raises ``StoreUnavailable``, also as long as nobody has written one."""
        try:
            return str(self._client.get_secret_value(SecretId=self._secret_id)["SecretString"])
        except ClientError as error:
            raise StoreUnavailable("get the client secret of the identity provider") from error

    def write(self, value: str) -> None:
        """Replace the client secret. Raises ``StoreUnavailable``."""
        try:
            self._client.put_secret_value(SecretId=self._secret_id, SecretString=value)
        except ClientError as error:
            raise StoreUnavailable("put the client secret of the identity provider") from error
