"""The audit log in CloudWatch Logs."""

import functools
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError

from runtime.audit import AuditEvent
from runtime.deployment import AUDIT_STREAM

logger = logging.getLogger(__name__)

# An alarm counts the lines with this message.
NOT_DELIVERED = "audit event not delivered"
# A request waits for this twice at most: to connect, and to be answered.
REQUEST_SECONDS = 0.5
# How long CloudWatch Logs is left alone after it has failed: an outage must not slow every request down.
REST_SECONDS = 30


class CloudWatchAuditLog:
    """An ``AuditLog`` that is the stream ``events`` of a log group. ``clock`` reads seconds since the epoch.

    ``seconds`` is how long connecting may take, and then the answer. An event is in the log group before the request
    that it belongs to is answered. One that CloudWatch Logs does not take goes to the function's own log, as an error.
    """

    def __init__(self, group: str, clock: Callable[[], float], seconds: float = REQUEST_SECONDS) -> None:
        config = Config(connect_timeout=seconds, read_timeout=seconds, retries={"total_max_attempts": 1})
        self._client = boto3.client("logs", config=config)
        self._group = group
        self._clock = clock
        self._resting_until = 0.0

    def record(self, *events: AuditEvent) -> None:
        """Keep events that have happened just now; takes twice ``seconds`` at most, and raises nothing."""
        if not events:
            return
        now = self._clock()
        lines = [audit_line(event, now) for event in events]
        if now < self._resting_until:
            _keep_here(lines, "resting")
            return
        try:
            taken = self._put([{"timestamp": int(now * 1000), "message": line} for line in lines])
        except (BotoCoreError, ClientError) as error:
            self._resting_until = now + REST_SECONDS
            _keep_here(lines, type(error).__name__)
        else:
            if not taken:
                _keep_here(lines, "rejected")

    def _put(self, entries: list[dict[str, Any]]) -> bool:
        """Whether the entries, all of one moment, were taken: CloudWatch Logs takes none of 2 hours ahead."""
        put = functools.partial(
            self._client.put_log_events, logGroupName=self._group, logStreamName=AUDIT_STREAM, logEvents=entries
        )
        try:
            answer = put()
        except ConnectionClosedError:
            # A connection that was kept over a pause between two invocations may have been closed meanwhile.
            answer = put()
        return "rejectedLogEventsInfo" not in answer


def audit_line(event: AuditEvent, now: float) -> str:
    """An event as one line of JSON, whose time is ``now``, in seconds since the epoch."""
    seconds, milliseconds = divmod(int(now * 1000), 1000)
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{milliseconds:03d}Z"
    return json.dumps({"time": at, "event": event.name, **event.facts})


def _keep_here(lines: list[str], reason: str) -> None:
    for line in lines:
        logger.error(NOT_DELIVERED, extra={"reason": reason, "audit_event": json.loads(line)})
