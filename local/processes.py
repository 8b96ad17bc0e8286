"""Background processes that outlive the terminal, and are recognised again later."""

import contextlib
import os
import signal
import subprocess  # nosec B404  # no call below goes through a shell
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

POLL_SECONDS = 0.05
STOP_SECONDS = 5
PROC = Path("/proc")

# A stack that is stopped by the very process that started it (as tests do) must not leave zombies behind.
_children: dict[int, subprocess.Popen[bytes]] = {}


class Process(NamedTuple):
    """A process and the moment it started, which tells it from a later one with the same pid."""

    pid: int
    started: str


def spawn(
    argv: Sequence[str], *, env: Mapping[str, str], log: Path, cwd: Path, pass_fds: Sequence[int] = ()
) -> Process:
    """Start ``argv`` in a session of its own, its output appended to ``log``."""
    with log.open("ab") as output:
        child = subprocess.Popen(  # nosec B603  # what this package starts, no shell
            argv,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=pass_fds,
        )
    _children[child.pid] = child
    return Process(child.pid, start_time(child.pid) or "")


def start_time(pid: int) -> str | None:
    """When ``pid`` started, in whatever unit the system uses; ``None`` when there is no such live process."""
    status, started = _from_proc(pid) if PROC.exists() else _from_ps(pid)
    return started if started and not status.startswith("Z") else None


def _from_proc(pid: int) -> tuple[str, str]:
    """Status and start in clock ticks since boot, which no change of the clock touches."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return "", ""
    # The command's name stands in parentheses and may hold anything, so count from the last one.
    fields = text.rpartition(")")[2].split()
    return fields[0], fields[19]


def _from_ps(pid: int) -> tuple[str, str]:
    """Status and start as a date, on systems without /proc."""
    found = subprocess.run(  # nosec B603  # the system's own program, and a number
        ["/bin/ps", "-o", "stat=", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    status, _, started = found.stdout.strip().partition(" ")
    return status, started.strip()


def is_running(process: Process) -> bool:
    """Whether exactly this process still lives, not merely one with its pid."""
    child = _children.get(process.pid)
    if child is not None and child.poll() is not None:
        return False
    return process.started != "" and start_time(process.pid) == process.started


def stop(process: Process) -> None:
    """Kill the process and everything it started; does nothing when it is gone already.

    At once and without asking: nothing that runs here has anything to save, and idle connections delay a polite end.
    """
    if not is_running(process):
        return
    # Its session made it the leader of a group, which holds everything it started.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    wait_until(lambda: not is_running(process), STOP_SECONDS)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll ``condition`` until it holds or the time is up; whether it held."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
