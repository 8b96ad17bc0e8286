"""Tests of signing keys in a secret that somebody else made."""

import boto3
import pytest

from runtime.records.keys import CURRENT
from runtime.storage.signing_keys import SecretsManagerKeys


@pytest.mark.parametrize("stored", [{"SecretString": "a text"}, {"SecretBinary": b"some bytes"}], ids=str)
def test_a_text_and_bytes_are_keys(aws: None, stored: dict[str, str | bytes]) -> None:
    keys = SecretsManagerKeys(boto3.client("secretsmanager").create_secret(Name="theirs", **stored)["ARN"])
    found = keys.find_key(CURRENT)
    assert found is not None
    assert found.value in {b"a text", b"some bytes"}


def test_a_secret_without_a_value_has_no_key(aws: None) -> None:
    keys = SecretsManagerKeys(boto3.client("secretsmanager").create_secret(Name="theirs")["ARN"])
    assert keys.find_key(CURRENT) is None
