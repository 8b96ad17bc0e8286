"""Tests of interrupting a stack while it starts."""

import signal
import subprocess
import sys
from pathlib import Path

from local.processes import wait_until
from local.program import ROOT

# A test run that starts a stack and is interrupted, by the signal of a terminal, once the emulator is being started.
HARNESS = """
import sys
from pathlib import Path
from tests.support.local_stack import LocalStack
from local.interruption import handle_signals

handle_signals()
with LocalStack(Path(sys.argv[1])):
    print("never interrupted")
"""


def find_processes(directory: Path) -> list[int]:
    """Return the processes whose home is ``directory``."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if f"HOME={directory}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def test_a_stack_that_is_interrupted_while_it_starts_leaves_nothing_behind(tmp_path: Path) -> None:
    directory = tmp_path / "stack"
    with subprocess.Popen(
        [sys.executable, "-c", HARNESS, str(directory)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert wait_until(lambda: bool(find_processes(directory)), 60)
        run.send_signal(signal.SIGINT)
        output, _ = run.communicate(timeout=60)
    assert output == b""
    assert run.returncode != 0
    assert find_processes(directory) == []
    assert not directory.exists()
