"""A stack on moto, and what runs ``python -m admin`` on it."""

import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from admin.__main__ import main
from runtime.storage.table import DynamoDBTable
from tests.support.aws import create_audit_log, create_table

# Who moto says is calling.
OPERATOR = "arn:aws:sts::123456789012:user/moto"


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    def lines(self) -> list[dict[str, Any]]:
        """Return the JSON objects on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Said]


@pytest.fixture
def store(aws: None) -> DynamoDBTable:
    create_audit_log(time.time)
    return create_table()


@pytest.fixture
def run(store: DynamoDBTable, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the stack. ``answer`` is what the operator types at a terminal, without which there is none."""

    def command(*arguments: str, answer: str | None = None) -> Said:
        terminal = io.StringIO(answer or "")
        monkeypatch.setattr(terminal, "isatty", lambda: answer is not None)
        monkeypatch.setattr("sys.stdin", terminal)
        status = main(["--table", "table", "--audit-log", "audit", *arguments])
        printed = capsys.readouterr()
        return Said(status, printed.out, printed.err)

    return command
