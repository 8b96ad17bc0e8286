"""``python -m tests.drill``: lose a table and a signing key, and come back, as docs/restore.md says."""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import requests
from botocore.exceptions import ClientError

from local.aws import forget_environment
from local.errors import LocalError
from local.interruption import handle_signals
from local.report import fail, say
from tests.drill.life import DrillFailed
from tests.drill.restore import Drill, Step

INTERRUPTED = 130


def main() -> int:
    """Rehearse the restore on a stack of its own, and return the exit status."""
    forget_environment()
    handle_signals()
    with tempfile.TemporaryDirectory(prefix="drill-") as scratch:
        drill = Drill(Path(scratch, "stack"))
        try:
            return run_steps(drill.steps())
        except KeyboardInterrupt:
            return INTERRUPTED
        finally:
            drill.stop()


def run_steps(steps: Sequence[Step]) -> int:
    """Do the steps in order and print a line for each. Return 1 at the first one that fails, and otherwise 0."""
    began = time.monotonic()
    for number, (sentence, act) in enumerate(steps, start=1):
        started = time.monotonic()
        try:
            act()
        except (DrillFailed, AssertionError, LocalError, ClientError, requests.RequestException) as error:
            fail(f"step {number} of {len(steps)} failed: {sentence}: {error}")
            return 1
        say(f"{number:>2}  {sentence} ({time.monotonic() - started:.1f} s)")
    say(f"All {len(steps)} steps of the restore succeeded in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
