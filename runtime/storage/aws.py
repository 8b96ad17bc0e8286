"""Clients of AWS services, and the translation of their errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from runtime.records.errors import AccessRefused, StoreUnavailable

# AWS responds in milliseconds, and API Gateway waits 29 s. Short time-outs leave time to answer after the last retry of
# a connection that hangs.
CONFIG: Final = Config(connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
REFUSED: Final = ("AccessDenied", "AccessDeniedException")


def client(service: str) -> Any:
    """Return a client of an AWS service, with short time-outs because a user waits."""
    return boto3.client(service, config=CONFIG)


def code_of(error: ClientError) -> str:
    """Return the code of an error, such as ``ConditionalCheckFailedException``."""
    return str(error.response["Error"]["Code"])


@contextmanager
def unavailable(operation: str) -> Iterator[None]:
    """Raise ``StoreUnavailable`` for every error of AWS or of the network: ``AccessRefused`` for lack of permission."""
    try:
        yield
    except ClientError as error:
        kind = AccessRefused if code_of(error) in REFUSED else StoreUnavailable
        raise kind(operation) from error
    except BotoCoreError as error:
        raise StoreUnavailable(operation) from error
