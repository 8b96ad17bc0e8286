"""The secrets that a stack makes for its tools: setting their values, and telling which have none."""

import argparse
import getpass
import re
import sys
from typing import Any

from admin.errors import CommandFailed
from admin.operation import perform
from runtime.audit import AuditEvent
from runtime.storage.app_secrets import has_value, write_app_secret

# Secrets Manager, PutSecretValue: SecretString.
MOST_BYTES = 65536
ELSEWHERE = "a secret that needs.py names by its ARN is set where it is kept"


def add_commands(commands: Any) -> None:
    """Add the commands to the subparsers of ``python -m admin``."""
    setting = commands.add_parser(
        "set-secret", help="set the value of a secret of your tools, read from standard input"
    )
    setting.add_argument("name", metavar="NAME", help="the name that needs.py gives the secret")
    setting.add_argument("--arn", help="its ARN, which the output app_secrets of the stack has")
    setting.set_defaults(run=set_secret, needs=("audit_log",))
    listing = commands.add_parser("list-secrets", help="list the secrets of your tools, and which have no value")
    listing.set_defaults(run=list_secrets, needs=())


def set_secret(arguments: argparse.Namespace) -> int:
    """Write the value of a secret. Raise ``CommandFailed`` for one that the stack does not make, or for no value."""
    arn = arguments.arn or _find_arn(arguments)
    value = read_value(f"Value of {arguments.name}: ")
    if not value.strip():
        raise CommandFailed("nothing was changed: the value is empty")
    if len(value.encode()) > MOST_BYTES:
        raise CommandFailed(f"nothing was changed: the value has more than {MOST_BYTES} bytes, which AWS allows")
    if value != value.strip():
        sys.stderr.write("note: the value starts or ends with a space or a line break, which is kept\n")
    event = AuditEvent("app_secret_set", {"secret": arguments.name})
    perform(arguments, event, lambda: write_app_secret(arn, value))
    sys.stderr.write("Saved. A function that has read an earlier value uses it for up to five minutes.\n")
    return 0


def list_secrets(arguments: argparse.Namespace) -> int:
    """List the secrets that the stack makes, and how to set those without a value."""
    secrets = dict(arguments.app_secrets or {})
    if not secrets:
        sys.stderr.write("The stack makes no secrets.\n")
    width = max(map(len, secrets), default=0)
    for name, arn in sorted(secrets.items()):
        state = "has a value" if has_value(arn) else f"has no value; set it: python -m admin set-secret {name}"
        sys.stdout.write(f"{name:<{width}}  {state}\n")
    return 0


def read_value(question: str) -> str:
    """Read a value: a line from a terminal, else all of standard input without the one line break that ends it.

    An argument would be visible in the list of processes.
    """
    if sys.stdin.isatty():
        return getpass.getpass(question)
    return re.sub(r"\r?\n\Z", "", sys.stdin.read())


def _find_arn(arguments: argparse.Namespace) -> str:
    secrets = dict(arguments.app_secrets or {})
    if arguments.name in secrets:
        return str(secrets[arguments.name])
    made = f"it makes {', '.join(sorted(secrets))}" if secrets else "name --stack, or --arn"
    raise CommandFailed(f"the stack makes no secret {arguments.name}; {made}; {ELSEWHERE}")
