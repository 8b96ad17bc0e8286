"""The secrets of an app in Secrets Manager and in Parameter Store of Systems Manager."""

import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from runtime.records.app_secrets import UnusableSecret
from runtime.records.errors import StoreUnavailable
from runtime.records.keys import CURRENT
from runtime.storage.aws import client, code_of, unavailable

# No such secret or no current version of it, no such parameter.
WITHOUT_VALUE = ("ResourceNotFoundException", "ParameterNotFound", "ParameterVersionNotFound")


class AwsAppSecrets:
    """An ``AppSecretStore``. ``places`` has the ARN of each secret, and the member of the JSON there if it is one."""

    def __init__(self, places: Mapping[str, Sequence[str]]) -> None:
        self._places = places
        self._client = functools.cache(client)

    def read(self, name: str) -> str | None:
        """Return the current value of a secret, or ``None`` if it has none."""
        arn, *member = self._places[name]
        try:
            with unavailable(f"read the secret {name}"):
                value = self._read_parameter(arn) if is_parameter(arn) else self._read_secret(arn)
        except StoreUnavailable as failure:
            if isinstance(failure.__cause__, ClientError) and code_of(failure.__cause__) in WITHOUT_VALUE:
                return None
            raise
        return _member(value, member[0]) if value and member else value

    def _read_secret(self, arn: str) -> str | None:
        answer = self._client("secretsmanager").get_secret_value(SecretId=arn)
        if "SecretString" in answer:
            return str(answer["SecretString"])
        try:
            # The emulator returns neither for a secret without a value.
            return bytes(answer.get("SecretBinary") or b"").decode()
        except UnicodeDecodeError:
            raise UnusableSecret("holds bytes that are not text") from None

    def _read_parameter(self, arn: str) -> str:
        return str(self._client("ssm").get_parameter(Name=arn, WithDecryption=True)["Parameter"]["Value"])


def is_parameter(arn: str) -> bool:
    """Whether an ARN is that of a parameter of Systems Manager."""
    return arn.split(":")[2] == "ssm"


def write_app_secret(arn: str, value: str) -> None:
    """Replace the value of a secret in Secrets Manager. Raise ``StoreUnavailable``."""
    with unavailable("put the secret"):
        client("secretsmanager").put_secret_value(SecretId=arn, SecretString=value)


def has_value(arn: str) -> bool:
    """Whether a secret in Secrets Manager has a current value. Raise ``StoreUnavailable``."""
    with unavailable("describe the secret"):
        described = client("secretsmanager").describe_secret(SecretId=arn)
    return any(CURRENT in labels for labels in described.get("VersionIdsToStages", {}).values())


def _member(value: str, name: str) -> str | None:
    """Return a member of a JSON object as text, or ``None`` if it is not there or null."""
    try:
        document: Any = json.loads(value)
    except ValueError:
        raise UnusableSecret("is not JSON") from None
    if not isinstance(document, dict):
        raise UnusableSecret("is not a JSON object")
    found = document.get(name)
    return found if found is None or isinstance(found, str) else json.dumps(found)
