"""Progress on the terminal, one line per step."""

import contextlib
import sys


def say(line: str) -> None:
    """Print a line. Ignore a broken pipe (``make up | head``), so that the work is finished."""
    with contextlib.suppress(BrokenPipeError):
        print(line, flush=True)  # noqa: T201 - this is the output of a command


def step(verb: str, label: str, name: str) -> None:
    """Print one step in columns: ``created  dynamodb table  remote-mcp-dev-table``."""
    say(f"  {verb:<9} {label:<20} {name}")


def fail(message: str) -> None:
    print(f"error: {message}", file=sys.stderr, flush=True)  # noqa: T201 - this is the output of a command
