"""Steps that change who may do what: every write to AWS is watched, and must leave its event in the audit log."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.client import BaseClient

from tests.support.aws import audit_events

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "PutSecretValue", "UpdateSecretVersionStage"}
WRITES |= {"RotateSecret"}
# Whatever changes one of these changes who may do what, or who is signed in.
STATE = {"client", "cutoff", "grant", "initial", "par", "person", "revoked", "secret", "session"}
# These are means: what limits, what prevents repetition, what was fetched, and a login that has not ended yet.
MEANS = {"document", "keys", "login", "once", "rate"}
# What the mcp function keeps for callers that were let in.
OF_MCP = {"exchange", "level", "task"}


def kinds(params: dict[str, Any]) -> set[str]:
    """Return the kinds of records that an AWS call writes."""
    if "SecretId" in params:
        return {"secret"}
    found = re.findall(r"'pk': (?:\{'S': )?'(\w+)#", str(params))
    assert found, params
    return set(found)


def watch_writes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the kinds of records that are written from now on, in order."""
    seen: list[str] = []
    call = BaseClient._make_api_call

    def watch(client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
        if operation in WRITES:
            seen.extend(kinds(params))
        return call(client, operation, params)

    monkeypatch.setattr(BaseClient, "_make_api_call", watch)
    return seen


@dataclass
class Walk:
    """Runs steps, and checks the events of each."""

    written: list[str]
    events: list[str] = field(default_factory=list)

    def step(self, act: Callable[[], Any], *expected: str) -> Any:
        before = len(self.written)
        result = act()
        told = [event["event"] for event in audit_events()]
        assert sorted(told) == sorted([*self.events, *expected])
        changed = set(self.written[before:]) - MEANS
        assert changed <= STATE
        assert expected or not changed, f"{changed} changed and the audit log does not say so"
        self.events = told
        return result
