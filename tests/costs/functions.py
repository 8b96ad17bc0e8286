"""The functions of a stack in this process: the wired handlers, on moto, with an identity provider in memory."""

import importlib
import io
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto import mock_aws

from runtime.environment import login_settings
from runtime.handlers.login_stores import login_stores
from runtime.handlers.oauth_stores import stores
from runtime.login.endpoints import endpoints
from runtime.oauth.clients.access import client_access
from runtime.oauth.remote.fetch import Fetcher
from runtime.storage.signing_keys import SecretsManagerKeys
from runtime.storage.table import DynamoDBTable
from runtime.tokens.key_ring import KeyRing
from tests.costs.environment import environment
from tests.costs.meter import EVENT_BYTES, Meter
from tests.support.aws import create_audit_log, create_table
from tests.support.login import Provider
from tests.unit.conftest import Send, sender

SHORT_ID, REQUEST_ID = "request-1", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"


class Functions:
    """Sends requests to handlers, and counts what these do."""

    def __init__(self) -> None:
        self.output = io.StringIO()
        self.meter = Meter()
        self.measured: dict[str, dict[str, Any]] = {}
        # The handlers log to what is standard output when they are imported.
        sys.stdout = self.output
        try:
            self.oauth = sender(importlib.import_module("runtime.handlers.oauth").ENDPOINTS)
            self.mcp = sender(importlib.import_module("runtime.handlers.mcp").ENDPOINTS)
            self.authorize = importlib.import_module("runtime.handlers.authorizer").handler
            self.run_task = importlib.import_module("runtime.handlers.worker").handler
            self.login = _login()
        finally:
            sys.stdout = sys.__stdout__

    @contextmanager
    def activity(self, name: str, **invocations: int) -> Iterator[None]:
        """Measure one activity: what it makes the functions do, and which of them it invokes how often."""
        before = len(self.output.getvalue())
        with self.meter.runs() as counts:
            yield
        # The ids of API Gateway and Lambda are longer than those of the tests.
        lines = self.output.getvalue()[before:].replace(SHORT_ID, REQUEST_ID).splitlines()
        log = {"log_lines": len(lines), "log_bytes": sum(len(line.encode()) + EVENT_BYTES for line in lines)}
        self.measured[name] = {"invocations": invocations, **dict(sorted(counts.items())), **log}


def _login() -> Send:
    """Wire the login function as its handler does, but with an identity provider in memory."""
    settings, table = login_settings(), DynamoDBTable("table")
    assert settings.identity_provider
    shared = stores(table, settings.identity_provider, time.time)
    directory, authenticate = client_access(settings, shared, Fetcher(), time.time)
    keys = KeyRing(SecretsManagerKeys(settings.signing_key_arn), time.time)
    own = login_stores(table, settings.identity_provider, shared, directory.get)
    return sender(endpoints(settings, own, keys, authenticate, Provider(), time.time))


@contextmanager
def functions() -> Iterator[Functions]:
    """Create a table, a signing key and an audit log on moto, and yield the functions of the stack."""
    credentials = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "testing")
    os.environ.update(credentials, AWS_DEFAULT_REGION="eu-central-1")
    with mock_aws():
        create_table()
        create_audit_log(time.time)
        secret = boto3.client("secretsmanager").create_secret(Name="signing-key", SecretString="k" * 43)
        os.environ.update(environment(secret["ARN"]))
        yield Functions()
