"""A rotation that cannot start yet, since the one before is not quite over."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from admin.incidents.keys import PATIENCE_SECONDS, Rotation, rotate_key

NAME = {"SecretId": "key"}
FIRST, SECOND = "1" * 32, "2" * 32


@pytest.fixture
def secrets(aws: None) -> Iterator[tuple[Any, Stubber]]:
    """Responses of Secrets Manager in order: moto rotates at once."""
    client = boto3.client("secretsmanager")
    with Stubber(client) as stubber:
        yield client, stubber


def say_current(stubber: Stubber, version: str) -> None:
    stubber.add_response("describe_secret", {"VersionIdsToStages": {version: ["AWSCURRENT"]}}, NAME)


def test_it_starts_as_soon_as_secrets_manager_lets_it_and_waits_for_the_new_key(secrets: tuple[Any, Stubber]) -> None:
    client, stubber = secrets
    pauses: list[float] = []
    say_current(stubber, FIRST)
    stubber.add_client_error("rotate_secret", "InvalidRequestException", "A previous rotation isn't complete.")
    stubber.add_response("rotate_secret", {}, {**NAME, "RotateImmediately": True})
    say_current(stubber, FIRST)
    say_current(stubber, SECOND)
    assert rotate_key(client, "key", pauses.append) == Rotation(FIRST, SECOND)
    assert len(pauses) == 2
    stubber.assert_no_pending_responses()


def test_a_rotation_that_hangs_is_told_in_the_words_of_aws(secrets: tuple[Any, Stubber]) -> None:
    client, stubber = secrets
    pauses: list[float] = []
    say_current(stubber, FIRST)
    for _ in range(PATIENCE_SECONDS):
        stubber.add_client_error("rotate_secret", "InvalidRequestException", "A previous rotation isn't complete.")
    with pytest.raises(ClientError, match="A previous rotation isn't complete"):
        rotate_key(client, "key", pauses.append)
    assert sum(pauses) == PATIENCE_SECONDS
