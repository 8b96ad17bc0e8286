"""The arguments of the commands for incidents."""

import argparse
from collections.abc import Callable
from typing import Any

from admin.incidents import command
from admin.incidents.scan import DEFAULT_RATE

Run = Callable[[argparse.Namespace], int]


def add_commands(commands: Any) -> None:
    """Add the commands to the subparsers of ``python -m admin``."""
    _add(commands, "list-clients", command.list_clients, "list all clients", "table", reads=True)
    show = _add(commands, "show-client", command.show_client, "show a client and its users", "table", reads=True)
    show.add_argument("client", metavar="CLIENT", help="the client id")
    _add(commands, "list-access", command.list_access, "list who has access to what", "table", reads=True)
    for name, run in (("disable-client", command.disable_client), ("enable-client", command.enable_client)):
        one = _add(commands, name, run, f"{name.partition('-')[0]} a client", "audit_log", "table")
        one.add_argument("client", metavar="CLIENT", help="the client id, which may be the URL of a metadata document")
    remove = _add(
        commands,
        "remove-user",
        command.remove_user,
        "end a user's access everywhere and delete their data",
        "audit_log",
        "table",
    )
    _add_rate(remove)
    who = remove.add_mutually_exclusive_group(required=True)
    who.add_argument("--email", help="the address that the account page shows")
    who.add_argument("--subject", help="the subject at the identity provider")
    revoke = _add(
        commands,
        "revoke-issued-before",
        command.revoke_issued_before,
        "revoke all tokens, codes and sessions that were issued before a moment",
        "audit_log",
        "table",
    )
    revoke.add_argument("moment", metavar="MOMENT", help="now, or a time like 2026-01-31T12:00:00Z")
    rotate = _add(
        commands,
        "rotate-signing-key",
        command.rotate_signing_key,
        "rotate the signing key now",
        "audit_log",
        "signing_key",
    )
    rotate.add_argument("--twice", action="store_true", help="the key has leaked: end what it signed, too")


def _add(commands: Any, name: str, run: Run, text: str, *needs: str, reads: bool = False) -> argparse.ArgumentParser:
    """Add a command that reads, with ``--json``, or one that asks before it changes something, with ``--yes``."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text)
    parser.set_defaults(run=run, needs=needs)
    if reads:
        parser.add_argument("--json", action="store_true", help="print one JSON object per line")
        _add_rate(parser)
    else:
        parser.add_argument("--yes", action="store_true", help="do not ask")
    return parser


def _add_rate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rate", type=_rate, default=DEFAULT_RATE, help=f"how many read units to use in a second [{DEFAULT_RATE}]"
    )


def _rate(text: str) -> int:
    rate = int(text)
    if rate < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return rate
