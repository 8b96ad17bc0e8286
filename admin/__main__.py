"""``python -m admin``: make and revoke initial access tokens, with the AWS credentials of whoever runs it."""

import argparse
import sys
import time
from collections.abc import Callable

from botocore.exceptions import BotoCoreError

from admin import initial_tokens
from runtime.audit import AuditEvent, AuditLog
from runtime.oauth.credentials import digest
from runtime.storage.audit_log import CloudWatchAuditLog
from runtime.storage.initial_tokens import DynamoDBInitialTokens
from runtime.storage.records import InitialTokenStore, NotThere, StoreUnavailable

LONGEST_DAYS = 3650
# An operator may be far from the region, and waits for nothing else.
PATIENCE_SECONDS = 10


def main(argv: list[str] | None = None) -> int:
    """Run one command; its exit status."""
    arguments = _parser().parse_args(argv)
    run: Callable[[InitialTokenStore, AuditLog, argparse.Namespace], int] = arguments.run
    try:
        audit = CloudWatchAuditLog(arguments.audit_log, time.time, PATIENCE_SECONDS)
        return run(DynamoDBInitialTokens(arguments.table), audit, arguments)
    except NotThere:
        return _fail("there is no such token; it may have expired or been revoked")
    except StoreUnavailable as error:
        return _fail(f"the table cannot be used: {error.__cause__}")
    except BotoCoreError as error:
        return _fail(str(error))


def _make(tokens: InitialTokenStore, audit: AuditLog, arguments: argparse.Namespace) -> int:
    token = initial_tokens.make(tokens, arguments.days, time.time)
    audit.record(AuditEvent("initial_token_made", {"token_hash": digest(token)}))
    sys.stderr.write(f"An initial access token for {arguments.days} days. It is shown this once:\n")
    sys.stdout.write(f"{token}\n")
    return 0


def _revoke(tokens: InitialTokenStore, audit: AuditLog, _arguments: argparse.Namespace) -> int:
    # A token among the arguments would be there for everybody to read in the list of processes.
    if sys.stdin.isatty():
        sys.stderr.write("The token to revoke: ")
    token = sys.stdin.readline().strip()
    initial_tokens.revoke(tokens, token)
    audit.record(AuditEvent("initial_token_revoked", {"token_hash": digest(token)}))
    sys.stderr.write("Revoked.\n")
    return 0


def _fail(reason: str) -> int:
    sys.stderr.write(f"error: {reason}\n")
    return 1


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"must be from 1 to {LONGEST_DAYS}")
    return days


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m admin", description=__doc__)
    parser.add_argument("--table", required=True, help="the stack's output table_name")
    parser.add_argument("--audit-log", required=True, help="the stack's output audit_log")
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("make-initial-token", help="make an initial access token and print it")
    make.add_argument("--days", type=_days, default=7, help="how long it is good for [7]")
    make.set_defaults(run=_make)
    revoke = commands.add_parser("revoke-initial-token", help="end the initial access token on standard input")
    revoke.set_defaults(run=_revoke)
    return parser


if __name__ == "__main__":
    sys.exit(main())
