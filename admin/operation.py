"""Operations of an operator that change something: confirmed first, then in the audit log, and only then done."""

import argparse
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from admin.errors import CommandFailed
from admin.text import printable
from runtime.audit import AuditEvent
from runtime.records.errors import NotThere, StoreUnavailable
from runtime.storage.audit_log import CloudWatchAuditLog

# The operator may be far from the region.
PATIENCE_SECONDS = 10

Result = TypeVar("Result")


def confirm(arguments: argparse.Namespace, question: str) -> None:
    """Have the operator confirm what is about to happen; raises ``CommandFailed`` unless they do.

    ``--yes`` answers for a pipeline. Without a terminal nobody can answer, so the operation is refused.
    """
    if arguments.yes:
        return
    if not sys.stdin.isatty():
        raise CommandFailed("nothing was changed: there is no terminal to ask on; --yes answers the question")
    sys.stderr.write(f"{printable(question)} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise CommandFailed("nothing was changed")


def perform(arguments: argparse.Namespace, event: AuditEvent, act: Callable[[], Result]) -> Result:
    """Write one line in the audit log, with who the caller is in AWS, then act, and return the result.

    The line comes first, and without it nothing happens: a line about what did not happen misleads nobody for long, but
    what happened without a line is never found. If the act fails, the line ``command_failed`` says so. Raises
    ``CommandFailed`` if the line cannot be written, and what ``act`` raises.
    """
    audit = CloudWatchAuditLog(arguments.audit_log, time.time, PATIENCE_SECONDS)
    operator = str(boto3.client("sts").get_caller_identity()["Arn"])
    try:
        audit.record_first(event.with_facts({"operator": operator}))
    except StoreUnavailable as error:
        reason = error.__cause__ or "the event was rejected"
        raise CommandFailed(f"nothing was changed: cannot write to the audit log: {reason}") from error
    try:
        return act()
    except (NotThere, StoreUnavailable, CommandFailed, BotoCoreError, ClientError) as error:
        facts = {"operator": operator, "command": arguments.command, "error": type(error).__name__}
        audit.record(AuditEvent("command_failed", facts))
        raise
