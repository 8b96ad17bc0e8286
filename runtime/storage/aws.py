"""Clients of AWS services, and the one translation of their errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from runtime.records.errors import StoreUnavailable

# AWS answers in milliseconds, and API Gateway waits 29 s: a connection that hangs is given up early and tried again, so
# that even after the last attempt there is time to answer.
CONFIG: Final = Config(connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})


def client(service: str) -> Any:
    """Make a client of an AWS service, with the time-outs of a function that somebody waits for."""
    return boto3.client(service, config=CONFIG)


def code_of(error: ClientError) -> str:
    """Return the code of an error, such as ``ConditionalCheckFailedException``."""
    return str(error.response["Error"]["Code"])


@contextmanager
def unavailable(operation: str) -> Iterator[None]:
    """Raise ``StoreUnavailable`` in the place of whatever AWS, or the way to it, fails with."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StoreUnavailable(operation) from error
