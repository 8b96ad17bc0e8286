"""The audit log in CloudWatch Logs."""

import functools
import json
import logging
import time
from collections.abc import Callable

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError

from runtime.audit import AuditEvent
from runtime.deployment import AUDIT_STREAM
from runtime.records.errors import StoreUnavailable
from runtime.storage.aws import unavailable

logger = logging.getLogger(__name__)

# An alarm counts the log lines with this message.
NOT_DELIVERED = "audit event not delivered"
# A request waits for this twice at most: to connect, and for the response.
REQUEST_SECONDS = 0.5
# How long CloudWatch Logs is not called after a failure: an outage must not slow every request down.
REST_SECONDS = 30


class CloudWatchAuditLog:
    """An ``AuditLog`` that is the stream ``events`` of a log group. ``clock`` reads seconds since the epoch.

    ``seconds`` is the time limit to connect, and again for the response. An event is in the log group before its
    request is answered. An event that CloudWatch Logs does not accept goes to the function's own log, as an error.
    """

    def __init__(self, group: str, clock: Callable[[], float], seconds: float = REQUEST_SECONDS) -> None:
        config = Config(connect_timeout=seconds, read_timeout=seconds, retries={"total_max_attempts": 1})
        self._client = boto3.client("logs", config=config)
        self._group = group
        self._clock = clock
        self._resting_until = 0.0

    def record(self, *events: AuditEvent) -> None:
        """Store events that have just happened. Takes twice ``seconds`` at most, and raises nothing."""
        if not events:
            return
        now = self._clock()
        lines = [audit_line(event, now) for event in events]
        if now < self._resting_until:
            _log_lost_event(lines, "resting")
            return
        try:
            accepted = self._put(lines, now)
        except (BotoCoreError, ClientError) as error:
            self._resting_until = now + REST_SECONDS
            _log_lost_event(lines, type(error).__name__)
        else:
            if not accepted:
                _log_lost_event(lines, "rejected")

    def record_first(self, event: AuditEvent) -> None:
        """Store the event of what is about to happen. Raises ``StoreUnavailable`` unless CloudWatch Logs accepts it."""
        now = self._clock()
        with unavailable("record audit event"):
            accepted = self._put([audit_line(event, now)], now)
        if not accepted:
            raise StoreUnavailable("record audit event")

    def _put(self, lines: list[str], now: float) -> bool:
        """Send lines of one moment, and return whether they were accepted: they must not be 2 hours in the future."""
        entries = [{"timestamp": int(now * 1000), "message": line} for line in lines]
        put = functools.partial(
            self._client.put_log_events, logGroupName=self._group, logStreamName=AUDIT_STREAM, logEvents=entries
        )
        try:
            answer = put()
        except ConnectionClosedError:
            # The connection may have been closed while the function was frozen between two invocations.
            answer = put()
        return "rejectedLogEventsInfo" not in answer


def audit_line(event: AuditEvent, now: float) -> str:
    """Return an event as one line of JSON. ``now`` is its time in seconds since the epoch."""
    seconds, milliseconds = divmod(int(now * 1000), 1000)
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{milliseconds:03d}Z"
    return json.dumps({"time": at, "event": event.name, **event.facts})


def _log_lost_event(lines: list[str], reason: str) -> None:
    for line in lines:
        logger.error(NOT_DELIVERED, extra={"reason": reason, "audit_event": json.loads(line)})
