"""Progress on the terminal: one plain line for every step."""

import contextlib
import sys


def say(line: str) -> None:
    """Print a line. That nobody reads any more (``make up | head``) is no reason to leave work half done."""
    with contextlib.suppress(BrokenPipeError):
        print(line, flush=True)  # noqa: T201 - this is the output of a command


def step(verb: str, label: str, name: str) -> None:
    """One thing that was done, in columns: ``created  dynamodb table  remote-mcp-dev-table``."""
    say(f"  {verb:<9} {label:<20} {name}")


def fail(message: str) -> None:
    print(f"error: {message}", file=sys.stderr, flush=True)  # noqa: T201 - the one line a failure leaves
