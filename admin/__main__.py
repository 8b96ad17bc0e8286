"""Manage a stack with your own AWS credentials, or look at it from outside: ``python -m admin``."""

import argparse
import getpass
import re
import sys
import time
from collections.abc import Callable

from botocore.exceptions import BotoCoreError

from admin import initial_tokens
from admin.doctor import command as doctor
from runtime.audit import AuditEvent, AuditLog
from runtime.oauth.credentials import digest
from runtime.records.errors import NotThere, StoreUnavailable
from runtime.storage.audit_log import CloudWatchAuditLog
from runtime.storage.identity_provider_secret import SecretsManagerClientSecret
from runtime.storage.initial_tokens import DynamoDBInitialTokens
from runtime.storage.table import DynamoDBTable

LONGEST_DAYS = 3650
# The operator may be far from the region.
PATIENCE_SECONDS = 10
# RFC 6749 A.2. Other characters come from copying out of a web page.
CLIENT_SECRET = re.compile(r"[\x20-\x7e]+")


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    needed = {}
    if arguments.run is not _doctor:
        needed["--audit-log"] = arguments.audit_log
    if arguments.run in ON_TABLE:
        needed["--table"] = arguments.table
    if None in needed.values():
        parser.error(f"this command needs {' and '.join(sorted(needed))}")
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except NotThere:
        return _fail("this token does not exist; it may have expired or been revoked")
    except StoreUnavailable as error:
        store = "table" if arguments.run in ON_TABLE else "secret"
        return _fail(f"cannot use the {store}: {error.__cause__}")
    except BotoCoreError as error:
        return _fail(str(error))


def _make_initial_token(arguments: argparse.Namespace) -> int:
    token = initial_tokens.create_initial_token(
        DynamoDBInitialTokens(DynamoDBTable(arguments.table)), arguments.days, time.time
    )
    _audit_log(arguments).record(AuditEvent("initial_token_made", {"token_hash": digest(token)}))
    sys.stderr.write(f"Initial access token, valid for {arguments.days} days. It is shown only once:\n")
    sys.stdout.write(f"{token}\n")
    return 0


def _revoke_initial_token(arguments: argparse.Namespace) -> int:
    token = _read_secret("Token to revoke: ")
    initial_tokens.revoke_initial_token(DynamoDBInitialTokens(DynamoDBTable(arguments.table)), token)
    _audit_log(arguments).record(AuditEvent("initial_token_revoked", {"token_hash": digest(token)}))
    sys.stderr.write("Revoked.\n")
    return 0


def _audit_log(arguments: argparse.Namespace) -> AuditLog:
    return CloudWatchAuditLog(arguments.audit_log, time.time, PATIENCE_SECONDS)


def _set_upstream_secret(arguments: argparse.Namespace) -> int:
    value = _read_secret("Client secret at the identity provider: ")
    if not CLIENT_SECRET.fullmatch(value):
        return _fail("a client secret consists of printable ASCII characters and is not empty")
    SecretsManagerClientSecret(arguments.secret).write(value)
    _audit_log(arguments).record(AuditEvent("upstream_secret_set"))
    sys.stderr.write("Saved.\n")
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    return doctor.run(arguments, _read_secret)


def _read_secret(question: str) -> str:
    """Read a secret from standard input: an argument would be visible in the list of processes."""
    line = getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline()
    return line.strip(" \t\r\n")


ON_TABLE = (_make_initial_token, _revoke_initial_token)


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
    parser.add_argument("--table", help="the output table_name of the stack")
    parser.add_argument("--audit-log", help="the output audit_log of the stack")
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("make-initial-token", help="create an initial access token and print it")
    make.add_argument("--days", type=_days, default=7, help="how many days the token is valid [7]")
    make.set_defaults(run=_make_initial_token)
    revoke = commands.add_parser(
        "revoke-initial-token", help="revoke an initial access token, read from standard input"
    )
    revoke.set_defaults(run=_revoke_initial_token)
    secret = commands.add_parser(
        "set-upstream-secret", help="set the client secret at the identity provider, read from standard input"
    )
    secret.add_argument("secret", help="the output upstream_secret_name of the stack")
    secret.set_defaults(run=_set_upstream_secret)
    examination = commands.add_parser("doctor", help="check from outside what each client would see")
    doctor.add_arguments(examination)
    examination.set_defaults(run=_doctor)
    return parser


if __name__ == "__main__":
    sys.exit(main())
