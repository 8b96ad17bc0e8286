"""Moments that an operator names, and the time by the clock of AWS."""

import time
from datetime import datetime
from email.utils import parsedate_to_datetime

import boto3

from admin.errors import CommandFailed


def read_moment(text: str) -> int:
    """Return a moment in ISO 8601 as seconds since the epoch; raises ``CommandFailed``.

    It must say its offset from UTC: an operator and a log often are in different zones.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandFailed("the moment must be like 2026-01-31T12:00:00Z, or now") from error
    if moment.tzinfo is None:
        raise CommandFailed("the moment must end with Z, for UTC, or with an offset like +01:00")
    return int(moment.timestamp())


def server_time() -> int:
    """Return the time in seconds since the epoch, by the clock of AWS: that of the operator's machine may be slow."""
    headers = boto3.client("sts").get_caller_identity()["ResponseMetadata"]["HTTPHeaders"]
    return int(parsedate_to_datetime(headers["date"]).timestamp()) if "date" in headers else int(time.time())
