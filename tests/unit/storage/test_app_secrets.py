"""The secrets of an app: in Secrets Manager, in Parameter Store, and in memory as tests keep them."""

import json
from collections.abc import Callable

import boto3
import pytest

from runtime.records.app_secrets import AppSecretStore, UnusableSecret
from runtime.records.errors import StoreUnavailable
from runtime.storage.app_secrets import AwsAppSecrets, has_value, write_app_secret
from tests.memory.app_secrets import MemoryAppSecrets

PARAMETER = "arn:aws:ssm:eu-central-1:123456789012:parameter/tickets/token"


def make_secret(value: str | bytes | None) -> str:
    content = {} if value is None else {"SecretBinary" if isinstance(value, bytes) else "SecretString": value}
    return str(boto3.client("secretsmanager").create_secret(Name="token", **content)["ARN"])


@pytest.fixture(params=["memory", "secrets-manager", "parameter-store"])
def store_of(request: pytest.FixtureRequest) -> Callable[[str | None], AppSecretStore]:
    """Makes a store in which TOKEN has a value, or none yet."""
    if request.param == "memory":
        return lambda value: MemoryAppSecrets({"TOKEN": value})
    request.getfixturevalue("aws")

    def make(value: str | None) -> AwsAppSecrets:
        if request.param == "secrets-manager":
            return AwsAppSecrets({"TOKEN": [make_secret(value)]})
        if value is not None:
            boto3.client("ssm").put_parameter(Name="/tickets/token", Value=value, Type="SecureString")
        return AwsAppSecrets({"TOKEN": [PARAMETER]})

    return make


def test_a_value_is_read(store_of: Callable[[str | None], AppSecretStore]) -> None:
    assert store_of("hush").read("TOKEN") == "hush"


def test_a_secret_without_a_value_has_none(store_of: Callable[[str | None], AppSecretStore]) -> None:
    assert not store_of(None).read("TOKEN")


def test_a_secret_that_was_not_declared_is_an_error(store_of: Callable[[str | None], AppSecretStore]) -> None:
    with pytest.raises(KeyError):
        store_of("hush").read("OTHER")


def test_a_new_value_is_read_and_the_old_one_is_not(aws: None) -> None:
    arn = make_secret(None)
    assert not has_value(arn)
    for value in ("old", "new"):
        write_app_secret(arn, value)
        assert AwsAppSecrets({"TOKEN": [arn]}).read("TOKEN") == value
    assert has_value(arn)


def test_a_member_of_a_secret_that_is_json_is_read(aws: None) -> None:
    arn = make_secret(json.dumps({"password": "hush", "port": 5432, "none": None}))
    store = AwsAppSecrets({name: [arn, name] for name in ("password", "port", "none", "other")})
    assert [store.read(name) for name in ("password", "port", "none", "other")] == ["hush", "5432", None, None]


@pytest.mark.parametrize(("value", "member"), [("hush", "a"), ("[1]", "a"), (b"\xff", "a"), (b"\xff", None)])
def test_a_secret_of_another_form_is_an_error_that_does_not_quote_it(
    value: str | bytes, member: str | None, aws: None
) -> None:
    place = [make_secret(value), *([member] if member else [])]
    with pytest.raises(UnusableSecret) as caught:
        AwsAppSecrets({"TOKEN": place}).read("TOKEN")
    assert "hush" not in str(caught.value)


def test_bytes_that_are_text_are_read(aws: None) -> None:
    assert AwsAppSecrets({"TOKEN": [make_secret("hüsh".encode())]}).read("TOKEN") == "hüsh"


def test_an_outage_is_an_error(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    arn = make_secret("hush")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(StoreUnavailable):
        AwsAppSecrets({"TOKEN": [arn]}).read("TOKEN")
