"""The client secret of this server at the identity provider: in Secrets Manager, and in memory as tests keep it."""

from collections.abc import Callable

import boto3
import pytest

from runtime.records.errors import StoreUnavailable
from runtime.storage.identity_provider_secret import SecretsManagerClientSecret
from tests.memory.secret import MemoryClientSecret

ClientSecret = MemoryClientSecret | SecretsManagerClientSecret


@pytest.fixture(params=["memory", "secrets-manager"])
def secret_of(request: pytest.FixtureRequest) -> Callable[[str | None], ClientSecret]:
    """Makes a secret with a value, or one that nobody has written yet."""
    if request.param == "memory":
        return MemoryClientSecret
    request.getfixturevalue("aws")

    def make(value: str | None) -> SecretsManagerClientSecret:
        content = {"SecretString": value} if value else {}
        boto3.client("secretsmanager").create_secret(Name="upstream", **content)
        return SecretsManagerClientSecret("upstream")

    return make


def test_what_was_written_last_is_read(secret_of: Callable[[str | None], ClientSecret]) -> None:
    secret = secret_of("old")
    secret.write("new")
    assert secret.read() == "new"


def test_a_secret_without_a_value_is_unavailable(secret_of: Callable[[str | None], ClientSecret]) -> None:
    with pytest.raises(StoreUnavailable):
        secret_of(None).read()
