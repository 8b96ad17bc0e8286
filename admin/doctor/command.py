"""The command ``doctor``: its arguments, and what it prints."""

import argparse
import signal
import ssl
import sys
from collections.abc import Callable
from types import FrameType
from urllib.parse import urlsplit

from admin.doctor import report
from admin.doctor.clients import PROFILES
from admin.doctor.examination import NoServer, check_presence, examine
from admin.doctor.finding import Verdict
from admin.doctor.identity import Registrations
from admin.doctor.session import Machine
from admin.doctor.web import Web, origin
from runtime.http.loopback import CLEARTEXT_HOSTS

TIMEOUT_SECONDS = 15.0
PASSED, FAILED, INTERRUPTED = 0, 1, 130
NAMES = tuple(profile.name.lower() for profile in PROFILES)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("url", type=mcp_url, help="the output url or mcp_url of the stack")
    parser.add_argument(
        "--client",
        action="append",
        type=str.lower,
        choices=NAMES,
        metavar="NAME",
        help=f"check only this client; may be repeated: {', '.join(NAMES)}",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, with the sources of what is claimed")
    parser.add_argument("--timeout", type=float, default=TIMEOUT_SECONDS, help="seconds for each request [15]")
    parser.add_argument(
        "--initial-token",
        action="store_true",
        help="read an initial access token from standard input, with which a machine client tries /mcp",
    )


def mcp_url(text: str) -> str:
    """Return the MCP URL that an argument means, with or without ``/mcp`` at its end."""
    try:
        parts = urlsplit(text)
        is_allowed = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in CLEARTEXT_HOSTS)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a URL") from None
    if not is_allowed or not parts.hostname:
        raise argparse.ArgumentTypeError("must be an https URL, or http on localhost or 127.0.0.1")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise argparse.ArgumentTypeError("must have no user, query or fragment")
    return text.rstrip("/").removesuffix("/mcp") + "/mcp"


def run(arguments: argparse.Namespace, read_secret: Callable[[str], str], context: ssl.SSLContext | None = None) -> int:
    """Check the server and return the exit status: 0 if every client passes, 1 if not, 130 after an interruption.

    ``context`` decides which certificates count. Whatever happens, the clients that were registered are deleted.
    """
    initial_token = read_secret("Initial access token: ") if arguments.initial_token else None
    web = Web(origin(arguments.url), arguments.timeout, context)
    registrations = Registrations(web)
    profiles = [profile for profile in PROFILES if profile.name.lower() in (arguments.client or NAMES)]
    verdicts: list[Verdict] = []
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        check_presence(arguments.url, web)
        for verdict in examine(arguments.url, profiles, web, registrations, Machine(web, registrations, initial_token)):
            verdicts.append(verdict)
            if not arguments.json:
                sys.stdout.write(f"{report.line(verdict)}\n")
    except NoServer as error:
        sys.stderr.write(f"error: {error}\n")
        return FAILED
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    finally:
        left = _delete(registrations)
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)
    if arguments.json:
        sys.stdout.write(f"{report.document(arguments.url, profiles, verdicts, left)}\n")
    elif unchecked := report.name_what_is_unchecked(verdicts):
        sys.stderr.write(f"{unchecked}\n")
    return PASSED if all(verdict.passed for verdict in verdicts) else FAILED


def _delete(registrations: Registrations) -> list[str]:
    """Delete what was registered, say which clients are left, and return their ids."""
    left = registrations.delete_all()
    for client_id in left:
        sys.stderr.write(f"warning: the doctor could not delete its client {client_id}\n")
    return left


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
