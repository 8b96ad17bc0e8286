"""``python -m admin``: what an operator does to a stack, with the AWS credentials of whoever runs it."""

import argparse
import getpass
import re
import sys
import time
from collections.abc import Callable

from botocore.exceptions import BotoCoreError

from admin import initial_tokens
from runtime.audit import AuditEvent, AuditLog
from runtime.oauth.credentials import digest
from runtime.records.errors import NotThere, StoreUnavailable
from runtime.storage.audit_log import CloudWatchAuditLog
from runtime.storage.identity_provider_secret import SecretsManagerClientSecret
from runtime.storage.initial_tokens import DynamoDBInitialTokens
from runtime.storage.table import DynamoDBTable

LONGEST_DAYS = 3650
# An operator may be far from the region, and waits for nothing else.
PATIENCE_SECONDS = 10
# RFC 6749 A.2. What else a page may add to what is copied from it is no part of a secret.
CLIENT_SECRET = re.compile(r"[\x20-\x7e]+")


def main(argv: list[str] | None = None) -> int:
    """Run one command; its exit status."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    needed = {"--audit-log": arguments.audit_log}
    if arguments.run in ON_TABLE:
        needed["--table"] = arguments.table
    if None in needed.values():
        parser.error(f"this command needs {' and '.join(sorted(needed))}")
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except NotThere:
        return _fail("there is no such token; it may have expired or been revoked")
    except StoreUnavailable as error:
        store = "table" if arguments.run in ON_TABLE else "secret"
        return _fail(f"the {store} cannot be used: {error.__cause__}")
    except BotoCoreError as error:
        return _fail(str(error))


def _make(arguments: argparse.Namespace) -> int:
    token = initial_tokens.make(DynamoDBInitialTokens(DynamoDBTable(arguments.table)), arguments.days, time.time)
    _audit(arguments).record(AuditEvent("initial_token_made", {"token_hash": digest(token)}))
    sys.stderr.write(f"An initial access token for {arguments.days} days. It is shown this once:\n")
    sys.stdout.write(f"{token}\n")
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    token = _asked("The token to revoke: ")
    initial_tokens.revoke(DynamoDBInitialTokens(DynamoDBTable(arguments.table)), token)
    _audit(arguments).record(AuditEvent("initial_token_revoked", {"token_hash": digest(token)}))
    sys.stderr.write("Revoked.\n")
    return 0


def _audit(arguments: argparse.Namespace) -> AuditLog:
    return CloudWatchAuditLog(arguments.audit_log, time.time, PATIENCE_SECONDS)


def _set_upstream_secret(arguments: argparse.Namespace) -> int:
    value = _asked("The client secret that the identity provider gave out: ")
    if not CLIENT_SECRET.fullmatch(value):
        return _fail("a client secret is not empty, and is made of printable ASCII characters")
    SecretsManagerClientSecret(arguments.secret).write(value)
    _audit(arguments).record(AuditEvent("upstream_secret_set"))
    sys.stderr.write("Kept.\n")
    return 0


def _asked(question: str) -> str:
    """A line of standard input: among the arguments it would be in the list of processes, for everybody to read."""
    line = getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline()
    return line.strip(" \t\r\n")


ON_TABLE = (_make, _revoke)


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
    parser.add_argument("--table", help="the stack's output table_name")
    parser.add_argument("--audit-log", help="the stack's output audit_log")
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("make-initial-token", help="make an initial access token and print it")
    make.add_argument("--days", type=_days, default=7, help="how long it is good for [7]")
    make.set_defaults(run=_make)
    revoke = commands.add_parser("revoke-initial-token", help="end the initial access token on standard input")
    revoke.set_defaults(run=_revoke)
    secret = commands.add_parser("set-upstream-secret", help="keep the client secret on standard input")
    secret.add_argument("secret", help="the stack's output upstream_secret_name")
    secret.set_defaults(run=_set_upstream_secret)
    return parser


if __name__ == "__main__":
    sys.exit(main())
