"""Delivery of audit events: it does not slow requests down, and loses no event."""

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import boto3
import pytest

from runtime.audit import AuditEvent
from runtime.storage.audit_log import REST_SECONDS, CloudWatchAuditLog, audit_line
from tests.support.aws import audit_events, create_audit_log
from tests.unit.conftest import Clock, Send

MACHINE = {"client_name": "robot", "grant_types": ["client_credentials"]}


@pytest.fixture
def clock() -> Clock:
    """Return a fixed clock at the present: CloudWatch Logs and moto accept events of the current day only."""
    clock = Clock()
    clock.now = time.time()
    return clock


@pytest.fixture
def audit(aws: None, clock: Clock) -> CloudWatchAuditLog:
    return create_audit_log(clock)


EVENT = AuditEvent("client_deleted", {"client_id": "c", "request_id": "r", "endpoint": "e", "network": "n"})


def test_an_event_that_is_not_taken_is_in_the_functions_own_log_and_the_request_is_served(
    send: Send, caplog: pytest.LogCaptureFixture
) -> None:
    boto3.client("logs").delete_log_group(logGroupName="audit")
    assert send("POST", "/dcr", json=MACHINE)["statusCode"] == 201
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert vars(record)["audit_event"]["event"] == "client_registered"


def test_after_a_failure_the_log_group_is_left_alone_for_a_while(
    audit: CloudWatchAuditLog, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    boto3.client("logs").delete_log_stream(logGroupName="audit", logStreamName="events")
    audit.record(EVENT)
    boto3.client("logs").create_log_stream(logGroupName="audit", logStreamName="events")
    audit.record(EVENT)
    assert (audit_events(), len(caplog.records)) == ([], 2)
    clock.now += REST_SECONDS
    audit.record(EVENT)
    assert len(audit_events()) == 1


def test_an_event_that_is_rejected_by_its_time_is_not_lost(
    audit: CloudWatchAuditLog, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """PutLogEvents answers 200 with ``rejectedLogEventsInfo`` if a clock is hours ahead."""
    clock.now += 3 * 3600
    audit.record(EVENT)
    assert audit_events() == []
    assert [vars(record)["reason"] for record in caplog.records] == ["rejected"]


def test_the_time_of_an_event_is_in_utc_to_the_millisecond() -> None:
    """RFC 3339 5.6."""
    assert json.loads(audit_line(EVENT, 1_800_000_000.0625))["time"] == "2027-01-15T08:00:00.062Z"


@pytest.fixture
def credentials_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def test_a_log_group_that_does_not_answer_costs_a_request_a_second_at_most(
    credentials_of_nobody: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", f"http://127.0.0.1:{silent.getsockname()[1]}")
        audit = CloudWatchAuditLog("audit", clock)
        started = time.monotonic()
        audit.record(EVENT)
        # Twice what is promised: the machine that tests run on may be busy.
        assert time.monotonic() - started < 2
    assert [vars(record)["reason"] for record in caplog.records] == ["ReadTimeoutError"]


class Forgetful(BaseHTTPRequestHandler):
    """Accepts one request on each connection, then closes it without notice."""

    protocol_version = "HTTP/1.1"
    taken: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.taken.count(body) == 0 and len(self.taken) % 2:
            # The connection was closed while nothing was sent: what is sent on it now is lost.
            self.taken.append(b"lost")
            self.close_connection = True
            return
        self.taken.append(body)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing."""


@pytest.fixture
def forgetful() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Forgetful)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_event_outlives_a_connection_that_was_closed_between_two_invocations(
    forgetful: str,
    credentials_of_nobody: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    clock: Clock,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", forgetful)
    audit = CloudWatchAuditLog("audit", clock)
    for _ in range(2):
        audit.record(EVENT)
        clock.now += 1
    assert [body == b"lost" for body in Forgetful.taken] == [False, True, False]
    assert not caplog.records
